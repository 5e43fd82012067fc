package dev.copperplate.backup.kafka.layout;

import dev.copperplate.backup.EntryNames;
import dev.copperplate.backup.EntryPath;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/** Where the parts of topics lie in a snapshot. */
public final class TopicPaths {

  /** The directory that holds one for each topic. */
  public static final EntryPath TOPICS = EntryPath.of("topics");

  private static final String LOG = ".log";
  private static final String TOPIC_DOCUMENT = "topic.json";
  private static final String PARTITION_DOCUMENT = "partition.json";

  private TopicPaths() {}

  /** The directory of a topic. */
  public static EntryPath topic(String name) {
    return EntryNames.resolve(TOPICS, name.getBytes(StandardCharsets.UTF_8));
  }

  /** What the topic is. */
  public static EntryPath topicDocument(String name) {
    return topic(name).child(TOPIC_DOCUMENT);
  }

  /** The directory of a partition. */
  public static EntryPath partition(String topic, int partition) {
    return topic(topic).child(Integer.toString(partition));
  }

  /** What the partition's files hold. */
  public static EntryPath partitionDocument(String topic, int partition) {
    return partition(topic, partition).child(PARTITION_DOCUMENT);
  }

  /** The file whose first batch begins at an offset; the broker calls its segments so. */
  public static EntryPath log(String topic, int partition, long base) {
    return partition(topic, partition).child(logName(base));
  }

  /** The name of that file. */
  public static String logName(long base) {
    return String.format(Locale.ROOT, "%020d", base) + LOG;
  }

  /** The name of the topic whose directory that is. */
  public static String topicName(EntryPath directory) {
    return new String(EntryNames.name(TOPICS, directory), StandardCharsets.UTF_8);
  }
}
