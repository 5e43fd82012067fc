package dev.copperplate.backup.kafka.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.TopicIdPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is read of a broker is what lies in its segments. */
@Timeout(120)
@SuppressWarnings("FutureReturnValueIgnored")
class RawReadTest {

  private static final TransportOptions SMALL = TransportOptions.DEFAULTS.withFetchBytes(10_000);

  @TempDir static Path directory;
  private static Brokers brokers;

  @BeforeAll
  static void start() throws Exception {
    brokers =
        new Brokers(
            directory,
            1,
            Map.of("log.cleaner.backoff.ms", "200", "log.retention.check.interval.ms", "200"));
  }

  @AfterAll
  static void stop() {
    brokers.close();
  }

  private static void assertSegments(TopicIdPartition topic, byte[] read) throws Exception {
    byte[] stored = Brokers.segments(brokers.cluster.broker(1), topic);
    assertTrue(stored.length > 0);
    assertEquals(stored.length, read.length);
    assertEquals(Brokers.sha256(stored), Brokers.sha256(read));
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "gzip", "snappy", "lz4", "zstd"})
  void theBytesAreThoseOfTheBrokersSegments(String codec) throws Exception {
    TopicIdPartition topic = brokers.topic("codec-" + codec, 1, Map.of("segment.bytes", "1048576"));
    brokers.write(topic.topic(), 3_000, Map.of("compression.type", codec));
    assertSegments(topic, brokers.read(topic, 0, brokers.stable(topic), SMALL));
    assertSegments(topic, brokers.read(topic, 0, brokers.stable(topic), TransportOptions.DEFAULTS));
  }

  @Test
  void batchesThatAreLargerThanAFetchComeWhole() throws Exception {
    TopicIdPartition topic = brokers.topic("large", 1, Map.of("max.message.bytes", "9000000"));
    try (KafkaProducer<byte[], byte[]> producer =
        brokers.producer(Map.of("max.request.size", 9_000_000, "buffer.memory", 40_000_000))) {
      for (int i = 0; i < 3; i++) {
        producer
            .send(Brokers.record(topic.topic(), "k", "x".repeat(3_000_000 + i)))
            .get(60, TimeUnit.SECONDS);
      }
    }
    assertSegments(topic, brokers.read(topic, 0, 3, SMALL));
  }

  @Test
  void anAbortedTransactionComesWithItsMarkerAndAnOpenOneDoesNot() throws Exception {
    TopicIdPartition topic = brokers.topic("transactions", 1, Map.of());
    String name = topic.topic();
    try (KafkaProducer<byte[], byte[]> first = brokers.producer(Map.of("transactional.id", "a"));
        KafkaProducer<byte[], byte[]> second = brokers.producer(Map.of("transactional.id", "b"))) {
      first.initTransactions();
      second.initTransactions();
      first.beginTransaction();
      first.send(Brokers.record(name, "1", "aborted")).get(60, TimeUnit.SECONDS);
      first.abortTransaction();
      first.beginTransaction();
      first.send(Brokers.record(name, "2", "committed")).get(60, TimeUnit.SECONDS);
      first.commitTransaction();
      long decided = 4;
      brokers.awaitStable(topic, decided);
      byte[] before = Brokers.segments(brokers.cluster.broker(1), topic);
      second.beginTransaction();
      second.send(Brokers.record(name, "3", "open")).get(60, TimeUnit.SECONDS);
      first.beginTransaction();
      first.send(Brokers.record(name, "4", "committed behind it")).get(60, TimeUnit.SECONDS);
      first.commitTransaction();
      assertEquals(decided, brokers.stable(topic));
      assertArrayEquals(before, brokers.read(topic, 0, decided, SMALL));
      second.commitTransaction();
    }
    brokers.awaitStable(topic, 8);
    assertSegments(topic, brokers.read(topic, 0, 8, SMALL));
  }

  @Test
  void aCompactedTopicComesWithItsGaps() throws Exception {
    TopicIdPartition topic =
        brokers.topic(
            "compacted",
            1,
            Map.of(
                "cleanup.policy", "compact",
                "segment.bytes", "1048576",
                "segment.ms", "200",
                "min.cleanable.dirty.ratio", "0.01",
                "delete.retention.ms", "100"));
    for (int round = 0; round < 4; round++) {
      brokers.write(topic.topic(), 300, Map.of());
    }
    for (int i = 0; i < 300; i++) {
      byte[] before = Brokers.segments(brokers.cluster.broker(1), topic);
      byte[] read = brokers.read(topic, 0, brokers.stable(topic), SMALL);
      byte[] after = Brokers.segments(brokers.cluster.broker(1), topic);
      if (after.length < 20_000 && Arrays.equals(before, after)) {
        assertArrayEquals(after, read);
        return;
      }
      // The cleaner takes closed segments alone, and time closes one when something is written.
      brokers.write(topic.topic(), 3, Map.of());
      TimeUnit.MILLISECONDS.sleep(100);
    }
    throw new AssertionError("The cleaner did nothing");
  }

  @Test
  void fromAndToAreKeptOnBordersOfBatches() throws Exception {
    TopicIdPartition topic = brokers.topic("borders", 1, Map.of());
    for (int i = 0; i < 10; i++) {
      brokers.write(topic.topic(), 10, Map.of("linger.ms", 1_000));
    }
    byte[] stored = Brokers.segments(brokers.cluster.broker(1), topic);
    List<Integer> starts = starts(stored);
    assertEquals(10, starts.size());
    byte[] middle = Arrays.copyOfRange(stored, starts.get(3), starts.get(7));
    assertArrayEquals(middle, brokers.read(topic, 30, 70, TransportOptions.DEFAULTS));
    assertArrayEquals(middle, brokers.read(topic, 35, 61, TransportOptions.DEFAULTS));
    assertArrayEquals(middle, brokers.read(topic, 39, 70, SMALL));
    assertEquals(0, brokers.read(topic, 40, 40, SMALL).length);
  }

  private static List<Integer> starts(byte[] log) {
    List<Integer> starts = new ArrayList<>();
    ByteBuffer bytes = ByteBuffer.wrap(log);
    for (int at = 0; at < log.length; at += 12 + bytes.getInt(at + 8)) {
      starts.add(at);
    }
    return starts;
  }

  @Test
  void twoStreamsTakeTurnsOnOneTransport() throws Exception {
    TopicIdPartition one = brokers.topic("turns-1", 1, Map.of());
    TopicIdPartition two = brokers.topic("turns-2", 1, Map.of());
    brokers.write(one.topic(), 3_000, Map.of());
    brokers.write(two.topic(), 3_000, Map.of());
    ByteArrayOutputStream ones = new ByteArrayOutputStream();
    ByteArrayOutputStream twos = new ByteArrayOutputStream();
    try (RawTransport transport = brokers.raw(SMALL);
        BatchStream first = transport.read(one, 0, 3_000, -1);
        BatchStream second = transport.read(two, 0, 3_000, -1)) {
      try (BatchStream abandoned = transport.read(one, 0, 3_000, -1)) {
        abandoned.next();
      }
      ByteBuffer of1;
      ByteBuffer of2;
      do {
        of1 = first.next();
        of2 = second.next();
        if (of1 != null) {
          Brokers.append(of1, ones);
        }
        if (of2 != null) {
          Brokers.append(of2, twos);
        }
      } while (of1 != null || of2 != null);
      assertNull(first.next());
    }
    assertSegments(one, ones.toByteArray());
    assertSegments(two, twos.toByteArray());
  }
}
