package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.SocketException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Drills with snapshots of a real broker, which is stopped before them. */
class KafkaDrillTest {

  private static final EntryPath LOG = TopicPaths.log("mixed", 0, 0);

  @TempDir static Path directory;
  private static BackupRepository repository;
  private static Snapshot snapshot;
  private static long committed;

  @BeforeAll
  static void capture() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    try (TestCluster kafka = TestCluster.start(directory, 1, Map.of())) {
      kafka.createTopic("mixed", 2, 1, Map.of());
      new MixedTopic(kafka, "mixed").fill();
      TopicPartition mixed = new TopicPartition("mixed", 0);
      committed = kafka.consume(mixed, 0, true).size();
      kafka.createTopic("cut", 1, 1, Map.of("message.timestamp.type", "LogAppendTime"));
      kafka.write("cut", 0, 50);
      TopicPartition cut = new TopicPartition("cut", 0);
      TestCluster.done(
          kafka.admin().deleteRecords(Map.of(cut, RecordsToDelete.beforeOffset(21))).all());
      group(kafka, "middle", Map.of(mixed, 77L, cut, 30L));
      group(kafka, "at the end", Map.of(mixed, kafka.end(mixed)));
      group(kafka, "in an aborted one", Map.of(mixed, kafka.end(mixed) - 3));
      group(kafka, "deleted", Map.of(cut, 3L));
      snapshot =
          repository
              .backup(KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.all()))
              .snapshot();
    }
  }

  private static void group(TestCluster kafka, String id, Map<TopicPartition, Long> offsets)
      throws Exception {
    for (Map.Entry<TopicPartition, Long> each : offsets.entrySet()) {
      TestCluster.done(
          kafka
              .admin()
              .alterConsumerGroupOffsets(
                  id, Map.of(each.getKey(), new OffsetAndMetadata(each.getValue())))
              .all());
    }
  }

  @AfterAll
  static void close() throws IOException {
    repository.close();
  }

  @Test
  void everyRecordComesBackAndGroupsResumeWhereTheyStood() throws Exception {
    Verification told = repository.verify(snapshot, KafkaDrill.create());
    assertTrue(told.passed(), told.findings()::toString);
    assertEquals(Proof.RESTORED, told.proof());
    assertEquals(Long.toString(committed + 29), told.facts().get("records"));
    assertEquals("3", told.facts().get("partitions"));
    assertEquals("3", told.facts().get("groups"));
    assertTrue(Long.parseLong(told.facts().get("milliseconds")) > 0);
    assertTrue(
        told.findings().stream()
            .anyMatch(
                each -> each.severity() == Severity.INFO && each.subject().equals("group deleted")),
        told.findings()::toString);
  }

  @Test
  void oneByteThatIsAnotherIsNamedByTopicPartitionAndOffset() throws Exception {
    try (SnapshotReader good = repository.open(snapshot)) {
      Snapshot spoilt =
          repository
              .backup(
                  new SpoiltLog(
                      good,
                      (path, bytes) -> {
                        if (path.equals(LOG)) {
                          bytes[70] ^= 1;
                        }
                        return bytes;
                      }))
              .snapshot();
      Verification told =
          repository.verify(
              spoilt,
              KafkaDrill.create().topics(TopicSelection.named("mixed")).groups(any -> false));
      assertFalse(told.passed());
      assertTrue(
          told.findings().stream()
              .anyMatch(each -> each.message().contains("Topic mixed, partition 0, offset 0: ")),
          told.findings()::toString);
    }
  }

  @Test
  void noAddressOfTheSnapshotIsConnectedTo() throws Exception {
    AtomicInteger connections = new AtomicInteger();
    Thread counting;
    try (ServerSocket trap = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        SnapshotReader good = repository.open(snapshot)) {
      counting = new Thread(() -> count(trap, connections));
      counting.start();
      Snapshot trapped =
          repository
              .backup(
                  new SpoiltLog(
                      good,
                      (path, bytes) ->
                          path.equals(EntryPath.of("cluster/cluster.json"))
                              ? aimed(bytes, trap.getLocalPort())
                              : bytes))
              .snapshot();
      Verification told =
          repository.verify(trapped, KafkaDrill.create().topics(TopicSelection.named("cut")));
      assertTrue(told.passed(), told.findings()::toString);
    }
    counting.join(60_000);
    assertEquals(0, connections.get());
  }

  private static void count(ServerSocket trap, AtomicInteger connections) {
    try {
      while (true) {
        trap.accept().close();
        connections.incrementAndGet();
      }
    } catch (SocketException closed) {
      // The test is over.
    } catch (IOException broken) {
      connections.set(-1);
    }
  }

  private static byte[] aimed(byte[] bytes, int port) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    String aimed = text.replaceAll("\"port\":[0-9]+", "\"port\":" + port);
    assertFalse(aimed.equals(text), text);
    return aimed.getBytes(StandardCharsets.UTF_8);
  }

  @Test
  void aTopicThatIsNotThereIsSaidBeforeABrokerIsStarted() {
    BackupException absent =
        assertThrows(
            BackupException.class,
            () ->
                repository.verify(
                    snapshot, KafkaDrill.create().topics(TopicSelection.named("absent"))));
    assertEquals(Kind.NOT_FOUND, absent.kind());
  }

  @Test
  void aDrillThatTakesTooLongEnds() {
    BackupException late =
        assertThrows(
            BackupException.class,
            () -> repository.verify(snapshot, KafkaDrill.create().within(Duration.ofMillis(1))));
    assertEquals(Kind.UNAVAILABLE, late.kind());
    assertTrue(late.getMessage().startsWith("The drill was not over within"), late.getMessage());
  }
}
