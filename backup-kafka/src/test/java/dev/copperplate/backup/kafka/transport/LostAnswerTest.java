package dev.copperplate.backup.kafka.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Connections that break after the broker has done what was asked. */
@Timeout(60)
class LostAnswerTest {

  private static final TransportOptions HASTY =
      new TransportOptions(10_000, 1_000_000, Duration.ofSeconds(20));

  @TempDir static Path directory;
  private static CuttingProxy proxy;
  private static Brokers brokers;

  @BeforeAll
  static void start() throws Exception {
    proxy = new CuttingProxy();
    brokers =
        new Brokers(directory, 1, Map.of("advertised.listeners", "CLIENTS://" + proxy.address()));
    proxy.forwardTo(brokers.cluster.broker(1).address());
  }

  @AfterAll
  static void stop() throws Exception {
    brokers.close();
    proxy.close();
  }

  @Test
  void aReadGoesOnWhereItWas() throws Exception {
    TopicIdPartition topic = brokers.topic("cut", 1, Map.of());
    brokers.write(topic.topic(), 3_000, Map.of());
    proxy.cut(Request.Api.FETCH, 5);
    byte[] read = brokers.read(topic, 0, 3_000, HASTY);
    assertTrue(proxy.cutsLeft() <= 0);
    assertArrayEquals(Brokers.segments(brokers.cluster.broker(1), topic), read);
  }

  @Test
  void aBatchWithASequenceIsSentAgainAndIsThereOnce() throws Exception {
    TopicPartition topic = brokers.topic("once", 1, Map.of()).topicPartition();
    try (RawTransport transport = brokers.raw(HASTY)) {
      ProducerIdentity producer = transport.initProducerId();
      assertEquals(0, transport.produce(topic, RawSinkTest.batch(producer, 0, "a", "b")));
      proxy.cut(Request.Api.PRODUCE, 2);
      assertEquals(2, transport.produce(topic, RawSinkTest.batch(producer, 2, "c")));
      assertEquals(3, transport.produce(topic, RawSinkTest.batch(producer, 3, "d")));
    }
  }

  @Test
  void aBatchWithoutASequenceIsNotSentAgain() throws Exception {
    TopicIdPartition topic = brokers.topic("unknown", 1, Map.of());
    try (RawTransport transport = brokers.raw(HASTY)) {
      ByteBuffer batch = RawSinkTest.batch(new ProducerIdentity(-1, (short) -1), -1, "a");
      proxy.cut(Request.Api.PRODUCE, 1);
      BackupException unknown =
          assertThrows(
              BackupException.class, () -> transport.produce(topic.topicPartition(), batch));
      assertEquals(Kind.UNAVAILABLE, unknown.kind());
      assertTrue(unknown.getMessage().contains("may or may not"), unknown.getMessage());
      assertEquals(1, brokers.stable(topic));
    }
  }
}
