package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Groups that go on in another cluster, each at the record that it would have read next. */
@Timeout(180)
class KafkaTopicsRestorerGroupsTest {

  private static final TopicPartition MIXED = new TopicPartition("mixed", 0);

  @TempDir static Path directory;
  private static TestCluster source;
  private static TestCluster target;

  @TempDir Path own;
  private BackupRepository repository;

  @BeforeAll
  static void start() throws Exception {
    source = TestCluster.start(directory.resolve("source"), 1, Map.of());
    target = TestCluster.start(directory.resolve("target"), 1, Map.of());
    source.createTopic("mixed", 1, 1, Map.of("retention.ms", "-1"));
    new MixedTopic(source, "mixed").fill();
  }

  @AfterAll
  static void stop() {
    source.close();
    target.close();
  }

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @Test
  void everyGroupResumesOnItsRecordAlsoOnMarkersInAbortedDataAndAtTheEnd() throws Exception {
    long end = source.end(MIXED);
    List<Long> offsets = new ArrayList<>(List.of(0L, 7L, 199L));
    for (long each = 200; each <= end; each++) {
      offsets.add(each);
    }
    for (long each : offsets) {
      commit(source, "at " + each, each);
    }

    RestoreReport report =
        repository.restore(
            backup(),
            KafkaTopicsRestorer.to(target.cluster(), own.resolve("journal"))
                .groups(group -> group.startsWith("at ")));

    assertTrue(report.complete(), report.findings()::toString);
    assertEquals(Integer.toString(offsets.size()), report.facts().get("groups"));
    assertTrue(report.plan().steps().contains("move group 'at 7' in 1 partitions"));
    for (long each : offsets) {
      assertEquals(rest(source, "at " + each), rest(target, "at " + each), "at " + each);
    }
  }

  @Test
  void aGroupAtWorkIsRefusedBeforeAnythingIsChanged() throws Exception {
    commit(source, "busy", 5);
    commit(source, "idle", 6);
    target.createTopic("work", 1, 1, Map.of());
    KafkaTopicsRestorer restorer =
        KafkaTopicsRestorer.to(target.cluster(), own.resolve("journal"))
            .renamed(name -> "second")
            .groups(Set.of("busy", "idle"));
    Snapshot snapshot = backup();
    try (KafkaConsumer<byte[], byte[]> member = consumer(target, "busy", "earliest")) {
      member.subscribe(List.of("work"));
      for (int i = 0; i < 600 && member.assignment().isEmpty(); i++) {
        member.poll(Duration.ofMillis(100));
      }
      BackupException refused =
          assertThrows(BackupException.class, () -> repository.restore(snapshot, restorer));
      assertEquals(Kind.CONFLICT, refused.kind());
    }
    assertEquals(Set.of("work"), withoutOthers());
    assertEquals(Optional.empty(), committed("idle", "second"));

    repository.restore(snapshot, restorer);

    assertEquals(Optional.of(6L), committed("idle", "second"));
    assertEquals(Optional.of(5L), committed("busy", "second"));
  }

  private static Set<String> withoutOthers() throws Exception {
    Set<String> names = new HashSet<>(TestCluster.done(target.admin().listTopics().names()));
    names.remove("mixed");
    return names;
  }

  private static Optional<Long> committed(String group, String topic) throws Exception {
    TopicPartition partition = new TopicPartition(topic, 0);
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(target, group, "none")) {
      return Optional.ofNullable(consumer.committed(Set.of(partition)).get(partition))
          .map(OffsetAndMetadata::offset);
    }
  }

  private static void commit(TestCluster kafka, String group, long offset) throws Exception {
    TestCluster.done(
        kafka
            .admin()
            .alterConsumerGroupOffsets(group, Map.of(MIXED, new OffsetAndMetadata(offset, "m")))
            .all());
  }

  private static KafkaConsumer<byte[], byte[]> consumer(
      TestCluster kafka, String group, String reset) {
    Map<String, Object> settings = new HashMap<>(kafka.properties());
    settings.put("group.id", group);
    settings.put("fetch.max.wait.ms", 5);
    settings.put("isolation.level", "read_committed");
    settings.put("enable.auto.commit", "false");
    settings.put("auto.offset.reset", reset);
    return new KafkaConsumer<>(settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
  }

  /** What a real group reads from where it goes on, up to the end. */
  private static List<String> rest(TestCluster kafka, String group) throws Exception {
    long end = kafka.end(MIXED);
    List<String> all = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(kafka, group, "none")) {
      consumer.assign(Set.of(MIXED));
      for (int i = 0; i < 600 && consumer.position(MIXED) < end; i++) {
        for (ConsumerRecord<byte[], byte[]> each : consumer.poll(Duration.ofMillis(100))) {
          all.add(Replayed.content(each));
        }
      }
    }
    return all;
  }

  private Snapshot backup() throws Exception {
    return repository
        .backup(KafkaTopicsSource.of("shop", source.cluster(), TopicSelection.named("mixed")))
        .snapshot();
  }
}
