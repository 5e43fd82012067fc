package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Records;
import java.io.Closeable;
import java.io.IOException;
import java.util.Locale;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;

/** Records by an idempotent producer, which is the default. */
final class ProducerWriter implements Closeable {

  private final String topic;
  private final KafkaProducer<byte[], byte[]> producer;
  private volatile @Nullable Exception failure;

  ProducerWriter(Cluster cluster, String topic) {
    this.topic = topic;
    Map<String, Object> settings = cluster.with(Cluster.BATCHES);
    settings.put("compression.type", Cluster.codec(topic).name().toLowerCase(Locale.ROOT));
    producer = new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Writes the records of a batch. They are there once this is closed. */
  void write(int partition, Batch batch) throws IOException {
    try (Records records = Records.of(batch)) {
      for (BatchRecord each = records.next(); each != null; each = records.next()) {
        write(partition, each.timestamp(), each.key(), each.value());
      }
    }
  }

  /** Waits while the memory of the producer is full. */
  @SuppressWarnings("FutureReturnValueIgnored") // the callback sees what fails
  void write(int partition, long time, byte @Nullable [] key, byte @Nullable [] value) {
    producer.send(
        new ProducerRecord<>(topic, partition, time, key, value),
        (sent, failed) -> failure = failed == null ? failure : failed);
  }

  @Override
  public void close() throws IOException {
    producer.close();
    if (failure != null) {
      throw new IOException("Not everything was written to " + topic, failure);
    }
  }
}
