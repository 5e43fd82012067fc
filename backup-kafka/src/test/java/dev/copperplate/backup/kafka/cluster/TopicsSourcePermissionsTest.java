package dev.copperplate.backup.kafka.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.kafka.KafkaTopicsSource;
import dev.copperplate.backup.kafka.TopicSelection;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One topic of many that may not be read. */
@Timeout(120)
class TopicsSourcePermissionsTest {

  @TempDir Path directory;

  @Test
  void aTopicThatMayNotBeReadIsNamedAndTheOthersAreCaptured() throws Exception {
    try (SecuredCluster kafka = SecuredCluster.start(directory.resolve("kafka"));
        Admin admin = SecuredCluster.admin(kafka.everything());
        BackupRepository repository =
            TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT)) {
      admin
          .createTopics(
              List.of(new NewTopic("open", 1, (short) 1), new NewTopic("shut", 1, (short) 1)))
          .all()
          .get(1, TimeUnit.MINUTES);
      write(kafka, "open");
      write(kafka, "shut");
      allow(admin, "shut", AclOperation.DESCRIBE);
      allow(admin, "shut", AclOperation.DESCRIBE_CONFIGS);

      BackupReport report =
          repository.backup(
              KafkaTopicsSource.of("shop", kafka.limited(), TopicSelection.named("open", "shut")));

      assertEquals(SnapshotState.PARTIAL, report.snapshot().state());
      Finding refused =
          report.findings().stream()
              .filter(each -> each.subject().equals("shut-0"))
              .findFirst()
              .orElseThrow();
      assertTrue(refused.message().contains("lacks Read on topic 'shut'"), refused::message);
      assertTrue(refused.remedy().startsWith("kafka-acls "), refused::remedy);
      try (SnapshotReader snapshot = repository.open(report.snapshot())) {
        StoredTopics stored = new StoredTopics(snapshot);
        assertEquals(List.of("open", "shut"), stored.names());
        assertEquals(1, stored.partition("open", 0).records());
        assertTrue(stored.find("shut", 0).isEmpty());
      }
    }
  }

  private static void write(SecuredCluster kafka, String topic) throws Exception {
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(
            kafka.everything().properties(),
            new ByteArraySerializer(),
            new ByteArraySerializer())) {
      producer.send(new ProducerRecord<>(topic, new byte[] {1})).get(1, TimeUnit.MINUTES);
    }
  }

  /** Where anything is allowed, all else is denied. */
  private static void allow(Admin admin, String topic, AclOperation operation) throws Exception {
    AclBinding acl =
        new AclBinding(
            new ResourcePattern(ResourceType.TOPIC, topic, PatternType.LITERAL),
            new AccessControlEntry("User:limited", "*", operation, AclPermissionType.ALLOW));
    admin.createAcls(List.of(acl)).all().get(1, TimeUnit.MINUTES);
    Soon.equal(
        1, () -> admin.describeAcls(acl.toFilter()).values().get(1, TimeUnit.MINUTES).size());
  }
}
