package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.kafka.KafkaGap.Reason;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.NewPartitions;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Snapshots that are whole, broken and outdated, before the verifiers. */
class KafkaVerifiersTest {

  private static final EntryPath LOG = TopicPaths.log("mixed", 0, 0);
  private static final EntryPath DOCUMENT = TopicPaths.partitionDocument("mixed", 0);

  @TempDir static Path directory;
  private static TestCluster kafka;
  private static BackupRepository repository;
  private static Snapshot mixed;

  @BeforeAll
  static void start() throws Exception {
    kafka = TestCluster.start(directory, 1, Map.of());
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    kafka.createTopic("mixed", 2, 1, Map.of());
    new MixedTopic(kafka, "mixed").fill();
    mixed = snapshot("mixed");
  }

  @AfterAll
  static void stop() throws IOException {
    repository.close();
    kafka.close();
  }

  @Test
  void aWholeSnapshotPassesAndIsCounted() throws Exception {
    Verification told = repository.verify(mixed, KafkaVerifiers.structure());
    assertTrue(told.passed(), told.findings()::toString);
    assertEquals(List.of(), errors(told));
    assertEquals(Proof.DATA, told.proof());
    assertEquals("1", told.facts().get("topics"));
    assertEquals("2", told.facts().get("partitions"));
    try (SnapshotReader snapshot = repository.open(mixed)) {
      assertEquals(snapshot.manifest().get("records").orElseThrow(), told.facts().get("records"));
      assertEquals(snapshot.manifest().get("bytes").orElseThrow(), told.facts().get("bytes"));
    }
  }

  @Test
  void oneByteThatIsAnotherIsNamedByTopicPartitionAndOffset() throws Exception {
    Snapshot spoilt = spoilt(LOG, bytes -> flipped(bytes, 70));
    Verification told = repository.verify(spoilt, KafkaVerifiers.structure());
    assertError(told, "Topic mixed, partition 0, offset 0: ", "checksum");
    assertError(told, "Topic mixed, partition 0, offset 0: ", "SHA-256");
    Verification live = repository.verify(spoilt, KafkaVerifiers.live(kafka.cluster()));
    assertError(live, "Topic mixed, partition 0, offset 0: ", "checksum");
  }

  @Test
  void anotherLeaderEpochIsNotSeenByTheChecksumAndByAllElse() throws Exception {
    Snapshot spoilt = spoilt(LOG, bytes -> flipped(bytes, 15));
    assertError(repository.verify(spoilt, KafkaVerifiers.structure()), "offset 0", "SHA-256");
    assertError(
        repository.verify(spoilt, KafkaVerifiers.live(kafka.cluster())),
        "Topic mixed, partition 0, offset 0: ",
        "leader epoch");
  }

  @Test
  void aFileThatEndsEarlyIsNamed() throws Exception {
    Snapshot spoilt = spoilt(LOG, bytes -> Arrays.copyOf(bytes, bytes.length - 3));
    assertError(
        repository.verify(spoilt, KafkaVerifiers.structure()),
        "Topic mixed, partition 0, offset ",
        "of which");
  }

  @Test
  void aLostFileADocumentThatIsNoneAndFilesOfNoDocumentAreNamed() throws Exception {
    assertError(
        repository.verify(spoilt(LOG, bytes -> null), KafkaVerifiers.structure()),
        "Topic mixed, partition 0, offset 0: ",
        "is not there");
    assertError(
        repository.verify(
            spoilt(DOCUMENT, bytes -> "{".getBytes(StandardCharsets.UTF_8)),
            KafkaVerifiers.structure()),
        "/topics/mixed/0/partition.json",
        "no such document");
    assertError(
        repository.verify(spoilt(DOCUMENT, bytes -> null), KafkaVerifiers.structure()),
        "does not have partition 0 of topic mixed",
        "");
    assertError(
        repository.verify(
            spoilt(TopicPaths.topicDocument("mixed"), bytes -> null), KafkaVerifiers.structure()),
        "does not have /topics/mixed/topic.json",
        "");
    assertError(
        repository.verify(
            spoilt(
                DOCUMENT,
                bytes -> replaced(bytes, "\"files\" : [ {", "\"files\" : [ ], \"x\" : [ {")),
            KafkaVerifiers.structure()),
        "00000000000000000000.log is in no document",
        "");
  }

