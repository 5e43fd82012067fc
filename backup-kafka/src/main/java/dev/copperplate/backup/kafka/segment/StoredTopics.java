package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.cluster.Document;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.Documents;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Reads which topics and partitions a snapshot has. Names in it are not trusted. */
final class StoredTopics {

  /** What brokers let topics be called. */
  private static final Pattern LEGAL = Pattern.compile("(?!\\.{1,2}$)[a-zA-Z0-9._-]{1,249}");

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

  private final SnapshotReader snapshot;

  StoredTopics(SnapshotReader snapshot) {
    this.snapshot = snapshot;
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
    for (Entry each : directories(TopicPaths.TOPICS)) {
      TopicMetadata metadata = metadata(each.path());
      all.add(metadata.name());
      if (choices.topics().includes(metadata.name(), metadata.internal())) {
        String name = legal(choices.names().apply(metadata.name()), metadata.name());
        if (!names.add(name)) {
          throw new BackupException(
              Kind.INVALID, "Two topics cannot both become " + name + ": give them other names");
        }
        chosen.add(new StoredTopic(metadata, name, partitions(metadata.name())));
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
    if (!LEGAL.matcher(name).matches()) {
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

  private TopicMetadata metadata(EntryPath directory) throws IOException {
    String name;
    try {
      name = TopicPaths.topicName(directory);
    } catch (IllegalArgumentException malformed) {
      throw damaged(directory, "is of no topic", malformed);
    }
    List<TopicMetadata> read =
        Document.topic(TopicPaths.topicDocument(name)).read(snapshot).orElse(List.of());
    if (read.size() != 1 || !read.get(0).name().equals(name)) {
      throw damaged(directory, "does not say what topic it is of", null);
    }
    return read.get(0);
  }

  private List<Integer> partitions(String topic) throws IOException {
    List<Integer> partitions = new ArrayList<>();
    for (Entry each : directories(TopicPaths.topic(topic))) {
      String name = each.path().name().toString();
      if (!NUMBER.matcher(name).matches()) {
        throw damaged(each.path(), "is of no partition", null);
      }
      partitions.add(Integer.valueOf(name));
    }
    return partitions.stream().sorted().toList();
  }

  private List<Entry> directories(EntryPath of) throws IOException {
    List<Entry> directories = new ArrayList<>();
    if (snapshot.entry(of).isEmpty()) {
      return directories;
    }
    try (Cursor<Entry> entries = snapshot.walk(of, 1)) {
      for (Entry each = entries.next(); each != null; each = entries.next()) {
        if (each.type() == EntryType.DIRECTORY) {
          directories.add(each);
        }
      }
    }
    return directories;
  }

  /** What the snapshot holds of a partition. */
  StoredPartition partition(StoredTopic topic, int number) throws IOException {
    EntryPath path = TopicPaths.partitionDocument(topic.stored(), number);
    Entry entry =
        snapshot
            .entry(path)
            .filter(each -> each.type() == EntryType.FILE)
            .orElseThrow(() -> damaged(path, "is missing", null));
    try (InputStream in = snapshot.open(entry, ByteRange.ALL)) {
      StoredPartition read = Documents.readPartition(in, path.toString());
      if (read.partition() != number) {
        throw damaged(path, "is of partition " + read.partition(), null);
      }
      return read;
    }
  }

  private static BackupException damaged(EntryPath path, String why, @Nullable Throwable cause) {
    return new BackupException(
        Kind.DAMAGED, path + " in the snapshot " + why + ": use another snapshot", cause);
  }
}
