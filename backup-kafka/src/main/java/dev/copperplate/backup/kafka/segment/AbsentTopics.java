package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.cluster.PartitionMetadata;
import java.nio.file.Path;
import java.util.Collection;
import java.util.stream.Collectors;

/** Says how topics are made of which a broker has no partition. */
record AbsentTopics(Collection<StoredTopic> topics, Path logDirectory) {

  private static final int NAMED = 3;

  BackupException exception() {
    if (topics.isEmpty()) {
      return new BackupException(
          Kind.NOT_FOUND, "The snapshot holds none of the topics that were chosen: choose others");
    }
    return new BackupException(
        Kind.NOT_FOUND,
        logDirectory
            + " has no directory of any partition that was chosen. Create the topics while the"
            + " brokers run, and stop these then: with one replica by the snapshot's"
            + " /cluster/create-topics.sh (bootstrap=HOST:PORT sh create-topics.sh); with the"
            + " replicas that they had, or on brokers of other numbers, by\n"
            + topics.stream().limit(NAMED).map(AbsentTopics::command).collect(Collectors.joining())
            + (topics.size() > NAMED ? "and so on. " : "")
            + "The settings that they had are in /topics/TOPIC/topic.json");
  }

  private static String command(StoredTopic topic) {
    return "kafka-topics.sh --bootstrap-server HOST:PORT --create --topic "
        + topic.name()
        + " --replica-assignment "
        + topic.metadata().partitions().stream()
            .map(AbsentTopics::replicas)
            .collect(Collectors.joining(","))
        + "\n";
  }

  private static String replicas(PartitionMetadata partition) {
    return partition.replicas().stream().map(String::valueOf).collect(Collectors.joining(":"));
  }
}