  @Test
  void whatADocumentSaysOfAbortedTransactionsIsComparedWithTheMarkers() throws Exception {
    Snapshot spoilt =
        spoilt(
            DOCUMENT,
            bytes -> replaced(bytes, "\"aborted\" : [ {", "\"aborted\" : [ ], \"x\" : [ {"));
    assertError(
        repository.verify(spoilt, KafkaVerifiers.structure()),
        "Topic mixed, partition 0, offset ",
        "aborted transactions");
  }

  @Test
  void aGroupThatStandsBehindWhatIsHeldIsAWarning() throws Exception {
    kafka.createTopic("grouped", 1, 1, Map.of());
    kafka.write("grouped", 0, 10);
    TestCluster.done(
        kafka
            .admin()
            .alterConsumerGroupOffsets(
                "far", Map.of(new TopicPartition("grouped", 0), new OffsetAndMetadata(12)))
            .all());
    Verification told = repository.verify(snapshot("grouped"), KafkaVerifiers.structure());
    assertTrue(told.passed());
    assertFinding(told, Severity.WARNING, "group far", "It stands at offset 12 of grouped-0");
  }

  @Test
  void gapsThatCompactionExplainsAreCountedAndOthersAreAWarning() throws Exception {
    kafka.createTopic("sparse", 1, 1, Map.of());
    kafka.write("sparse", 0, 1);
    kafka.write("sparse", 1, 2);
    kafka.write("sparse", 2, 3);
    Snapshot whole = snapshot("sparse");
    EntryPath log = TopicPaths.log("sparse", 0, 0);
    try (SnapshotReader good = repository.open(whole)) {
      Snapshot cut =
          repository
              .backup(new SpoiltLog(good, (path, bytes) -> path.equals(log) ? cut(bytes) : bytes))
              .snapshot();
      Verification told = repository.verify(cut, KafkaVerifiers.structure());
      assertFinding(told, Severity.WARNING, "sparse-0", "1 offsets in 1 gaps have no batch");
      assertError(told, "Topic sparse, partition 0, offset 0: ", "the number of batches is 2");
      assertError(
          repository.verify(cut, KafkaVerifiers.live(kafka.cluster())),
          "Topic sparse, partition 0, offset 1: ",
          "the snapshot has offsets 2 to 2");
    }
  }

  @Test
  void theClusterHasTheSameBytesAndASampleIsLess() throws Exception {
    Verification whole = repository.verify(mixed, KafkaVerifiers.live(kafka.cluster()));
    assertEquals(List.of(), whole.findings());
    assertEquals(Proof.DATA, whole.proof());
    Verification sample = repository.verify(mixed, KafkaVerifiers.live(kafka.cluster(), 0.2));
    assertTrue(sample.passed(), sample.findings()::toString);
    assertEquals(Proof.STRUCTURE, sample.proof());
    long few = Long.parseLong(sample.facts().get("bytes"));
    assertTrue(few > 0 && few < Long.parseLong(whole.facts().get("bytes")), () -> few + " bytes");
  }

  @Test
  void whatTheClusterLacksAndWhatTheSnapshotLacksIsListed() throws Exception {
    for (String each : List.of("shrunk", "gone", "anew", "same")) {
      kafka.createTopic(each, 1, 1, Map.of());
      kafka.write(each, 0, 10);
    }
    Snapshot before = snapshot("shrunk", "gone", "anew", "same");
    try (SnapshotReader snapshot = repository.open(before)) {
      assertEquals(List.of(), KafkaGaps.find(snapshot, kafka.cluster()));
    }
    TestCluster.done(
        kafka
            .admin()
            .deleteRecords(Map.of(new TopicPartition("shrunk", 0), RecordsToDelete.beforeOffset(4)))
            .all());
    kafka.write("shrunk", 10, 13);
    TestCluster.done(kafka.admin().deleteTopics(List.of("gone", "anew")).all());
    kafka.createTopic("anew", 1, 1, Map.of());
    kafka.write("anew", 0, 2);
    TestCluster.done(
        kafka.admin().createPartitions(Map.of("same", NewPartitions.increaseTo(2))).all());

    try (SnapshotReader snapshot = repository.open(before)) {
      assertEquals(
          List.of(
              new KafkaGap("anew", 0, 0, 10, Reason.TOPIC_RECREATED),
              new KafkaGap("anew", 0, 0, 2, Reason.OTHER_TOPIC),
              new KafkaGap("gone", 0, 0, 10, Reason.TOPIC_DELETED),
              new KafkaGap("shrunk", 0, 0, 4, Reason.RECORDS_DELETED),
              new KafkaGap("shrunk", 0, 10, 13, Reason.NEWER)),
          KafkaGaps.find(snapshot, kafka.cluster()));
    }
    Verification gaps = repository.verify(before, KafkaVerifiers.gaps(kafka.cluster()));
    assertTrue(gaps.passed());
    assertEquals("24", gaps.facts().get("lacking-in-cluster"));
    assertEquals("5", gaps.facts().get("lacking-in-snapshot"));
    Verification live = repository.verify(before, KafkaVerifiers.live(kafka.cluster()));
    assertTrue(live.passed());
    assertEquals(Proof.STRUCTURE, live.proof());
    assertFinding(live, Severity.INFO, "gone", "The cluster has no such topic any more");
    assertFinding(live, Severity.INFO, "anew-0", "The topic was deleted and made again");
    assertFinding(live, Severity.INFO, "shrunk-0", "The cluster has deleted the records before");
  }

