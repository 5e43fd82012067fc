package dev.copperplate.backup.kafka.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.transport.HistoryChangedException.Change;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.TimestampType;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Which transport is chosen, and what the consumer reads where it has to. */
@Timeout(60)
class TransportsTest {

  private static final TransportOptions HASTY =
      TransportOptions.DEFAULTS.withFetchBytes(10_000).withPatience(Duration.ofSeconds(10));

  @TempDir static Path directory;
  private static Brokers brokers;

  @BeforeAll
  static void start() throws Exception {
    brokers = new Brokers(directory, 1, Map.of());
  }

  @AfterAll
  static void stop() {
    brokers.close();
  }

  private static KafkaCluster cluster() {
    return KafkaCluster.of(brokers.properties);
  }

  private static ByteBuffer batch(List<ConsumerRecord<byte[], byte[]>> records) {
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(1 << 16),
            Compression.NONE,
            TimestampType.CREATE_TIME,
            records.get(0).offset());
    for (ConsumerRecord<byte[], byte[]> each : records) {
      builder.appendWithOffset(
          each.offset(), each.timestamp(), each.key(), each.value(), each.headers().toArray());
    }
    return builder.build().buffer();
  }

  private static BatchTransport consumer() {
    return new ConsumerTransport(cluster(), HASTY, TransportsTest::batch, "it is wanted");
  }

  private static List<String> records(
      BatchTransport transport, TopicIdPartition topic, long from, long to, int epoch)
      throws Exception {
    List<String> records = new ArrayList<>();
    try (transport;
        BatchStream stream = transport.read(topic, from, to, epoch)) {
      for (Record each :
          MemoryRecords.readableRecords(ByteBuffer.wrap(Brokers.rest(stream))).records()) {
        records.add(each.offset() + " " + StandardCharsets.UTF_8.decode(each.value()));
      }
    }
    return records;
  }

  @Test
  void aBrokerOfTodayIsReadRaw() throws Exception {
    TopicIdPartition topic = brokers.topic("today", 1, Map.of());
    brokers.write(topic.topic(), 100, Map.of());
    try (BatchTransport transport = Transports.open(cluster(), HASTY, TransportsTest::batch)) {
      assertEquals("raw", transport.name());
      assertEquals(Optional.empty(), transport.reason());
      try (BatchStream stream = transport.read(topic, 0, 100, -1)) {
        assertArrayEquals(Brokers.segments(brokers.cluster.broker(1), topic), Brokers.rest(stream));
      }
    }
  }

  @Test
  void anOldBrokerIsReadByTheConsumer() throws Exception {
    try (FakeBroker old = new FakeBroker(12, correlation -> new byte[0]);
        BatchTransport transport =
            Transports.open(
                KafkaCluster.of(Map.of("bootstrap.servers", old.endpoint().toString())),
                HASTY,
                TransportsTest::batch)) {
      assertEquals("consumer", transport.name());
      assertEquals(Optional.of(old.endpoint() + " does not speak Fetch 13"), transport.reason());
    }
  }

  @Test
  void nobodyWhoAnswersIsNoReasonForTheConsumer() {
    KafkaCluster nobody = KafkaCluster.of(Map.of("bootstrap.servers", "127.0.0.1:1"));
    BackupException absent =
        assertThrows(
            BackupException.class,
            () ->
                Transports.open(
                    nobody, HASTY.withPatience(Duration.ofSeconds(1)), TransportsTest::batch));
    assertEquals(Kind.UNAVAILABLE, absent.kind());
    assertTrue(
        absent.getMessage().startsWith("Connecting to Kafka at 127.0.0.1:1 made no progress"),
        absent.getMessage());
  }

  @Test
  void withoutTheNetworkOfKnownClientsTheConsumerReads() throws Exception {
    for (String missing :
        List.of("network.Selector", "network.ByteBufferSend", "memory.MemoryPool")) {
      ClassLoader other = new Hiding("org.apache.kafka.common." + missing);
      Object transport = open(other);
      try (AutoCloseable open = (AutoCloseable) transport) {
        assertEquals("consumer", call(transport, "name"));
        assertTrue(call(transport, "reason").toString().contains(missing.replace('.', '/')));
        assertTrue(open != null);
      }
    }
  }

  /** As {@link Transports#open}, in classes of their own. */
  private static Object open(ClassLoader loader) throws Exception {
    Class<?> cluster = loader.loadClass(KafkaCluster.class.getName());
    Class<?> options = loader.loadClass(TransportOptions.class.getName());
    Class<?> batcher = loader.loadClass(RecordBatcher.class.getName());
    return loader
        .loadClass(Transports.class.getName())
        .getMethod("open", cluster, options, batcher)
        .invoke(
            null,
            cluster.getMethod("of", Map.class).invoke(null, brokers.properties),
            options.getField("DEFAULTS").get(null),
            Proxy.newProxyInstance(loader, new Class<?>[] {batcher}, (self, method, with) -> null));
  }

  private static Object call(Object transport, String method) throws Exception {
    return transport.getClass().getMethod(method).invoke(transport);
  }

  /** Loads our classes anew, beside a kafka-clients that lacks one. */
  private static final class Hiding extends ClassLoader {

    private final String hidden;

    Hiding(String hidden) {
      super(TransportsTest.class.getClassLoader());
      this.hidden = hidden;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      if (name.equals(hidden)) {
        throw new ClassNotFoundException(name);
      }
      if (!name.startsWith("dev.copperplate.backup.kafka.")) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] bytes = in.readAllBytes();
        return defineClass(name, bytes, 0, bytes.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }

  @Test
  void theConsumerReadsWhatWasCommitted() throws Exception {
    TopicIdPartition topic = brokers.topic("committed", 1, Map.of());
    String name = topic.topic();
    try (KafkaProducer<byte[], byte[]> producer =
        brokers.producer(Map.of("transactional.id", "committed"))) {
      producer.initTransactions();
      for (String value : List.of("a", "b", "c")) {
        producer.beginTransaction();
        producer.send(Brokers.record(name, "k", value)).get(60, TimeUnit.SECONDS);
        if (value.equals("b")) {
          producer.abortTransaction();
        } else {
          producer.commitTransaction();
        }
      }
      producer.beginTransaction();
      producer.send(Brokers.record(name, "k", "d")).get(60, TimeUnit.SECONDS);
      producer.abortTransaction();
    }
    brokers.awaitStable(topic, 8);
    assertEquals(List.of("0 a", "4 c"), records(consumer(), topic, 0, 8, -1));
    assertEquals(List.of("4 c"), records(consumer(), topic, 1, 6, 0));
    assertEquals(List.of(), records(consumer(), topic, 6, 8, -1));
  }

  @Test
  void theConsumerReadsOnAcrossPolls() throws Exception {
    TopicIdPartition topic = brokers.topic("polls", 1, Map.of());
    brokers.write(topic.topic(), 2_000, Map.of());
    List<String> records = records(consumer(), topic, 5, 1_990, -1);
    assertEquals(1_985, records.size());
    assertEquals("5 value 5 of polls", records.get(0));
    assertEquals("1989 value 1989 of polls", records.get(1_984));
  }

  @Test
  void theConsumerNamesWhatRetentionTook() throws Exception {
    TopicIdPartition topic = brokers.topic("gone", 1, Map.of());
    brokers.write(topic.topic(), 100, Map.of());
    Brokers.done(
        brokers
            .admin
            .deleteRecords(Map.of(topic.topicPartition(), RecordsToDelete.beforeOffset(60)))
            .all());
    OffsetsGoneException gone =
        assertThrows(OffsetsGoneException.class, () -> records(consumer(), topic, 5, 100, -1));
    assertEquals(60, gone.logStart());
  }

  @Test
  void theConsumerNamesAnotherHistory() throws Exception {
    TopicIdPartition topic = brokers.topic("history", 1, Map.of());
    brokers.write(topic.topic(), 100, Map.of());
    HistoryChangedException shorter =
        assertThrows(HistoryChangedException.class, () -> records(consumer(), topic, 200, 300, -1));
    assertEquals(Change.TRUNCATED, shorter.change());
    TopicIdPartition other = new TopicIdPartition(Uuid.randomUuid(), topic.topicPartition());
    HistoryChangedException recreated =
        assertThrows(HistoryChangedException.class, () -> records(consumer(), other, 0, 100, -1));
    assertEquals(Change.RECREATED, recreated.change());
  }

  @Test
  void theConsumerDoesNotTakeAnOpenTransactionForTheEnd() throws Exception {
    TopicIdPartition topic = brokers.topic("open", 1, Map.of());
    BatchTransport hasty =
        new ConsumerTransport(
            cluster(), HASTY.withPatience(Duration.ofSeconds(1)), TransportsTest::batch, "");
    BackupException behind =
        assertThrows(BackupException.class, () -> records(hasty, topic, 0, 1, -1));
    assertEquals(Kind.UNAVAILABLE, behind.kind());
    assertTrue(behind.getMessage().contains("the last stable offset is 0, not 1"));
  }
}
