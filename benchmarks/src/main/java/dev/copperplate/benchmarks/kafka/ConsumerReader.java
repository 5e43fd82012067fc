package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.kafka.batch.BatchBuilder;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Codec;
import dev.copperplate.backup.kafka.batch.Numbering;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Records of all partitions by one consumer, made into batches again with the same codec. */
record ConsumerReader(Cluster cluster, Codec codec) implements TopicReader {

  private static final Duration POLL = Duration.ofSeconds(10);

  /** Large answers, as one who copies whole topics asks for; all else is the default. */
  private static final Map<String, String> SETTINGS =
      Map.of(
          "enable.auto.commit", "false",
          "auto.offset.reset", "none",
          "max.partition.fetch.bytes", Integer.toString(8 << 20),
          "max.poll.records", "10000");

  @Override
  public long read(Map<TopicIdPartition, Long> ends, LogTarget target) throws IOException {
    Map<TopicPartition, Partition> partitions = new HashMap<>();
    ends.forEach(
        (each, end) ->
            partitions.put(
                each.topicPartition(),
                new Partition(new LogFiles(target, each.partition()), codec, end)));
    long records = 0;
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            cluster.with(SETTINGS), new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(partitions.keySet());
      consumer.seekToBeginning(partitions.keySet());
      while (partitions.values().stream().anyMatch(Partition::wantsMore)) {
        records += add(consumer.poll(POLL), partitions);
      }
    }
    for (Partition each : partitions.values()) {
      each.end();
    }
    return records;
  }

  private static long add(
      ConsumerRecords<byte[], byte[]> polled, Map<TopicPartition, Partition> partitions)
      throws IOException {
    if (polled.isEmpty()) {
      throw new IOException("Nothing came within " + POLL);
    }
    for (TopicPartition each : polled.partitions()) {
      Objects.requireNonNull(partitions.get(each)).add(polled.records(each));
    }
    return polled.count();
  }

  private static final class Partition {

    /** What a batch of the topics holds, more or less, before it is compressed. */
    private static final int LIMIT = 256 << 10;

    private final LogFiles files;
    private final Codec codec;
    private final long end;
    private BatchBuilder batch;
    private long next;

    Partition(LogFiles files, Codec codec, long end) {
      this.files = files;
      this.codec = codec;
      this.end = end;
      this.batch = batch();
    }

    boolean wantsMore() {
      return next < end;
    }

    void add(List<ConsumerRecord<byte[], byte[]>> records) throws IOException {
      for (ConsumerRecord<byte[], byte[]> each : records) {
        // The topics have no headers.
        BatchRecord record =
            new BatchRecord(each.offset(), each.timestamp(), each.key(), each.value(), List.of());
        if (!batch.add(record)) {
          files.add(batch.build());
          batch = batch();
          batch.add(record);
        }
        next = each.offset() + 1;
      }
    }

    private BatchBuilder batch() {
      return new BatchBuilder(Numbering.at(next)).codec(codec).limit(LIMIT);
    }

    void end() throws IOException {
      if (batch.records() > 0) {
        files.add(batch.build());
      }
      files.end();
    }
  }
}
