package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Captures of real brokers, judged by the bytes of their own segments. */
class KafkaTopicsSourceTest {

  @TempDir static Path directory;
  private static TestCluster kafka;

  private BackupRepository repository;

  @BeforeAll
  static void start() throws IOException {
    kafka = TestCluster.start(directory, 1, Map.of("log.flush.interval.messages", "1"));
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
  }

  @Test
  void whatIsStoredAreTheBytesOfTheBroker() throws Exception {
    kafka.createTopic("mixed", 2, 1, Map.of());
    new MixedTopic(kafka, "mixed").fill();

    BackupReport report = backup("mixed");

    assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report.findings()::toString);
    try (SnapshotReader snapshot = repository.open(report.snapshot())) {
      TopicPartition partition = new TopicPartition("mixed", 0);
      assertArrayEquals(kafka.segments(1, partition), bytes(snapshot, partition));
      StoredPartition stored = stored(snapshot, partition);
      assertEquals(kafka.end(partition), stored.to());
      assertEquals(3, stored.aborted().size());
      assertEquals(List.of(), stored.unended());
      assertEquals("raw", stored.transport());
      assertEquals(0, stored(snapshot, new TopicPartition("mixed", 1)).to());
    }
  }

  @Test
  void ofACompactedTopicWhatTheCleanerLeftIsStored() throws Exception {
    kafka.createTopic(
        "compacted",
        1,
        1,
        Map.of(
            "cleanup.policy", "compact",
            "segment.bytes", "1048576",
            "min.cleanable.dirty.ratio", "0.01",
            "delete.retention.ms", "0"));
    TopicPartition partition = new TopicPartition("compacted", 0);
    kafka.write("compacted", 0, 50_000);
    kafka.awaitCompaction(partition, 50_000);
    kafka.write("compacted", 50_000, 50_010);

    BackupReport report = backup("compacted");

    assertEquals(SnapshotState.COMPLETE, report.snapshot().state());
    try (SnapshotReader snapshot = repository.open(report.snapshot())) {
      assertArrayEquals(kafka.segments(1, partition), bytes(snapshot, partition));
      StoredPartition stored = stored(snapshot, partition);
      assertEquals(50_010, stored.to());
      assertTrue(stored.records() < 50_000, stored::toString);
    }
  }

  @Test
  void anIncrementIsWholeAndReusesWhatIsStored() throws Exception {
    kafka.createTopic("growing", 2, 1, Map.of());
    kafka.write("growing", 0, 1000);
    backup("growing");
    BackupReport same = backup("growing");
    // The manifest and the guide name the run.
    assertEquals(2, same.filesNew() + same.filesChanged(), same::toString);

    kafka.write("growing", 1000, 1500);
    BackupReport grown = backup("growing");

    assertEquals(SnapshotState.COMPLETE, grown.snapshot().state());
    TopicPartition partition = new TopicPartition("growing", 0);
    try (SnapshotReader snapshot = repository.open(grown.snapshot())) {
      assertArrayEquals(kafka.segments(1, partition), bytes(snapshot, partition));
      assertEquals(1500, stored(snapshot, partition).records());
    }
  }

  @Test
  void aTransactionThatIsOpenIsLeftOutAndOneThatEndsBehindItIsKnown() throws Exception {
    kafka.createTopic("open", 1, 1, Map.of());
    TopicPartition partition = new TopicPartition("open", 0);
    try (KafkaProducer<byte[], byte[]> ended = kafka.producer(Map.of("transactional.id", "ended"));
        KafkaProducer<byte[], byte[]> open = kafka.producer(Map.of("transactional.id", "open"))) {
      ended.initTransactions();
      open.initTransactions();
      ended.beginTransaction();
      open.beginTransaction();
      send(ended, "open", "aborted");
      send(open, "open", "undecided");
      ended.abortTransaction();
      kafka.awaitMarker(partition, 3);
      try (SnapshotReader snapshot = repository.open(backup("open").snapshot())) {
        StoredPartition stored = stored(snapshot, partition);
        assertEquals(1, stored.to());
        assertEquals(1, stored.unended().size());
        assertTrue(stored.unended().get(0).aborted());
      }
      open.commitTransaction();
    }
    kafka.awaitDecided(partition);
    try (SnapshotReader snapshot = repository.open(backup("open").snapshot())) {
      StoredPartition stored = stored(snapshot, partition);
      assertEquals(4, stored.to());
      assertEquals(List.of(), stored.unended());
      assertEquals(List.of(0L), stored.aborted().stream().map(each -> each.firstOffset()).toList());
      assertArrayEquals(kafka.segments(1, partition), bytes(snapshot, partition));
    }
  }

  @Test
  void whatRetentionTookBeforeItWasReadIsNamed() throws Exception {
    kafka.createTopic("holes", 1, 1, Map.of());
    kafka.write("holes", 0, 10);
    backup("holes");
    kafka.write("holes", 10, 30);
    deleteUpTo("holes", 20);

    BackupReport report = backup("holes");

    assertEquals(SnapshotState.PARTIAL, report.snapshot().state());
    assertFinding(report, "holes-0", "Offsets 10 to 19 were deleted by the broker");
    try (SnapshotReader snapshot = repository.open(report.snapshot())) {
      assertEquals(20, stored(snapshot, new TopicPartition("holes", 0)).from());
    }
    assertEquals(SnapshotState.COMPLETE, backup("holes").snapshot().state());
  }

  @Test
  void whatRetentionTookAfterItWasReadIsNoHole() throws Exception {
    kafka.createTopic("retained", 1, 1, Map.of());
    kafka.write("retained", 0, 10);
    backup("retained");
    deleteUpTo("retained", 5);
    kafka.write("retained", 10, 12);

    BackupReport report = backup("retained");

    assertEquals(SnapshotState.COMPLETE, report.snapshot().state());
    try (SnapshotReader snapshot = repository.open(report.snapshot())) {
      assertEquals(5, stored(snapshot, new TopicPartition("retained", 0)).from());
    }
  }

  @Test
  void whoKeepsAllKeepsWhatTheBrokerDeleted() throws Exception {
    kafka.createTopic("kept", 1, 1, Map.of());
    KafkaTopicsSource source =
        KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.named("kept")).keepingAll();
    kafka.write("kept", 0, 10);
    repository.backup(source);
    kafka.write("kept", 10, 20);
    kafka.write("kept", 20, 30);
    deleteUpTo("kept", 20);

    BackupReport report = repository.backup(source);

    assertFinding(report, "kept-0", "Offsets 10 to 19 were deleted by the broker");
    try (SnapshotReader snapshot = repository.open(report.snapshot())) {
      StoredPartition stored = stored(snapshot, new TopicPartition("kept", 0));
      assertEquals(0, stored.from());
      assertEquals(30, stored.to());
      assertEquals(20, stored.records());
      assertEquals(1, stored.holes().size());
    }
    assertEquals(SnapshotState.COMPLETE, repository.backup(source).snapshot().state());
  }

  @Test
  void aTopicThatWasMadeAgainIsReadFromItsStart() throws Exception {
    kafka.createTopic("again", 1, 1, Map.of());
    kafka.write("again", 0, 10);
    backup("again");
    TestCluster.done(kafka.admin().deleteTopics(List.of("again")).all());
    kafka.createTopic("again", 1, 1, Map.of());
    kafka.write("again", 100, 120);

    BackupReport report = backup("again");

    assertFinding(report, "again-0", "The topic was deleted and made again");
    TopicPartition partition = new TopicPartition("again", 0);
    try (SnapshotReader snapshot = repository.open(report.snapshot())) {
      assertArrayEquals(kafka.segments(1, partition), bytes(snapshot, partition));
    }
  }

  @Test
  void aNamedTopicThatIsMissingMakesASnapshotPartialAndNoneAtAllIsAnError() throws Exception {
    kafka.createTopic("there", 1, 1, Map.of());
    BackupReport report = backup("there", "absent");
    assertEquals(SnapshotState.PARTIAL, report.snapshot().state());
    assertFinding(report, "absent", "There is no such topic");

    BackupException none = assertThrows(BackupException.class, () -> backup("absent"));
    assertEquals(Kind.NOT_FOUND, none.kind());
  }

  private BackupReport backup(String... topics) throws Exception {
    return repository.backup(
        KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.named(topics)));
  }

  private static void send(KafkaProducer<byte[], byte[]> producer, String topic, String value)
      throws Exception {
    producer.send(new ProducerRecord<>(topic, 0, null, TestCluster.bytes(value))).get();
  }

  private static void deleteUpTo(String topic, long offset) throws Exception {
    TestCluster.done(
        kafka
            .admin()
            .deleteRecords(
                Map.of(new TopicPartition(topic, 0), RecordsToDelete.beforeOffset(offset)))
            .all());
  }

  private static void assertFinding(BackupReport report, String subject, String beginning) {
    assertTrue(
        report.findings().stream()
            .anyMatch(
                each -> each.subject().equals(subject) && each.message().startsWith(beginning)),
        () -> report.findings().stream().map(Finding::toString).collect(Collectors.joining("\n")));
  }

  private static StoredPartition stored(SnapshotReader snapshot, TopicPartition partition)
      throws IOException {
    return new SnapshotOfTopics(snapshot).stored(partition);
  }

  private static byte[] bytes(SnapshotReader snapshot, TopicPartition partition)
      throws IOException {
    return new SnapshotOfTopics(snapshot).bytes(partition);
  }
}
