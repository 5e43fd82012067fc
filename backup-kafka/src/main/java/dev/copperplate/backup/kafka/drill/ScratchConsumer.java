package dev.copperplate.backup.kafka.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaRecord;
import java.io.Closeable;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** A stock consumer of committed records, whose failures are those of this library. */
final class ScratchConsumer implements Closeable {

  private static final Duration POLL = Duration.ofMillis(200);

  private final KafkaConsumer<byte[], byte[]> consumer;

  private ScratchConsumer(Map<String, Object> settings) {
    this.consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** One of no group. */
  static ScratchConsumer of(String bootstrap) {
    return new ScratchConsumer(settings(bootstrap));
  }

  /** The only member of a group, which commits nothing. */
  static ScratchConsumer of(String bootstrap, String group, Collection<String> topics) {
    Map<String, Object> settings = settings(bootstrap);
    settings.put("group.id", group);
    ScratchConsumer member = new ScratchConsumer(settings);
    member.consumer.subscribe(topics);
    return member;
  }

  private static Map<String, Object> settings(String bootstrap) {
    Map<String, Object> settings = new HashMap<>();
    settings.put("bootstrap.servers", bootstrap);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", "false");
    settings.put("auto.offset.reset", "earliest");
    return settings;
  }

  void start(TopicPartition partition, long offset) throws BackupException, InterruptedException {
    run(
        () -> {
          consumer.assign(Set.of(partition));
          consumer.seek(partition, offset);
          return offset;
        });
  }

  /** Behind the last record that may be seen. */
  long end(TopicPartition partition) throws BackupException, InterruptedException {
    return run(() -> consumer.endOffsets(Set.of(partition)).get(partition));
  }

  long position(TopicPartition partition) throws BackupException, InterruptedException {
    return run(() -> consumer.position(partition));
  }

  Set<TopicPartition> assigned() throws BackupException, InterruptedException {
    return run(consumer::assignment);
  }

  void pause(TopicPartition partition) throws BackupException, InterruptedException {
    run(
        () -> {
          consumer.pause(Set.of(partition));
          return partition;
        });
  }

  List<ConsumerRecord<byte[], byte[]>> poll() throws BackupException, InterruptedException {
    ConsumerRecords<byte[], byte[]> records = run(() -> consumer.poll(POLL));
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    records.forEach(all::add);
    return all;
  }

  /** The record as those of a snapshot are. */
  static KafkaRecord value(ConsumerRecord<byte[], byte[]> record) {
    List<KafkaRecord.Header> headers = new ArrayList<>();
    record.headers().forEach(each -> headers.add(new KafkaRecord.Header(each.key(), each.value())));
    boolean appended = record.timestampType().name.equals("LogAppendTime");
    return new KafkaRecord(
        record.topic(),
        record.partition(),
        record.offset(),
        record.timestamp(),
        appended
            ? KafkaRecord.TimestampType.LOG_APPEND_TIME
            : KafkaRecord.TimestampType.CREATE_TIME,
        record.key(),
        record.value(),
        headers);
  }

  private static <T> T run(Supplier<T> call) throws BackupException, InterruptedException {
    try {
      return call.get();
    } catch (InterruptException interrupted) {
      Thread.interrupted(); // the client has set it again
      throw new InterruptedException("The drill was cancelled");
    } catch (KafkaException failed) {
      throw new BackupException(
          Kind.UNAVAILABLE, "The consumer of the drill failed: " + failed.getMessage(), failed);
    }
  }

  @Override
  public void close() {
    consumer.close();
  }
}
