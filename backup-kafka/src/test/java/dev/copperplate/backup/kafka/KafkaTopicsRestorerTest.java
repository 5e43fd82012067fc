package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
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

  private KafkaTopicsRestorer copies() {
    return KafkaTopicsRestorer.to(kafka.cluster(), journal()).renamed(name -> name + "-copy");
  }

  private Path journal() {
    return own.resolve("journal");
  }

  private static TopicPartition partition(String topic, int partition) {
    return new TopicPartition(topic.replace(' ', '-'), partition);
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
