package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.kafka.KafkaPreflight.Restore;
import dev.copperplate.backup.kafka.PreflightReport.Outcome;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.apache.kafka.tools.AclCommand;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A preflight of a broker that allows nothing, whose remedies are run until nothing is missing. */
@Timeout(180)
class KafkaPreflightTest {

  private static final String PASSWORD = "of-the-tests";
  private static final int MANY = 40;

  @TempDir static Path directory;
  private static GuardedCluster kafka;

  @BeforeAll
  static void start() throws Exception {
    kafka = GuardedCluster.start(directory, PASSWORD);
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @Test
  void itsCommandsMakeABackupWhole() throws Exception {
    kafka.createTopic("orders", Map.of());
    kafka.createTopic("orders.late", Map.of());
    commit("it's a group", "orders");
    KafkaCluster cluster = kafka.scram(PASSWORD);
    KafkaPreflight preflight =
        KafkaPreflight.of(cluster)
            .backup(TopicSelection.named("orders", "orders.late"))
            .principal("User:backup");

    PreflightReport first = preflight.run();
    assertFalse(first.passed());
    assertEquals(Outcome.FAILED, outcome(first, "permissions on topics"));
    assertEquals(Outcome.WARNING, outcome(first, "permissions on the cluster"));
    String told = first.findings().toString();
    assertTrue(
        told.contains("lacks Read, Describe, DescribeConfigs on topics 'orders', 'orders.late'"),
        told);
    assertTrue(told.contains("Batches are read as the brokers store them"), told);
    assertTrue(told.contains("kafka-clients 4.1"), told);
    assertTrue(told.contains("1 brokers, Kafka 4.1"), told);

    String commands = followed(preflight);
    assertTrue(commands.contains("--group 'it'\\''s a group'"), commands);
    try (BackupRepository repository =
        TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT)) {
      BackupReport report =
          repository.backup(
              KafkaTopicsSource.of("shop", cluster, TopicSelection.named("orders", "orders.late")));
      assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report.findings()::toString);
    }
  }

  @Test
  void itsCommandsLetProduceIntoNewTopics() throws Exception {
    KafkaPreflight preflight =
        KafkaPreflight.of(kafka.plain(PASSWORD))
            .restore(Restore.PADDED, "restored")
            .groups("restored readers")
            .principal("User:backup");
    String commands = followed(preflight);
    assertTrue(commands.contains("--operation Create"), commands);
    assertTrue(commands.contains("--operation Delete"), commands);
    assertTrue(commands.contains("--group 'restored readers'"), commands);
    assertFalse(TestCluster.done(kafka.admin().listTopics().names()).contains("restored"));

    kafka.createTopic("restored", Map.of());
    PreflightReport report = preflight.run();
    assertTrue(report.passed(), report::toString);
    assertTrue(report.toString().contains("intoEmpty()"), report::toString);
  }

  @Test
  void itsCommandsLetMetadataCome() throws Exception {
    kafka.createTopic("configured", Map.of());
    String commands =
        followed(
            KafkaPreflight.of(kafka.plain(PASSWORD))
                .restore(Restore.METADATA, "configured", "not-there")
                .principal("User:backup"));
    assertTrue(commands.contains("--operation Alter "), commands);
    assertTrue(commands.contains("--operation AlterConfigs --topic configured"), commands);
  }

  @Test
  void groupsAtWorkAreNamed() throws Exception {
    kafka.createTopic("worked", Map.of());
    try (KafkaConsumer<byte[], byte[]> consumer = consumer("workers")) {
      consumer.subscribe(List.of("worked"));
      for (int i = 0; i < MANY * 10 && consumer.assignment().isEmpty(); i++) {
        consumer.poll(Duration.ofMillis(100));
      }
      PreflightReport report =
          KafkaPreflight.of(kafka.administrator())
              .restore(Restore.PRODUCED, "again")
              .groups("workers")
              .run();
      assertEquals(Outcome.FAILED, outcome(report, "groups to restore"));
      assertTrue(
          report.toString().contains("Group 'workers' is Stable with 1 members"), report::toString);
    }
  }

  @Test
  void settingsThatABackupCannotSeeAreNamed() throws Exception {
    kafka.createTopic("brief", Map.of("retention.ms", "60000", "retention.bytes", "1000000"));
    kafka.createTopic("compacted", Map.of("cleanup.policy", "compact", "retention.ms", "60000"));
    kafka.createTopic("unclean", Map.of("unclean.leader.election.enable", "true"));
    kafka.createTopic("large", Map.of("max.message.bytes", "200000000"));
    KafkaPreflight preflight =
        KafkaPreflight.of(kafka.administrator())
            .backup(TopicSelection.named("brief", "compacted", "unclean", "large"))
            .every(Duration.ofHours(1));
    PreflightReport report = preflight.run();
    assertTrue(report.passed(), report::toString);
    List<Finding> settings =
        report.checks().stream()
            .filter(each -> each.subject().equals("settings of topics"))
            .flatMap(each -> each.findings().stream())
            .toList();
    assertEquals(
        List.of(
            "WARNING Topic 'brief'",
            "INFO Topic 'brief'",
            "INFO Topic 'compacted'",
            "WARNING Topic 'unclean'",
            "WARNING Topic 'large'"),
        settings.stream()
            .map(
                each ->
                    each.severity() + " " + each.message().replaceFirst("(Topic '.*?').*", "$1"))
            .toList());
    assertEquals(
        List.of(
            "--bootstrap-server",
            kafka.administrator().bootstrap(),
            "--alter",
            "--entity-type",
            "topics",
            "--entity-name",
            "brief",
            "--add-config",
            "retention.ms=7200000"),
        words(settings.get(0).remedy()).get(0));
  }

  @Test
  void topicsThatAreNotThereAreNamed() throws Exception {
    PreflightReport report =
        KafkaPreflight.of(kafka.administrator()).backup(TopicSelection.named("nowhere")).run();
    assertEquals(Outcome.FAILED, outcome(report, "topics to back up"));
    assertTrue(report.toString().contains("does not have topic 'nowhere'"), report::toString);
  }

  @Test
  void nothingIsAskedInClearWhereThatIsRefused() throws Exception {
    PreflightReport report =
        KafkaPreflight.of(KafkaCluster.of(Map.of("bootstrap.servers", "192.0.2.1:9092")))
            .strict()
            .run();
    assertFalse(report.passed());
    assertEquals(
        List.of("connection"),
        report.checks().stream().map(PreflightReport.Check::subject).toList());
  }

  @Test
  void aRefusedLoginIsNoReport() {
    BackupException refused =
        assertThrows(BackupException.class, () -> KafkaPreflight.of(kafka.plain("another")).run());
    assertEquals(Kind.DENIED, refused.kind(), refused::toString);
  }

  private static Outcome outcome(PreflightReport report, String subject) {
    return report.checks().stream()
        .filter(each -> each.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError(report))
        .outcome();
  }

  /** Runs the remedies as a shell and kafka-acls do, until nothing is lacked. */
  private static String followed(KafkaPreflight preflight) throws Exception {
    StringBuilder commands = new StringBuilder();
    for (int i = 0; i < MANY; i++) { // a broker learns of ACLs some moments later
      List<Finding> lacks =
          preflight.run().findings().stream()
              .filter(each -> each.message().contains("The user lacks"))
              .toList();
      if (lacks.isEmpty()) {
        return commands.toString();
      }
      for (Finding each : lacks) {
        commands.append(each.remedy()).append('\n');
        for (List<String> words : words(each.remedy())) {
          words.set(1, kafka.administrator().bootstrap());
          AclCommand.main(words.toArray(String[]::new));
        }
      }
    }
    throw new AssertionError("Still lacked after " + commands);
  }

  /** The arguments of each line, as a shell hands them to the program. */
  private static List<List<String>> words(String script) throws Exception {
    String tell = "() { printf '%s\\n' \"$@\" --end--; }; ";
    Process shell =
        new ProcessBuilder("bash", "-c", "kafka-acls" + tell + "kafka-configs" + tell + script)
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    String told = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertTrue(shell.waitFor(10, TimeUnit.SECONDS));
    assertEquals(0, shell.exitValue());
    return List.of(told.split("--end--\n")).stream()
        .map(each -> each.lines().collect(Collectors.toCollection(ArrayList::new)))
        .collect(Collectors.toList());
  }

  private static void commit(String group, String topic) throws Exception {
    try (KafkaConsumer<byte[], byte[]> consumer = consumer(group)) {
      TopicPartition partition = new TopicPartition(topic, 0);
      consumer.assign(Set.of(partition));
      consumer.commitSync(Map.of(partition, new OffsetAndMetadata(0)), Duration.ofSeconds(60));
    }
  }

  private static KafkaConsumer<byte[], byte[]> consumer(String group) {
    return new KafkaConsumer<>(
        Map.of(
            "bootstrap.servers",
            kafka.administrator().bootstrap(),
            "group.id",
            group,
            "enable.auto.commit",
            "false"),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