  @Test
  void whatCompactionChangedSinceIsSaidAndIsNoFault() throws Exception {
    kafka.createTopic(
        "compacted",
        1,
        1,
        Map.of(
            "cleanup.policy", "compact", "segment.ms", "200", "min.cleanable.dirty.ratio", "0.01"));
    kafka.write("compacted", 0, 200);
    Snapshot before = snapshot("compacted");
    TopicPartition partition = new TopicPartition("compacted", 0);
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(60);
    while (kafka.consume(partition, 0, true).size() > 150) {
      kafka.write("compacted", 0, 1); // the segment that is written to is not compacted
      assertTrue(System.nanoTime() < deadline, "nothing was compacted");
    }

    Verification live = repository.verify(before, KafkaVerifiers.live(kafka.cluster()));

    assertTrue(live.passed(), live.findings()::toString);
    assertEquals(Proof.STRUCTURE, live.proof());
    assertTrue(
        live.findings().stream()
            .anyMatch(each -> each.message().contains("were changed by compaction since")),
        live.findings()::toString);
    Verification since = repository.verify(snapshot("compacted"), KafkaVerifiers.structure());
    assertTrue(since.passed(), since.findings()::toString);
  }

  @FunctionalInterface
  private interface Change {
    byte @Nullable [] of(byte[] bytes);
  }

  private static Snapshot spoilt(EntryPath file, Change change) throws Exception {
    BiFunction<EntryPath, byte[], byte @Nullable []> all =
        (path, bytes) -> path.equals(file) ? change.of(bytes) : bytes;
    try (SnapshotReader good = repository.open(mixed)) {
      return repository.backup(new SpoiltLog(good, all)).snapshot();
    }
  }

  private static byte[] flipped(byte[] bytes, int at) {
    bytes[at] ^= 1;
    return bytes;
  }

  private static byte[] replaced(byte[] bytes, String old, String now) {
    String text = new String(bytes, StandardCharsets.UTF_8);
    assertTrue(text.contains(old), text);
    return text.replace(old, now).getBytes(StandardCharsets.UTF_8);
  }

  /** Without the second of three batches of the same length. */
  private static byte[] cut(byte[] bytes) {
    int third = bytes.length / 3;
    byte[] left = new byte[2 * third];
    System.arraycopy(bytes, 0, left, 0, third);
    System.arraycopy(bytes, 2 * third, left, third, third);
    return left;
  }

  private static Snapshot snapshot(String... topics) throws Exception {
    return repository
        .backup(KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.named(topics)))
        .snapshot();
  }

  private static List<String> errors(Verification told) {
    return told.findings().stream()
        .filter(each -> each.severity() == Severity.ERROR)
        .map(Finding::message)
        .collect(Collectors.toList());
  }

  private static void assertError(Verification told, String beginning, String part) {
    assertFalse(told.passed());
    assertTrue(
        errors(told).stream().anyMatch(each -> each.contains(beginning) && each.contains(part)),
        told.findings()::toString);
  }

  private static void assertFinding(
      Verification told, Severity severity, String subject, String beginning) {
    assertTrue(
        told.findings().stream()
            .anyMatch(
                each ->
                    each.severity() == severity
                        && each.subject().equals(subject)
                        && each.message().startsWith(beginning)),
        told.findings()::toString);
  }
}
