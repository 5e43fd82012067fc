package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.scratch.ScratchBroker;
import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** Brokers of a test class, what is written to them, and the bytes that they hold. */
@SuppressWarnings("FutureReturnValueIgnored")
final class Brokers implements Closeable {

  final ScratchCluster cluster;
  final Map<String, Object> properties;
  final Admin admin;

  Brokers(Path directory, int count, Map<String, String> settings) throws IOException {
    this(directory, count, settings, Map.of());
  }

  /** With what clients need besides the addresses. */
  Brokers(Path directory, int count, Map<String, String> settings, Map<String, String> client)
      throws IOException {
    cluster = ScratchCluster.start(directory, count, settings);
    properties = new HashMap<>(client);
    properties.putIfAbsent("bootstrap.servers", cluster.bootstrap());
    admin = Admin.create(properties);
  }

  static <T> T done(KafkaFuture<T> future) throws Exception {
    return future.get(60, TimeUnit.SECONDS);
  }

  /** A topic of one partition. */
  TopicIdPartition topic(String name, int replicas, Map<String, String> configuration)
      throws Exception {
    NewTopic topic = new NewTopic(name, 1, (short) replicas).configs(configuration);
    return new TopicIdPartition(done(admin.createTopics(List.of(topic)).topicId(name)), 0, name);
  }

  KafkaProducer<byte[], byte[]> producer(Map<String, Object> settings) {
    Map<String, Object> all = new HashMap<>(properties);
    all.putAll(settings);
    return new KafkaProducer<>(all, new ByteArraySerializer(), new ByteArraySerializer());
  }

  /** Writes records in several batches. */
  void write(String topic, int count, Map<String, Object> settings) throws Exception {
    Map<String, Object> all = new HashMap<>(Map.of("linger.ms", 5, "batch.size", 4_000));
    all.putAll(settings);
    try (KafkaProducer<byte[], byte[]> producer = producer(all)) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (int i = 0; i < count; i++) {
        sent.add(producer.send(record(topic, "key " + i % 7, "value " + i + " of " + topic)));
      }
      for (Future<RecordMetadata> each : sent) {
        each.get(60, TimeUnit.SECONDS);
      }
    }
  }

  static ProducerRecord<byte[], byte[]> record(String topic, String key, String value) {
    return new ProducerRecord<>(topic, 0, bytes(key), bytes(value));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  long stable(TopicIdPartition partition) throws Exception {
    TopicPartition name = partition.topicPartition();
    return done(admin
            .listOffsets(
                Map.of(name, OffsetSpec.latest()),
                new ListOffsetsOptions(IsolationLevel.READ_COMMITTED))
            .partitionResult(name))
        .offset();
  }

  /** Markers come a moment after a commit has returned. */
  void awaitStable(TopicIdPartition partition, long offset) throws Exception {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (stable(partition) < offset) {
      if (System.nanoTime() > deadline) {
        throw new IllegalStateException(partition + " is stable up to " + stable(partition));
      }
    }
  }

  RawTransport raw(TransportOptions options) throws IOException {
    return RawTransport.of(KafkaCluster.of(properties), options);
  }

  /** What a new transport reads of a partition. */
  byte[] read(TopicIdPartition partition, long from, long to, TransportOptions options)
      throws Exception {
    try (RawTransport transport = raw(options);
        BatchStream stream = transport.read(partition, from, to, -1)) {
      return rest(stream);
    }
  }

  static byte[] rest(BatchStream stream) throws Exception {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    for (ByteBuffer batches; (batches = stream.next()) != null; ) {
      append(batches, all);
    }
    return all.toByteArray();
  }

  static void append(ByteBuffer batches, ByteArrayOutputStream to) throws IOException {
    byte[] copy = new byte[batches.remaining()];
    batches.get(copy);
    to.write(copy);
  }

  /** The broker's own bytes. */
  static byte[] segments(ScratchBroker broker, TopicIdPartition partition) throws IOException {
    Path directory = broker.logDirectory().resolve(partition.topicPartition().toString());
    try (Stream<Path> files = Files.list(directory)) {
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      files
          .filter(each -> each.toString().endsWith(".log"))
          .sorted()
          .forEach(each -> all.writeBytes(content(each)));
      return all.toByteArray();
    }
  }

  private static byte[] content(Path file) {
    try {
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  @Override
  public void close() {
    admin.close(Duration.ofSeconds(5));
    cluster.close();
  }
}
