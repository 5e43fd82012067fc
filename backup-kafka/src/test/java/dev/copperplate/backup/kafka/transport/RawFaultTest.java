package dev.copperplate.backup.kafka.transport;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.transport.HistoryChangedException.Change;
import java.io.ByteArrayOutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.NewPartitionReassignment;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.common.ElectionType;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.common.quota.ClientQuotaAlteration;
import org.apache.kafka.common.quota.ClientQuotaEntity;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What happens to topics, leaders and connections while they are read. */
@Timeout(120)
class RawFaultTest {

  private static final TransportOptions SMALL = TransportOptions.DEFAULTS.withFetchBytes(10_000);
  private static final TransportOptions HASTY = SMALL.withPatience(Duration.ofSeconds(2));

  @TempDir static Path directory;
  private static Brokers brokers;

  @BeforeAll
  static void start() throws Exception {
    brokers =
        new Brokers(
            directory,
            2,
            Map.of(
                "quota.window.num", "2",
                "broker.heartbeat.interval.ms", "200",
                "broker.session.timeout.ms", "2000"));
  }

  @AfterAll
  static void stop() {
    brokers.close();
  }

  private static TopicIdPartition written(String name, int replicas) throws Exception {
    TopicIdPartition topic = brokers.topic(name, replicas, Map.of());
    brokers.write(name, 3_000, Map.of());
    return topic;
  }

  @Test
  void aLeaderThatMovesWhileItIsReadChangesNothing() throws Exception {
    TopicIdPartition topic = written("moving", 2);
    TopicPartition name = topic.topicPartition();
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (RawTransport transport = brokers.raw(SMALL);
        BatchStream stream = transport.read(topic, 0, 3_000, -1)) {
      Brokers.append(present(stream.next()), read);
      lead(name, 3 - leader(name));
      read.writeBytes(Brokers.rest(stream));
    }
    assertArrayEquals(Brokers.segments(brokers.cluster.broker(1), topic), read.toByteArray());
  }

  @Test
  void aLeaderThatStopsWhileItIsReadIsReplaced() throws Exception {
    TopicIdPartition topic = written("stopping", 2);
    TopicIdPartition strict = brokers.topic("strict", 2, Map.of("min.insync.replicas", "2"));
    TopicPartition name = topic.topicPartition();
    lead(name, 2);
    ByteArrayOutputStream read = new ByteArrayOutputStream();
    try (RawTransport transport = brokers.raw(SMALL);
        BatchStream stream = transport.read(topic, 0, 3_000, -1)) {
      Brokers.append(present(stream.next()), read);
      brokers.cluster.broker(2).stop();
      try {
        read.writeBytes(Brokers.rest(stream));
        assertReplicasAreMissed(strict);
      } finally {
        brokers.cluster.start();
      }
    }
    assertArrayEquals(Brokers.segments(brokers.cluster.broker(1), topic), read.toByteArray());
  }

  private static void assertReplicasAreMissed(TopicIdPartition topic) throws Exception {
    // Long enough for the new leader to be found first.
    try (RawTransport transport = brokers.raw(HASTY.withPatience(Duration.ofSeconds(8)))) {
      ByteBuffer batch = RawSinkTest.batch(transport.initProducerId(), 0, "value");
      BackupException given =
          assertThrows(
              BackupException.class, () -> transport.produce(topic.topicPartition(), batch));
      assertEquals(Kind.UNAVAILABLE, given.kind());
      assertTrue(given.getMessage().contains("NOT_ENOUGH_REPLICAS"), given.getMessage());
    }
  }

  @Test
  void aLogThatWentOnInAnotherEpochIsAnotherHistory() throws Exception {
    TopicIdPartition topic = written("diverged", 2);
    lead(topic.topicPartition(), 3 - leader(topic.topicPartition()));
    brokers.write(topic.topic(), 1_000, Map.of());
    try (RawTransport transport = brokers.raw(SMALL)) {
      try (BatchStream same = transport.read(topic, 3_000, 4_000, 0)) {
        assertTrue(Brokers.rest(same).length > 0);
      }
      try (BatchStream other = transport.read(topic, 3_500, 4_000, 0)) {
        HistoryChangedException changed = assertThrows(HistoryChangedException.class, other::next);
        assertEquals(Change.TRUNCATED, changed.change());
        assertTrue(changed.getMessage().contains("after leader epoch 0"), changed.getMessage());
      }
    }
  }

