package dev.copperplate.backup.kafka;

import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Real brokers in this process, with clients for what tests do to them. */
public final class TestCluster implements Closeable {

  private static final Duration POLL = Duration.ofMillis(100);

  private final ScratchCluster brokers;
  private final Admin admin;

  private TestCluster(ScratchCluster brokers) {
    this.brokers = brokers;
    this.admin = Admin.create(properties());
  }

  /** Brokers whose cleaner is quick, with these settings besides. */
  public static TestCluster start(Path directory, int brokers, Map<String, String> settings)
      throws IOException {
    Map<String, String> all = new HashMap<>(Map.of("log.cleaner.backoff.ms", "200"));
    all.putAll(settings);
    return new TestCluster(ScratchCluster.start(directory, brokers, all));
  }

  public ScratchCluster brokers() {
    return brokers;
  }

  public Admin admin() {
    return admin;
  }

  public Map<String, Object> properties() {
    return Map.of("bootstrap.servers", brokers.bootstrap());
  }

  public KafkaCluster cluster() {
    return KafkaCluster.of(properties());
  }

  /** Waits for an answer, not for ever. */
  public static <T> T done(KafkaFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  public void createTopic(String name, int partitions, int replicas, Map<String, String> settings)
      throws Exception {
    NewTopic topic = new NewTopic(name, partitions, (short) replicas).configs(settings);
    done(admin.createTopics(List.of(topic)).all());
  }

  public KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(properties());
    all.putAll(settings);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Writes plain records into partition 0. */
  public void write(String topic, int from, int to) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = producer(Map.of("linger.ms", 5))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = from; i < to; i++) {
        sent.add(
            producer.send(
                new ProducerRecord<>(topic, 0, bytes("key " + i % 7), bytes("value " + i))));
      }
      settled(sent);
    }
  }

  /** Waits until all are there. */
  static void settled(List<Future<RecordMetadata>> sent) throws Exception {
    for (Future<RecordMetadata> each : sent) {
      each.get(60, TimeUnit.SECONDS);
    }
  }

  public static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /** Behind the last record, of which some may not be decided. */
  public long end(TopicPartition partition) throws Exception {
    return done(admin
            .listOffsets(Map.of(partition, OffsetSpec.latest()))
            .partitionResult(partition))
        .offset();
  }

  /** The first offset that is not deleted. */
  public long start(TopicPartition partition) throws Exception {
    return done(admin
            .listOffsets(Map.of(partition, OffsetSpec.earliest()))
            .partitionResult(partition))
        .offset();
  }

  /** Waits until all is decided: markers come a moment after a commit or abort has returned. */
  public void awaitDecided(TopicPartition partition) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (stable(partition) < end(partition)) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(partition + " has an open transaction");
      }
    }
  }

  /** Waits until the log ends there, with a marker that came a moment later. */
  public void awaitMarker(TopicPartition partition, long end) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (end(partition) < end) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(partition + " got no marker");
      }
    }
  }

  private long stable(TopicPartition partition) throws Exception {
    return done(admin
            .listOffsets(
                Map.of(partition, OffsetSpec.latest()),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .partitionResult(partition))
        .offset();
  }

  /** What a stock consumer sees of a partition from an offset on, up to the end. */
  public List<ConsumerRecord<byte[], byte[]>> consume(
      TopicPartition partition, long from, boolean committed) throws Exception {
    Map<String, Object> settings = new HashMap<>(properties());
    settings.put("isolation.level", committed ? "read_committed" : "read_uncommitted");
    settings.put("enable.auto.commit", "false");
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.assign(Set.of(partition));
      long end = consumer.endOffsets(Set.of(partition)).get(partition);
      consumer.seek(partition, from);
      long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
      while (consumer.position(partition) < end) {
        if (System.nanoTime() > deadline) {
          throw new IllegalStateException(
              partition + " stands at " + consumer.position(partition) + " of " + end);
        }
        consumer.poll(POLL).records(partition).forEach(all::add);
      }
    }
    return all;
  }

  /** Waits until the cleaner has taken most of so many records away. */
  public void awaitCompaction(TopicPartition partition, int written) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(90);
    while (consume(partition, 0, true).size() > written / 2) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(partition + " was not compacted");
      }
    }
  }

  /** The bytes of a partition's segments at a broker, one behind the other. */
  public byte[] segments(int broker, TopicPartition partition) throws IOException {
    Path directory = brokers.broker(broker).logDirectory().resolve(partition.toString());
    try (Stream<Path> files = Files.list(directory)) {
      List<Path> logs = files.filter(each -> each.toString().endsWith(".log")).sorted().toList();
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      for (Path each : logs) {
        all.write(Files.readAllBytes(each));
      }
      return all.toByteArray();
    }
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
    brokers.close();
  }
}
