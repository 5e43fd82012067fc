package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.kafka.cluster.Answers;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.DescribeStreamsGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** Whether the user may see the offsets of groups. Those that may not be listed nobody shows. */
final class StoredGroupsCheck implements PreflightCheck {

  private final Admin admin;
  private final Answers answers;
  private final Commands commands;
  private final Shortfall shortfall = new Shortfall();

  StoredGroupsCheck(Admin admin, Answers answers, Commands commands) {
    this.admin = admin;
    this.answers = answers;
    this.commands = commands;
  }

  @Override
  public String subject() {
    return "groups to back up";
  }

  @Override
  public void look(List<Finding> findings) throws BackupException, InterruptedException {
    try {
      Optional<Collection<GroupListing>> listed =
          Sight.ask(
              answers,
              "Listing groups",
              admin.listGroups(answers.within(new ListGroupsOptions())).all());
      if (listed.isPresent()) {
        look(listed.get());
      }
      shortfall.report(subject(), "group", commands, findings);
    } catch (LinkageError older) { // the check of kafka-clients says so
      findings.add(Finding.info(subject(), "These kafka-clients cannot look at all groups"));
    }
  }

  private void look(Collection<GroupListing> groups) throws BackupException, InterruptedException {
    List<String> classic = ids(groups, GroupType.CLASSIC);
    if (!classic.isEmpty()) {
      DescribeClassicGroupsOptions options = answers.within(new DescribeClassicGroupsOptions());
      collect(
          admin
              .describeClassicGroups(classic, options.includeAuthorizedOperations(true))
              .describedGroups(),
          ClassicGroupDescription::authorizedOperations);
    }
    List<String> consumer = ids(groups, GroupType.CONSUMER);
    if (!consumer.isEmpty()) {
      DescribeConsumerGroupsOptions options = answers.within(new DescribeConsumerGroupsOptions());
      collect(
          admin
              .describeConsumerGroups(consumer, options.includeAuthorizedOperations(true))
              .describedGroups(),
          ConsumerGroupDescription::authorizedOperations);
    }
    List<String> share = ids(groups, GroupType.SHARE);
    if (!share.isEmpty()) {
      DescribeShareGroupsOptions options = answers.within(new DescribeShareGroupsOptions());
      collect(
          admin
              .describeShareGroups(share, options.includeAuthorizedOperations(true))
              .describedGroups(),
          ShareGroupDescription::authorizedOperations);
    }
    List<String> streams = ids(groups, GroupType.STREAMS);
    if (!streams.isEmpty()) {
      DescribeStreamsGroupsOptions options = answers.within(new DescribeStreamsGroupsOptions());
      collect(
          admin
              .describeStreamsGroups(streams, options.includeAuthorizedOperations(true))
              .describedGroups(),
          StreamsGroupDescription::authorizedOperations);
    }
  }

  /** Brokers that tell no types have classic groups only. */
  private static List<String> ids(Collection<GroupListing> groups, GroupType type) {
    return groups.stream()
        .filter(each -> each.type().orElse(GroupType.CLASSIC) == type)
        .map(GroupListing::groupId)
        .sorted()
        .toList();
  }

  private <D> void collect(
      Map<String, KafkaFuture<D>> told, Function<D, @Nullable Set<AclOperation>> allowed)
      throws BackupException, InterruptedException {
    for (Map.Entry<String, KafkaFuture<D>> each : told.entrySet()) {
      try {
        Optional<D> seen =
            Sight.ask(answers, "Describing group '" + each.getKey() + "'", each.getValue());
        @Nullable Set<AclOperation> operations =
            seen.isPresent() ? allowed.apply(seen.get()) : Set.of();
        if (operations != null) {
          shortfall.add(each.getKey(), Needs.ofStoredGroup(), operations);
        }
      } catch (BackupException failure) {
        if (failure.kind() != BackupException.Kind.NOT_FOUND) { // gone in between
          throw failure;
        }
      }
    }
  }
}
