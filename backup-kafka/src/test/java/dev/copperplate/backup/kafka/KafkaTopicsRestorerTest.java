package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Topics that are restored under another name, judged by what stock consumers see of both. */
@Timeout(120)
class KafkaTopicsRestorerTest {

  @TempDir static Path directory;
  private static TestCluster kafka;
  private static Replayed replayed;

  @TempDir Path own;
  private BackupRepository repository;

  @BeforeAll
  static void start() throws IOException {
    kafka =
        TestCluster.start(
            directory, 1, Map.of("log.message.timestamp.after.max.ms", "9223372036854775807"));
    replayed = new Replayed(kafka);
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
  void aMixedTopicComesBackAsItWasSeenAndEachOffsetIsKnown() throws Exception {
    kafka.createTopic("mixed", 2, 1, Map.of("retention.ms", "-1", "segment.bytes", "2000000"));
    new MixedTopic(kafka, "mixed").fill();

    RestoreReport report = repository.restore(backup("mixed"), copies());

    assertTrue(report.complete(), report.findings()::toString);
    replayed.assertSame(partition("mixed", 0), partition("mixed copy", 0), journal());
    assertEquals(0, kafka.end(partition("mixed copy", 1)));
    assertEquals(
        Integer.toString(replayed.contents(partition("mixed", 0)).size()),
        report.facts().get("records"));
    assertEquals("0", report.facts().get("batches-rebuilt"));
    assertEquals(
        List.of(
            "create topic mixed-copy of mixed with 2 partitions, 1 replica, retention.ms=-1,"
                + " segment.bytes=2000000"),
        report.plan().steps());
    assertEquals(List.of(), report.plan().destroys());
    assertEquals("2000000", configuration("mixed-copy", "segment.bytes"));
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    kafka.createTopic("dry", 1, 1, Map.of());
    kafka.write("dry", 0, 3);

    RestorePlan plan = repository.planRestore(backup("dry"), copies());

    assertEquals(List.of("create topic dry-copy of dry with 1 partition, 1 replica"), plan.steps());
    assertFalse(Files.exists(journal()));
    assertFalse(TestCluster.done(kafka.admin().listTopics().names()).contains("dry-copy"));
  }

  @Test
  void aCompactedTopicComesBackWithoutItsGapsAndEachOffsetIsKnown() throws Exception {
    kafka.createTopic(
        "compacted",
        1,
        1,
        Map.of(
            "cleanup.policy",
            "compact",
            "segment.ms",
            "200",
            "retention.ms",
            "-1",
            "min.cleanable.dirty.ratio",
            "0.01",
            "delete.retention.ms",
            "100000"));
    compact("compacted");

    RestoreReport report = repository.restore(backup("compacted"), copies());

    replayed.assertSame(partition("compacted", 0), partition("compacted copy", 0), journal());
    assertTrue(Long.parseLong(report.facts().get("batches-rebuilt")) > 0, report.facts()::toString);
  }

  /** Updates and tombstones of few keys, until the cleaner has left gaps. Then it rests. */
  private static void compact(String topic) throws Exception {
    for (int round = 0; round < 4; round++) {
      kafka.write(topic, round * 100, round * 100 + 100);
      try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of())) {
        producer
            .send(new ProducerRecord<>(topic, 0, TestCluster.bytes("key 3"), null))
            .get(1, TimeUnit.MINUTES);
      }
    }
    TopicPartition partition = partition(topic, 0);
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    int number = 1000;
    while (kafka.consume(partition, 0, true).size() > kafka.end(partition) / 2) {
      assertTrue(System.nanoTime() < deadline, "The cleaner did nothing");
      // It takes closed segments alone, and time closes one when something is written.
      kafka.write(topic, number, number + 1);
      number++;
    }
    configure(topic, "cleanup.policy", "delete");
    kafka.write(topic, 2000, 2020);
  }

  @Test
  void timesThatTheBrokerGaveComeBack() throws Exception {
    kafka.createTopic(
        "appended", 1, 1, Map.of("message.timestamp.type", "LogAppendTime", "retention.ms", "-1"));
    kafka.write("appended", 0, 30);

    repository.restore(backup("appended"), copies());

    replayed.assertSame(partition("appended", 0), partition("appended copy", 0), journal());
    assertEquals("LogAppendTime", configuration("appended-copy", "message.timestamp.type"));
  }

  @Test
  void aBatchThatIsTooLargeForTheDestinationIsCut() throws Exception {
    kafka.createTopic("large", 1, 1, Map.of("retention.ms", "-1"));
    kafka.createTopic("large-copy", 1, 1, Map.of("max.message.bytes", "400"));
    kafka.write("large", 0, 300);
    Snapshot snapshot = backup("large");
    for (long cut = 1500; cut < 6000; cut += 1500) {
      Restorer dying = Cuts.after(cut, copies().intoEmpty());
      assertThrows(IOException.class, () -> repository.restore(snapshot, dying));
    }

    RestoreReport report = repository.restore(snapshot, copies().intoEmpty());

    replayed.assertSame(partition("large", 0), partition("large copy", 0), journal());
    assertTrue(Long.parseLong(report.facts().get("batches-rebuilt")) > 9, report.facts()::toString);
  }

  @Test
  void aRecordThatIsTooLargeIsNamed() throws Exception {
    kafka.createTopic("huge", 1, 1, Map.of("retention.ms", "-1"));
    kafka.createTopic("huge-copy", 1, 1, Map.of("max.message.bytes", "60"));
    kafka.write("huge", 0, 3);

    BackupException refused = refused(copies().intoEmpty(), backup("huge"));

    assertEquals(Kind.INVALID, refused.kind());
    assertTrue(
        refused
            .getMessage()
            .startsWith("huge-copy-0 does not take what stood at offset 0 of huge-0"),
        refused::getMessage);
  }

  @Test
  void onlyRecordsOfTheTimeComeBack() throws Exception {
    kafka.createTopic("timed", 1, 1, Map.of("retention.ms", "-1"));
    send("timed", 10, 40, 20, 5, 39, 30, 20);

    RestoreReport report =
        repository.restore(
            backup("timed"), copies().between(Instant.ofEpochMilli(20), Instant.ofEpochMilli(40)));

    assertEquals(List.of(20L, 39L, 30L, 20L), times("timed-copy"));
    assertEquals("3", report.facts().get("filtered"));
    OffsetMap map = OffsetMap.open(journal());
    assertEquals(0, map.translate("timed", 0, 0));
    assertEquals(1, map.translate("timed", 0, 3));
    assertEquals(4, map.translate("timed", 0, 7));
  }

  @Test
  void onlyTheOffsetsComeBack() throws Exception {
    kafka.createTopic("ranged", 1, 1, Map.of("retention.ms", "-1"));
    send("ranged", 0, 1, 2, 3, 4, 5, 6, 7);

    repository.restore(backup("ranged"), copies().offsets(partition("ranged", 0), 2, 5));

    assertEquals(List.of(2L, 3L, 4L), times("ranged-copy"));
  }

  @Test
  void aTransformDropsAndRewrites() throws Exception {
    kafka.createTopic("masked", 1, 1, Map.of("retention.ms", "-1"));
    new MixedTopic(kafka, "masked").fill();
    TopicPartition source = partition("masked", 0);
    Snapshot snapshot = backup("masked");

    repository.restore(
        snapshot,
        copies()
            .transformed(
                record ->
                    record.topic().equals(source.topic()) && record.offset() % 3 == 0
                        ? Optional.empty()
                        : Optional.of(
                            record.withValue(TestCluster.bytes("at " + record.offset())))));

    List<String> expected =
        kafka.consume(source, 0, true).stream()
            .filter(each -> each.offset() % 3 != 0)
            .map(each -> each.timestamp() + " at " + each.offset() + " " + each.headers())
            .toList();
    List<String> found =
        kafka.consume(partition("masked copy", 0), 0, true).stream()
            .map(
                each ->
                    each.timestamp()
                        + " "
                        + new String(each.value(), StandardCharsets.UTF_8)
                        + " "
                        + each.headers())
            .toList();
    assertEquals(expected, found);
  }

  @Test
  void partitionsChangePlacesAndTwoNeverBecomeOne() throws Exception {
    kafka.createTopic("placed", 2, 1, Map.of("retention.ms", "-1"));
    send("placed", 1, 2);
    Snapshot snapshot = backup("placed");

    BackupException refused = refused(copies().partitions(each -> 4), snapshot);
    assertEquals("placed-1 would become partition 4, as partition 0 does", refused.getMessage());

    repository.restore(snapshot, copies().partitions(each -> 3 - each.partition()));
    replayed.assertSame(partition("placed", 0), partition("placed copy", 3), journal());
    assertEquals(0, kafka.end(partition("placed copy", 2)));

    kafka.createTopic("placed2", 1, 1, Map.of());
    BackupException both =
        refused(
            KafkaTopicsRestorer.to(kafka.cluster(), own.resolve("other")).renamed(each -> "one"),
            backup("placed", "placed2"));
    assertEquals("Topics placed and placed2 would both become one", both.getMessage());
  }

  @Test
  void aTopicThatIsThereIsRefusedUnlessItIsEmptyOrAppendedTo() throws Exception {
    kafka.createTopic("there", 1, 1, Map.of("retention.ms", "-1"));
    kafka.createTopic("there-copy", 1, 1, Map.of("retention.ms", "-1"));
    send("there", 1, 2);
    Snapshot snapshot = backup("there");
    assertEquals(Kind.ALREADY_EXISTS, refused(copies(), snapshot).kind());
    send("there-copy", 9);
    BackupException full = refused(copies().intoEmpty(), snapshot);
    assertEquals(Kind.ALREADY_EXISTS, full.kind());
    assertTrue(full.getMessage().startsWith("there-copy-0 has records"), full::getMessage);

    repository.restore(snapshot, copies().appending());

    assertEquals(List.of(9L, 1L, 2L), times("there-copy"));
    assertEquals(1, OffsetMap.open(journal()).translate("there", 0, 0));
    assertEquals(Kind.ALREADY_EXISTS, refused(copies().appending(), snapshot).kind());
  }

  @Test
  void appendingThatEndedHalfWayIsNotGoneOnWith() throws Exception {
    kafka.createTopic("half", 1, 1, Map.of("retention.ms", "-1"));
    kafka.write("half", 0, 50);
    Snapshot snapshot = backup("half");
    Restorer dying = Cuts.after(1, copies().appending());
    assertThrows(IOException.class, () -> repository.restore(snapshot, dying));
    assertEquals(Kind.UNSUPPORTED, refused(copies().appending(), snapshot).kind());
  }

  @Test
  void theFirstRecordIsPaddedToItsOffsetWithinALimit() throws Exception {
    kafka.createTopic("padded", 1, 1, Map.of("retention.ms", "-1"));
    kafka.write("padded", 0, 130_000);
    TestCluster.done(
        kafka
            .admin()
            .deleteRecords(Map.of(partition("padded", 0), RecordsToDelete.beforeOffset(120_001)))
            .all());
    Snapshot snapshot = backup("padded");

    BackupException refused = refused(copies().padded(120_000), snapshot);
    assertEquals(Kind.INVALID, refused.kind());
    assertTrue(refused.getMessage().contains("120001 records of padding"), refused::getMessage);

    RestoreReport report = repository.restore(snapshot, copies().padded(120_001));
    assertEquals("9999", report.facts().get("records"));
    List<ConsumerRecord<byte[], byte[]>> records =
        kafka.consume(partition("padded copy", 0), 120_001, true);
    assertEquals(120_001, records.get(0).offset());
    assertEquals(120_001, kafka.start(partition("padded copy", 0)));
    assertEquals(9_999, records.size());
    assertEquals(125_000, OffsetMap.open(journal()).translate("padded", 0, 125_000));
  }

  @Test
  void whoeverWritesMeanwhileIsAConflictAndNothingIsLost() throws Exception {
    kafka.createTopic("busy", 1, 1, Map.of("retention.ms", "-1"));
    new MixedTopic(kafka, "busy").fill();
    Snapshot snapshot = backup("busy");
    Restorer dying = Cuts.after(3000, copies());
    assertThrows(IOException.class, () -> repository.restore(snapshot, dying));
    send("busy-copy", 1);
    assertEquals(Kind.CONFLICT, refused(copies(), snapshot).kind());
  }

  @Test
  void aJournalOfOtherChoicesOrOfAnotherTopicIsRefused() throws Exception {
    kafka.createTopic("chosen", 1, 1, Map.of("retention.ms", "-1"));
    kafka.write("chosen", 0, 50);
    Snapshot snapshot = backup("chosen");
    Restorer dying = Cuts.after(1, copies());
    assertThrows(IOException.class, () -> repository.restore(snapshot, dying));
    assertEquals(
        Kind.INVALID, refused(copies().offsets(partition("chosen", 0), 0, 5), snapshot).kind());
    assertEquals(Kind.INVALID, refused(copies().renamed(name -> "other"), snapshot).kind());
    TestCluster.done(kafka.admin().deleteTopics(List.of("chosen-copy")).all());
    kafka.createTopic("chosen-copy", 1, 1, Map.of());
    BackupException changed = refused(copies(), snapshot);
    assertEquals(Kind.CONFLICT, changed.kind());
    assertTrue(changed.getMessage().contains(" since journal "), changed::getMessage);
  }

  private BackupException refused(Restorer restorer, Snapshot snapshot) {
    return assertThrows(BackupException.class, () -> repository.restore(snapshot, restorer));
  }

  /** Records of these times, all in one batch. */
  private static void send(String topic, long... times) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer = kafka.producer(Map.of("linger.ms", 100))) {
      List<Future<RecordMetadata>> sent = new ArrayList<>();
      for (long each : times) {
        sent.add(producer.send(new ProducerRecord<>(topic, 0, each, null, new byte[] {1})));
      }
      TestCluster.settled(sent);
    }
  }

  private static List<Long> times(String topic) throws Exception {
    return kafka.consume(partition(topic, 0), 0, true).stream()
        .map(ConsumerRecord::timestamp)
        .toList();
  }

  private KafkaTopicsRestorer copies() {
    return KafkaTopicsRestorer.to(kafka.cluster(), journal()).renamed(name -> name + "-copy");
  }

  private Path journal() {
    return own.resolve("journal");
  }

  private static TopicPartition partition(String topic, int partition) {
    return new TopicPartition(topic.replace(' ', '-'), partition);
  }

  private static void configure(String topic, String name, String value) throws Exception {
    AlterConfigOp change =
        new AlterConfigOp(new ConfigEntry(name, value), AlterConfigOp.OpType.SET);
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    TestCluster.done(
        kafka.admin().incrementalAlterConfigs(Map.of(resource, List.of(change))).all());
  }

  private static String configuration(String topic, String name) throws Exception {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    return TestCluster.done(kafka.admin().describeConfigs(List.of(resource)).all())
        .get(resource)
        .get(name)
        .value();
  }

  private Snapshot backup(String... topics) throws Exception {
    return repository
        .backup(KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.named(topics)))
        .snapshot();
  }
}
