package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets of client properties are in no snapshot, finding, report, message, text of an object or
 * log: our own logs to the finest level, Kafka's to warnings.
 */
@Timeout(300)
class KafkaCanaryTest {

  private final Map<String, String> canaries =
      new LinkedHashMap<>(
          Map.of(
              "the password", "canary" + UUID.randomUUID(),
              "a wrong one", "canary" + UUID.randomUUID()));

  @TempDir Path folder;

  @Test
  void noSecretOfTheClientIsToldOrStored() throws Exception {
    TestRepositories.create(folder.resolve("repository")).close();
    makeKeys();
    String password = canaries.get("the password");
    try (GuardedCluster kafka = GuardedCluster.start(folder.resolve("broker"), password)) {
      kafka.createTopic("orders", Map.of());
      kafka.createTopic("denied", Map.of());
      allow(kafka, ResourceType.TOPIC, "orders");
      allow(kafka, ResourceType.CLUSTER, "kafka-cluster");
      String output = run(kafka);
      assertTrue(output.contains("TOLD BackupReport"), output);
      assertTrue(output.contains("TOLD PreflightReport"), output);
      assertTrue(output.contains("TOLD RestorePlan"), output);
      assertTrue(
          output.contains("lacks Read, Describe, DescribeConfigs on topic 'denied'"), output);
      assertTrue(output.split("\nFAILED\n").length > 30, output);
      assertNone(output);
      assertNone(stored());
      assertNone(files(folder.resolve("journal")));
    }
  }

  private void makeKeys() throws Exception {
    Process keytool =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-genkeypair",
                "-alias",
                "anybody",
                "-keyalg",
                "EC",
                "-storetype",
                "PKCS12",
                "-keystore",
                folder.resolve("keys.p12").toString(),
                "-storepass",
                "of-the-tests",
                "-dname",
                "CN=anybody")
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    assertTrue(keytool.waitFor(60, TimeUnit.SECONDS));
    assertEquals(0, keytool.exitValue());
  }

  private static void allow(GuardedCluster kafka, ResourceType type, String name) throws Exception {
    AccessControlEntry all =
        new AccessControlEntry("User:backup", "*", AclOperation.ALL, AclPermissionType.ALLOW);
    TestCluster.done(
        kafka
            .admin()
            .createAcls(
                List.of(new AclBinding(new ResourcePattern(type, name, PatternType.LITERAL), all)))
            .all());
  }

  private String run(GuardedCluster kafka) throws Exception {
    Path output = folder.resolve("output");
    ProcessBuilder builder =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                "-Dorg.slf4j.simpleLogger.log.dev.copperplate=trace",
                "-Dorg.slf4j.simpleLogger.log.org.apache.kafka=warn",
                KafkaCanaryRun.class.getName(),
                folder.toString(),
                kafka.guarded())
            .redirectErrorStream(true)
            .redirectOutput(output.toFile());
    builder.environment().put("CANARY_PASSWORD", canaries.get("the password"));
    builder.environment().put("CANARY_WRONG", canaries.get("a wrong one"));
    Process process = builder.start();
    try {
      assertTrue(process.waitFor(240, TimeUnit.SECONDS), () -> "Still running: " + process);
    } finally {
      process.destroyForcibly();
    }
    String told = Files.readString(output);
    assertEquals(0, process.exitValue(), told);
    return told;
  }

  /** Everything that was stored, decrypted. */
  private String stored() throws Exception {
    StringBuilder all = new StringBuilder();
    try (BackupRepository repository = TestRepositories.open(folder.resolve("repository"))) {
      List<Snapshot> snapshots = repository.list(SnapshotFilter.ALL);
      assertEquals(1, snapshots.size());
      for (Snapshot each : snapshots) {
        all.append(each).append(repository.findings(each)).append(repository.receipts(each));
        describe(repository, each, all);
      }
    }
    assertTrue(all.toString().contains("\"clusterId\""), all::toString);
    return all.toString();
  }

  private static String files(Path directory) throws Exception {
    StringBuilder all = new StringBuilder();
    if (Files.exists(directory)) {
      try (Stream<Path> files = Files.walk(directory)) {
        for (Path each : files.filter(Files::isRegularFile).toList()) {
          all.append(new String(Files.readAllBytes(each), StandardCharsets.ISO_8859_1));
        }
      }
    }
    return all.toString();
  }

  private static void describe(BackupRepository repository, Snapshot snapshot, StringBuilder all)
      throws Exception {
    try (SnapshotReader reader = repository.open(snapshot);
        Cursor<Entry> entries = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      all.append(reader.manifest());
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        all.append(entry);
        if (entry.type() == EntryType.FILE) {
          try (InputStream content = reader.open(entry, ByteRange.ALL)) {
            all.append(new String(content.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
    }
  }

  private void assertNone(String text) {
    List<String> found =
        canaries.entrySet().stream()
            .filter(each -> text.contains(each.getValue()))
            .map(each -> each.getKey() + ": " + around(text, each.getValue()))
            .toList();
    assertEquals(List.of(), found);
  }

  private static String around(String text, String canary) {
    int at = text.indexOf(canary);
    return text.substring(Math.max(0, at - 1500), Math.min(text.length(), at + 200));
  }
}
