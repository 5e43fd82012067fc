package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ClassicGroupDescription;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeClassicGroupsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeShareGroupsOptions;
import org.apache.kafka.clients.admin.DescribeStreamsGroupsOptions;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ShareGroupDescription;
import org.apache.kafka.clients.admin.StreamsGroupDescription;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;

/** What descriptions of groups say that their listing does not. Each type has its own call. */
final class GroupDetails {

  private final Admin admin;
  private final Gaps gaps;
  private final Answers answers;

  GroupDetails(Admin admin, Gaps gaps, Answers answers) {
    this.admin = admin;
    this.gaps = gaps;
    this.answers = answers;
  }

  /**
   * What is told.
   *
   * @param members -1 where that may not be seen
   */
  record Details(Optional<GroupState> state, String assignor, int members) {

    static final Details UNSEEN = new Details(Optional.empty(), "", -1);

    static Details of(ClassicGroupDescription told) {
      Optional<GroupState> state = Optional.of(GroupState.parse(told.state().toString()));
      return new Details(state, told.protocolData(), told.members().size());
    }

    static Details of(ConsumerGroupDescription told) {
      return new Details(
          Optional.of(told.groupState()), told.partitionAssignor(), told.members().size());
    }

    static Details of(ShareGroupDescription told) {
      return new Details(Optional.of(told.groupState()), "", told.members().size());
    }

    static Details of(StreamsGroupDescription told) {
      return new Details(Optional.of(told.groupState()), "", told.members().size());
    }
  }

  /** By id, without those that are gone. */
  Map<String, Details> of(List<GroupListing> groups) throws BackupException, InterruptedException {
    Map<String, Details> all = new HashMap<>();
    List<String> classic = ids(groups, GroupType.CLASSIC);
    if (!classic.isEmpty()) {
      collect(
          admin
              .describeClassicGroups(classic, answers.within(new DescribeClassicGroupsOptions()))
              .describedGroups(),
          Details::of,
          all);
    }
    List<String> consumer = ids(groups, GroupType.CONSUMER);
    if (!consumer.isEmpty()) {
      collect(
          admin
              .describeConsumerGroups(consumer, answers.within(new DescribeConsumerGroupsOptions()))
              .describedGroups(),
          Details::of,
          all);
    }
    List<String> share = ids(groups, GroupType.SHARE);
    if (!share.isEmpty()) {
      collect(
          admin
              .describeShareGroups(share, answers.within(new DescribeShareGroupsOptions()))
              .describedGroups(),
          Details::of,
          all);
    }
    List<String> streams = ids(groups, GroupType.STREAMS);
    if (!streams.isEmpty()) {
      collect(
          admin
              .describeStreamsGroups(streams, answers.within(new DescribeStreamsGroupsOptions()))
              .describedGroups(),
          Details::of,
          all);
    }
    ids(groups, GroupType.UNKNOWN).forEach(each -> all.put(each, Details.UNSEEN));
    return all;
  }

  /** Brokers that tell no types have classic groups only. */
  private static List<String> ids(List<GroupListing> groups, GroupType type) {
    return groups.stream()
        .filter(each -> each.type().orElse(GroupType.CLASSIC) == type)
        .map(GroupListing::groupId)
        .toList();
  }

  private <D> void collect(
      Map<String, KafkaFuture<D>> told, Function<D, Details> reading, Map<String, Details> all)
      throws BackupException, InterruptedException {
    for (Map.Entry<String, KafkaFuture<D>> each : told.entrySet()) {
      try {
        Permission needed = Permission.group("Describe", each.getKey());
        all.put(
            each.getKey(),
            gaps.ask("group " + each.getKey(), needed, answers, each.getValue())
                .map(reading)
                .orElse(Details.UNSEEN));
      } catch (BackupException failure) {
        if (failure.kind() != BackupException.Kind.NOT_FOUND) {
          throw failure;
        }
      }
    }
  }
}
