package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import dev.copperplate.backup.kafka.layout.TopicNames;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The topics and partitions of a snapshot that go onto a disk. */
final class ChosenTopics {

  private final SnapshotReader snapshot;
  private final StoredTopics stored;

  ChosenTopics(SnapshotReader snapshot) {
    this.snapshot = snapshot;
    this.stored = new StoredTopics(snapshot);
  }

  /**
   * The topics that were chosen, in the order of their names.
   *
   * @throws BackupException {@code NOT_FOUND} if a named one is not in the snapshot, {@code
   *     INVALID} if they cannot have the new names
   */
  List<StoredTopic> chosen(SegmentChoices choices) throws IOException {
    List<StoredTopic> chosen = new ArrayList<>();
    List<String> all = new ArrayList<>();
    Set<String> names = new HashSet<>();
    for (String each : stored.names()) {
      TopicMetadata metadata = stored.topic(each);
      all.add(metadata.name());
      if (choices.topics().includes(metadata.name(), metadata.internal())) {
        String name = legal(choices.names().apply(metadata.name()), metadata.name());
        if (!names.add(name)) {
          throw new BackupException(
              Kind.INVALID, "Two topics cannot both become " + name + ": give them other names");
        }
        chosen.add(new StoredTopic(metadata, name, stored.partitions(each)));
      }
    }
    requireAll(choices.topics().missing(all));
    return chosen;
  }

  private void requireAll(List<String> missing) throws BackupException {
    if (!missing.isEmpty()) {
      throw new BackupException(
          Kind.NOT_FOUND,
          "Snapshot "
              + snapshot.snapshot().run()
              + " does not hold the topics "
              + String.join(", ", missing)
              + ": choose others, or another snapshot");
    }
  }

  private static String legal(String name, String stored) throws BackupException {
    if (!TopicNames.isLegal(name)) {
      throw new BackupException(
          Kind.INVALID,
          "Topic "
              + stored
              + " cannot be called '"
              + name
              + "': up to 249 letters, digits, dots, underscores and hyphens");
    }
    return name;
  }

  /** What the snapshot holds of a partition. */
  StoredPartition partition(StoredTopic topic, int number) throws IOException {
    return stored.partition(topic.stored(), number);
  }
}
