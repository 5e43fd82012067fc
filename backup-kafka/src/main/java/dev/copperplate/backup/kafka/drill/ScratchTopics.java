package dev.copperplate.backup.kafka.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.TopicPartition;

/**
 * What of a snapshot a drill restores.
 *
 * @param topics how many partitions each gets
 * @param partitions those that are held, in order
 */
record ScratchTopics(Map<String, Integer> topics, Map<TopicPartition, StoredPartition> partitions) {

  /** Nothing of what comes back may go before it was looked at. */
  private static final Map<String, String> KEPT =
      Map.of("retention.ms", "-1", "retention.bytes", "-1", "cleanup.policy", "delete");

  static ScratchTopics of(StoredTopics stored, DrillChoices choices) throws IOException {
    Map<String, Integer> topics = new LinkedHashMap<>();
    Map<TopicPartition, StoredPartition> partitions = new LinkedHashMap<>();
    try {
      for (String each : stored.names()) {
        TopicMetadata told = stored.topic(each);
        if (choices.topics().includes(each, told.internal()) && !told.internal()) {
          topic(stored, told, topics, partitions);
        }
      }
    } catch (BackupException absent) {
      // The snapshot names it itself, so that it is the snapshot that is broken.
      throw absent.kind() == Kind.NOT_FOUND
          ? new BackupException(Kind.MISSING, String.valueOf(absent.getMessage()), absent)
          : absent;
    }
    if (topics.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "No drill was made: the snapshot has none of " + choices.topics() + ". Choose others");
    }
    return new ScratchTopics(topics, partitions);
  }

  private static void topic(
      StoredTopics stored,
      TopicMetadata told,
      Map<String, Integer> topics,
      Map<TopicPartition, StoredPartition> partitions)
      throws IOException {
    List<Integer> numbers = stored.partitions(told.name());
    int greatest = numbers.stream().max(Comparator.naturalOrder()).orElse(0);
    topics.put(told.name(), Math.max(greatest + 1, told.partitions().size()));
    for (int each : numbers) {
      partitions.put(new TopicPartition(told.name(), each), stored.partition(told.name(), each));
    }
  }

  /** What a broker is asked to create. */
  List<NewTopic> created() {
    List<NewTopic> all = new ArrayList<>();
    topics.forEach((name, count) -> all.add(new NewTopic(name, count, (short) 1).configs(KEPT)));
    return all;
  }

  long bytes() {
    return partitions.values().stream().mapToLong(StoredPartition::bytes).sum();
  }
}
