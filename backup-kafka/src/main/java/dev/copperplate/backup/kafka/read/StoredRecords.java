package dev.copperplate.backup.kafka.read;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.KafkaRecord;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The records of partitions, one partition after the other. */
public final class StoredRecords implements Cursor<KafkaRecord> {

  private final StoredTopics topics;
  private final RecordWishes wishes;
  private final Deque<TopicPartition> waiting = new ArrayDeque<>();
  private @Nullable PartitionRecords open;

  private StoredRecords(StoredTopics topics, RecordWishes wishes) {
    this.topics = topics;
    this.wishes = wishes;
  }

  /** Looks which partitions there are, and opens none. */
  public static StoredRecords of(SnapshotReader snapshot, RecordWishes wishes) throws IOException {
    StoredRecords records = new StoredRecords(new StoredTopics(snapshot), wishes);
    records.choose();
    return records;
  }

  private void choose() throws IOException {
    List<String> names =
        wishes.topic().isPresent() ? List.of(wishes.topic().get()) : topics.names();
    for (String topic : names) {
      List<Integer> partitions =
          wishes.partition().isPresent()
              ? List.of(wishes.partition().getAsInt())
              : topics.partitions(topic);
      partitions.forEach(each -> waiting.add(new TopicPartition(topic, each)));
    }
  }

  @Override
  public @Nullable KafkaRecord next() throws IOException {
    while (open != null || openNext()) {
      KafkaRecord record = open == null ? null : open.next();
      if (record != null) {
        return record;
      }
      close();
    }
    return null;
  }

  private boolean openNext() throws IOException {
    TopicPartition next = waiting.poll();
    if (next == null) {
      return false;
    }
    StoredPartition partition = topics.partition(next.topic(), next.partition());
    open = new PartitionRecords(topics.snapshot(), next.topic(), partition, wishes);
    return true;
  }

  @Override
  public void close() throws IOException {
    if (open != null) {
      PartitionRecords closing = open;
      open = null;
      closing.close();
    }
  }
}
