package dev.copperplate.backup.kafka.transport;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.transport.RefusedBatchException.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.SimpleRecord;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Batches that are written stand in the broker's segments. */
@Timeout(60)
class RawSinkTest {

  private static final TransportOptions HASTY =
      TransportOptions.DEFAULTS.withPatience(Duration.ofSeconds(2));

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

  static ByteBuffer batch(ProducerIdentity producer, int sequence, String... values) {
    SimpleRecord[] records = new SimpleRecord[values.length];
    for (int i = 0; i < values.length; i++) {
      records[i] = new SimpleRecord(7, null, values[i].getBytes(StandardCharsets.UTF_8));
    }
    return MemoryRecords.withIdempotentRecords(
            Compression.NONE, producer.id(), producer.epoch(), sequence, records)
        .buffer();
  }

  @Test
  void aBatchThatIsReadIsTheOneThatWasWritten() throws Exception {
    TopicIdPartition topic = brokers.topic("written", 1, Map.of());
    try (RawTransport transport = brokers.raw(HASTY)) {
      ProducerIdentity producer = transport.initProducerId();
      assertNotEquals(producer, transport.initProducerId());
      ByteBuffer first = batch(producer, 0, "a", "b", "c");
      int size = first.remaining();
      assertEquals(0, transport.produce(topic.topicPartition(), first));
      assertEquals(size, first.remaining());
      assertEquals(3, transport.produce(topic.topicPartition(), batch(producer, 3, "d")));
      try (BatchStream stream = transport.read(topic, 0, 3, -1)) {
        ByteBuffer read = ByteBuffer.wrap(Brokers.rest(stream));
        first.putInt(12, 0); // the broker writes its leader epoch there
        assertEquals(first, read);
      }
    }
  }

  @Test
  void aBatchThatIsSentTwiceIsThereOnce() throws Exception {
    TopicIdPartition topic = brokers.topic("twice", 1, Map.of());
    try (RawTransport transport = brokers.raw(HASTY)) {
      ProducerIdentity producer = transport.initProducerId();
      assertEquals(0, transport.produce(topic.topicPartition(), batch(producer, 0, "a", "b")));
      assertEquals(2, transport.produce(topic.topicPartition(), batch(producer, 2, "c")));
      assertEquals(0, transport.produce(topic.topicPartition(), batch(producer, 0, "a", "b")));
      assertEquals(3, brokers.stable(topic));
    }
  }

  @Test
  void aBatchThatIsTooLargeIsToBeRewritten() throws Exception {
    TopicIdPartition topic = brokers.topic("small", 1, Map.of("max.message.bytes", "200"));
    RefusedBatchException refused = refused(topic, "x".repeat(300));
    assertEquals(Reason.TOO_LARGE, refused.reason());
    assertTrue(refused.getMessage().startsWith("Writing a batch to small-0"), refused.getMessage());
  }

  @Test
  void aRecordWithoutAKeyIsNotForACompactedTopic() throws Exception {
    TopicIdPartition topic = brokers.topic("keys", 1, Map.of("cleanup.policy", "compact"));
    RefusedBatchException refused = refused(topic, "no key");
    assertEquals(Reason.INVALID, refused.reason());
    assertTrue(refused.getMessage().contains("INVALID_RECORD, "), refused.getMessage());
  }

  private static RefusedBatchException refused(TopicIdPartition topic, String value)
      throws Exception {
    try (RawTransport transport = brokers.raw(HASTY)) {
      ByteBuffer batch = batch(transport.initProducerId(), 0, value);
      return assertThrows(
          RefusedBatchException.class, () -> transport.produce(topic.topicPartition(), batch));
    }
  }

  @Test
  void aBrokenChecksumIsInvalid() throws Exception {
    assertEquals(Kind.INVALID, failure("checksum", 0, 70).kind());
  }

  @Test
  void aSequenceThatIsNotTheNextIsAConflict() throws Exception {
    assertEquals(Kind.CONFLICT, failure("sequence", 9, -1).kind());
  }

  /** After something was written already; a byte is flipped, if one is named. */
  private static BackupException failure(String name, int after, int flipped) throws Exception {
    TopicIdPartition topic = brokers.topic(name, 1, Map.of());
    try (RawTransport transport = brokers.raw(HASTY)) {
      ProducerIdentity producer = transport.initProducerId();
      if (after > 0) {
        transport.produce(topic.topicPartition(), batch(producer, 0, "first"));
      }
      ByteBuffer batch = batch(producer, after, "value");
      if (flipped >= 0) {
        batch.put(flipped, (byte) ~batch.get(flipped));
      }
      BackupException failure =
          assertThrows(
              BackupException.class, () -> transport.produce(topic.topicPartition(), batch));
      assertTrue(failure.getMessage().contains(name + "-0"), failure.getMessage());
      return failure;
    }
  }

  @Test
  void aTopicThatIsNotThereIsNamed() throws Exception {
    try (RawTransport transport = brokers.raw(HASTY)) {
      ByteBuffer batch = batch(transport.initProducerId(), 0, "value");
      HistoryChangedException absent =
          assertThrows(
              HistoryChangedException.class,
              () -> transport.produce(new TopicPartition("nobodys", 0), batch));
      assertTrue(absent.getMessage().contains("nobodys"), absent.getMessage());
    }
  }
}
