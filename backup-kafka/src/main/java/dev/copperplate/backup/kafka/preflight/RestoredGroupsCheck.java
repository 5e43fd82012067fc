package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.kafka.cluster.Answers;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** Whether offsets of groups can be committed: nobody may work in them. */
final class RestoredGroupsCheck implements PreflightCheck {

  private final Admin admin;
  private final Answers answers;
  private final List<String> groups;
  private final Commands commands;
  private final Shortfall shortfall = new Shortfall();

  RestoredGroupsCheck(Admin admin, Answers answers, List<String> groups, Commands commands) {
    this.admin = admin;
    this.answers = answers;
    this.groups = groups;
    this.commands = commands;
  }

  @Override
  public String subject() {
    return "groups to restore";
  }

  @Override
  public void look(List<Finding> findings) throws BackupException, InterruptedException {
    Map<String, KafkaFuture<ConsumerGroupDescription>> told =
        admin
            .describeConsumerGroups(
                groups,
                answers
                    .within(new DescribeConsumerGroupsOptions())
                    .includeAuthorizedOperations(true))
            .describedGroups();
    for (String each : told.keySet().stream().sorted().toList()) {
      look(each, Objects.requireNonNull(told.get(each)), findings);
    }
    shortfall.report(subject(), "group", commands, findings);
  }

  private void look(
      String group, KafkaFuture<ConsumerGroupDescription> answer, List<Finding> findings)
      throws BackupException, InterruptedException {
    try {
      Optional<ConsumerGroupDescription> seen =
          Sight.ask(answers, "Describing group '" + group + "'", answer);
      @Nullable Set<AclOperation> allowed =
          seen.isPresent() ? seen.get().authorizedOperations() : Set.of();
      if (allowed != null) {
        shortfall.add(group, Needs.ofRestoredGroup(), allowed);
      }
      seen.filter(each -> !isIdle(each)).ifPresent(each -> findings.add(active(each)));
    } catch (BackupException failure) {
      if (failure.kind() != BackupException.Kind.NOT_FOUND) {
        throw failure;
      }
      findings.add(
          new Finding(
              Severity.INFO,
              subject(),
              "Group '" + group + "' is not there: what the user may do with it is seen then only",
              commands.grant(
                  Needs.ofRestoredGroup().operations().keySet(), "group", List.of(group))));
    }
  }

  private static boolean isIdle(ConsumerGroupDescription group) {
    return group.groupState() == GroupState.EMPTY || group.groupState() == GroupState.DEAD;
  }

  private Finding active(ConsumerGroupDescription group) {
    return Finding.error(
        subject(),
        "Group '"
            + group.groupId()
            + "' is "
            + group.groupState()
            + " with "
            + group.members().size()
            + " members: brokers take no offsets for it from others. Stop its consumers",
        commands.run("kafka-consumer-groups", "--describe --members --group", group.groupId()));
  }
}