  /** Makes another replica the leader, if it is not yet. */
  private static void lead(TopicPartition name, int broker) throws Exception {
    if (leader(name) == broker) {
      return;
    }
    var order = new NewPartitionReassignment(List.of(broker, 3 - broker));
    Brokers.done(brokers.admin.alterPartitionReassignments(Map.of(name, Optional.of(order))).all());
    Brokers.done(brokers.admin.electLeaders(ElectionType.PREFERRED, Set.of(name)).all());
    for (int i = 0; leader(name) != broker; i++) {
      assertTrue(i < 600, "It does not lead");
      TimeUnit.MILLISECONDS.sleep(50); // brokers learn it at different times
    }
  }

  private static int leader(TopicPartition name) throws Exception {
    return Brokers.done(brokers.admin.describeTopics(List.of(name.topic())).allTopicNames())
        .get(name.topic())
        .partitions()
        .get(0)
        .leader()
        .id();
  }

  private static <T> T present(@Nullable T value) {
    return Objects.requireNonNull(value);
  }

  @Test
  void aDeletedTopicIsNamed() throws Exception {
    TopicIdPartition topic = written("deleted", 1);
    try (RawTransport transport = brokers.raw(SMALL);
        BatchStream stream = transport.read(topic, 0, 3_000, -1)) {
      stream.next();
      Brokers.done(brokers.admin.deleteTopics(List.of(topic.topic())).all());
      HistoryChangedException changed =
          assertThrows(HistoryChangedException.class, () -> Brokers.rest(stream));
      assertEquals(Change.DELETED, changed.change());
    }
  }

  @Test
  void aTopicThatWasMadeAnewIsNotTheSame() throws Exception {
    TopicIdPartition topic = written("recreated", 1);
    try (RawTransport transport = brokers.raw(SMALL);
        BatchStream stream = transport.read(topic, 0, 3_000, -1)) {
      stream.next();
      Brokers.done(brokers.admin.deleteTopics(List.of(topic.topic())).all());
      written(topic.topic(), 1);
      HistoryChangedException changed =
          assertThrows(HistoryChangedException.class, () -> Brokers.rest(stream));
      assertEquals(Change.RECREATED, changed.change());
    }
  }

  @Test
  void aTopicOfAnotherIdIsNotRead() throws Exception {
    TopicIdPartition topic = written("other-id", 1);
    TopicIdPartition other = new TopicIdPartition(Uuid.randomUuid(), topic.topicPartition());
    HistoryChangedException changed =
        assertThrows(HistoryChangedException.class, () -> brokers.read(other, 0, 9, SMALL));
    assertEquals(Change.RECREATED, changed.change());
  }

  @Test
  void aPartitionThatIsNotThereIsNamed() throws Exception {
    TopicIdPartition topic = written("partitions", 1);
    BackupException absent =
        assertThrows(
            BackupException.class,
            () ->
                brokers.read(new TopicIdPartition(topic.topicId(), 7, topic.topic()), 0, 9, SMALL));
    assertEquals(Kind.NOT_FOUND, absent.kind());
    assertTrue(absent.getMessage().contains("none with number 7"), absent.getMessage());
  }

  @Test
  void offsetsThatRetentionTookAreNamedWithTheStartOfTheLog() throws Exception {
    TopicIdPartition topic = written("retention", 1);
    Brokers.done(
        brokers
            .admin
            .deleteRecords(Map.of(topic.topicPartition(), RecordsToDelete.beforeOffset(1_234)))
            .all());
    for (int epoch = -1; epoch <= 0; epoch++) {
      try (RawTransport transport = brokers.raw(SMALL);
          BatchStream stream = transport.read(topic, 100, 3_000, epoch)) {
        OffsetsGoneException gone = assertThrows(OffsetsGoneException.class, stream::next);
        assertEquals(1_234, gone.logStart());
      }
    }
  }

  @Test
  void aLogThatEndsBelowTheOffsetWasTruncated() throws Exception {
    TopicIdPartition topic = written("short", 1);
    HistoryChangedException changed =
        assertThrows(HistoryChangedException.class, () -> brokers.read(topic, 4_000, 5_000, SMALL));
    assertEquals(Change.TRUNCATED, changed.change());
  }

  @Test
  void anEpochThatTheBrokerDoesNotKnowIsAnotherHistory() throws Exception {
    TopicIdPartition topic = written("epochs", 1);
    try (RawTransport transport = brokers.raw(SMALL)) {
      try (BatchStream same = transport.read(topic, 2_900, 3_000, 0)) {
        assertTrue(Brokers.rest(same).length > 0);
      }
      try (BatchStream other = transport.read(topic, 2_900, 3_000, 9)) {
        HistoryChangedException changed = assertThrows(HistoryChangedException.class, other::next);
        assertEquals(Change.TRUNCATED, changed.change());
      }
    }
  }

