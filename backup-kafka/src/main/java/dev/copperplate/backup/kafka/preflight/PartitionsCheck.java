package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import java.util.List;
import java.util.function.Predicate;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicPartitionInfo;
import org.jspecify.annotations.Nullable;

/** Whether all partitions have leaders, and all replicas what they should have. */
final class PartitionsCheck implements PreflightCheck {

  private final List<SeenTopic> topics;
  private final Commands commands;

  PartitionsCheck(List<SeenTopic> topics, Commands commands) {
    this.topics = topics;
    this.commands = commands;
  }

  @Override
  public String subject() {
    return "partitions";
  }

  @Override
  public void look(List<Finding> findings) {
    List<String> offline = names(PartitionsCheck::isOffline);
    if (!offline.isEmpty()) {
      findings.add(
          Finding.error(
              subject(),
              "No broker leads " + Names.of("partition", offline) + ": nobody can read there",
              commands.run("kafka-topics", "--describe --unavailable-partitions")));
    }
    List<String> behind =
        names(each -> !isOffline(each) && each.isr().size() < each.replicas().size());
    if (!behind.isEmpty()) {
      findings.add(
          Finding.warning(
              subject(),
              "Replicas are behind in "
                  + Names.of("partition", behind)
                  + ": if their leaders fail, what was backed up may not be there",
              commands.run("kafka-topics", "--describe --under-replicated-partitions")));
    }
  }

  private static boolean isOffline(TopicPartitionInfo partition) {
    @Nullable Node leader = partition.leader();
    return leader == null || leader.isEmpty();
  }

  private List<String> names(Predicate<TopicPartitionInfo> which) {
    return topics.stream()
        .flatMap(
            topic ->
                topic.partitions().stream()
                    .filter(which)
                    .map(each -> topic.name() + "-" + each.partition()))
        .toList();
  }
}
