package dev.copperplate.backup.kafka.layout;

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
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/**
 * Which topics and partitions a snapshot has, and their documents. What is named and is not there
 * is {@code NOT_FOUND}; a topic of a name that no broker allows, and documents of something else,
 * are {@code DAMAGED}.
 *
 * @param snapshot stays open
 */
public record StoredTopics(SnapshotReader snapshot) {

  private static final Pattern NUMBER = Pattern.compile("0|[1-9][0-9]{0,8}");

  /** The names of all topics, ascending. */
  public List<String> names() throws IOException {
    List<String> names = new ArrayList<>();
    for (Entry each : children(TopicPaths.TOPICS)) {
      if (each.type() == EntryType.DIRECTORY) {
        names.add(topicName(each.path()));
      }
    }
    return names.stream().sorted().toList();
  }

  private static String topicName(EntryPath directory) throws BackupException {
    try {
      return TopicNames.legal(TopicPaths.topicName(directory));
    } catch (IllegalArgumentException malformed) {
      throw new BackupException(
          Kind.DAMAGED,
          directory + " in the snapshot is of no topic: use another snapshot",
          malformed);
    }
  }

  /** The numbers of the partitions that are there, ascending. */
  public List<Integer> partitions(String topic) throws IOException {
    EntryPath directory = TopicPaths.topic(topic);
    if (snapshot.entry(directory).isEmpty()) {
      throw absent("topic " + topic);
    }
    List<Integer> numbers = new ArrayList<>();
    for (Entry each : children(directory)) {
      String name = each.path().name().toString();
      if (each.type() == EntryType.DIRECTORY && NUMBER.matcher(name).matches()) {
        numbers.add(Integer.valueOf(name));
      }
    }
    return numbers.stream().sorted().toList();
  }

  /** What lies in a directory; nothing if there is none. */
  public List<Entry> children(EntryPath directory) throws IOException {
    if (snapshot.entry(directory).isEmpty()) {
      return List.of();
    }
    List<Entry> all = new ArrayList<>();
    try (Cursor<Entry> walk = snapshot.walk(directory, 1)) {
      for (Entry each = walk.next(); each != null; each = walk.next()) {
        all.add(each);
      }
    }
    return all;
  }

  /** The document of a topic. */
  public TopicMetadata topic(String name) throws IOException {
    EntryPath path = TopicPaths.topicDocument(name);
    Optional<List<TopicMetadata>> told = Document.topic(path).read(snapshot);
    if (told.isEmpty()) {
      throw absent(path.toString());
    }
    if (told.get().size() != 1 || !told.get().get(0).name().equals(name)) {
      throw new BackupException(Kind.DAMAGED, path + " does not describe topic " + name);
    }
    return told.get().get(0);
  }

  /** The document of a partition. */
  public StoredPartition partition(String topic, int partition) throws IOException {
    Optional<StoredPartition> stored = find(topic, partition);
    if (stored.isEmpty()) {
      throw absent("partition " + partition + " of topic " + topic);
    }
    return stored.get();
  }

  /** The document of a partition; empty if it was not captured. */
  public Optional<StoredPartition> find(String topic, int partition) throws IOException {
    EntryPath path = TopicPaths.partitionDocument(topic, partition);
    Optional<Entry> file = snapshot.entry(path).filter(each -> each.type() == EntryType.FILE);
    if (file.isEmpty()) {
      return Optional.empty();
    }
    StoredPartition stored;
    try (InputStream in = snapshot.open(file.get(), ByteRange.ALL)) {
      stored = Documents.readPartition(in, path.toString());
    }
    if (stored.partition() != partition) {
      throw new BackupException(
          Kind.DAMAGED, path + " describes partition " + stored.partition() + " instead");
    }
    return Optional.of(stored);
  }

  private BackupException absent(String what) {
    return new BackupException(
        Kind.NOT_FOUND,
        "Snapshot " + snapshot.snapshot().id().shortHex() + " does not have " + what);
  }
}