  @Test
  void anEndThatTheBrokerDoesNotReachIsNotTakenForTheEnd() throws Exception {
    TopicIdPartition topic = written("behind", 1);
    try (RawTransport transport = brokers.raw(HASTY);
        BatchStream stream = transport.read(topic, 3_000, 3_001, -1)) {
      BackupException behind = assertThrows(BackupException.class, stream::next);
      assertEquals(Kind.UNAVAILABLE, behind.kind());
      assertTrue(
          behind.getMessage().contains("the last stable offset is 3000, not 3001"),
          behind.getMessage());
    }
  }

  @Test
  void aThrottledReadWaitsAndIsWhole() throws Exception {
    TopicIdPartition topic = brokers.topic("throttled", 1, Map.of());
    brokers.write(topic.topic(), 150, Map.of("batch.size", 0));
    byte[] stored = Brokers.segments(brokers.cluster.broker(leader(topic.topicPartition())), topic);
    ClientQuotaEntity client =
        new ClientQuotaEntity(Map.of(ClientQuotaEntity.CLIENT_ID, "copperplate-backup"));
    alter(client, 4_000.0);
    try {
      assertArrayEquals(
          stored,
          brokers.read(
              topic,
              0,
              150,
              TransportOptions.DEFAULTS.withFetchBytes(1_000).withPatience(Duration.ofSeconds(1))));
    } finally {
      alter(client, null);
    }
  }

  private static void alter(ClientQuotaEntity client, @Nullable Double rate) throws Exception {
    Brokers.done(
        brokers
            .admin
            .alterClientQuotas(
                List.of(
                    new ClientQuotaAlteration(
                        client, List.of(new ClientQuotaAlteration.Op("consumer_byte_rate", rate)))))
            .all());
  }

  @Test
  void aBatchThatIsLargerThanAllowedIsNamedWithItsOffset() throws Exception {
    TopicIdPartition topic = brokers.topic("huge", 1, Map.of("max.message.bytes", "9000000"));
    brokers.write(topic.topic(), 5, Map.of("linger.ms", 1_000));
    try (var producer =
        brokers.producer(Map.of("max.request.size", 9_000_000, "buffer.memory", 40_000_000))) {
      producer
          .send(Brokers.record(topic.topic(), "k", "x".repeat(6_000_000)))
          .get(60, TimeUnit.SECONDS);
    }
    BackupException large =
        assertThrows(
            BackupException.class,
            () -> brokers.read(topic, 0, 6, SMALL.withLargestBatch(1_000_000)));
    assertEquals(Kind.UNSUPPORTED, large.kind());
    assertTrue(
        large.getMessage().startsWith("Reading huge-0 at offset 5 meets"), large.getMessage());
  }

  @Test
  void aServerThatStaysSilentIsGivenUp() throws Exception {
    TopicIdPartition topic = written("silent", 1);
    try (ServerSocket silent = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        RawTransport transport =
            RawTransport.of(
                KafkaCluster.of(Map.of("bootstrap.servers", "127.0.0.1:" + silent.getLocalPort())),
                HASTY);
        BatchStream stream = transport.read(topic, 0, 1, -1)) {
      BackupException late = assertThrows(BackupException.class, stream::next);
      assertEquals(Kind.UNAVAILABLE, late.kind());
      Patience patience = transport.patience("Probing");
      BackupException deaf =
          assertThrows(
              BackupException.class,
              () ->
                  transport
                      .connections()
                      .probe(new Endpoint("127.0.0.1", silent.getLocalPort()), patience));
      assertTrue(deaf.getMessage().contains("to answer ApiVersions"), deaf.getMessage());
    }
  }

  @Test
  void closingFromAnotherThreadEndsAWaitingCall() throws Exception {
    TopicIdPartition topic = written("closing", 1);
    ExecutorService other = Executors.newSingleThreadExecutor();
    RawTransport transport = brokers.raw(SMALL);
    try {
      BatchStream stream = transport.read(topic, 3_000, 3_001, -1);
      Future<?> waiting = other.submit(stream::next);
      assertThrows(TimeoutException.class, () -> waiting.get(1, TimeUnit.SECONDS));
      transport.close();
      Throwable cause =
          assertThrows(ExecutionException.class, () -> waiting.get(10, TimeUnit.SECONDS))
              .getCause();
      assertTrue(
          assertInstanceOf(BackupException.class, cause).getMessage().contains("was closed"));
    } finally {
      transport.close();
      other.shutdownNow();
    }
  }

  @Test
  void anInterruptEndsACall() throws Exception {
    TopicIdPartition topic = written("interrupted", 1);
    try (RawTransport transport = brokers.raw(SMALL);
        BatchStream stream = transport.read(topic, 3_000, 3_001, -1)) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedException.class, stream::next);
    }
  }
}
