package dev.copperplate.backup.kafka.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.kafka.KafkaTopicsRestorer;
import dev.copperplate.backup.kafka.KafkaTopicsSource;
import dev.copperplate.backup.kafka.TopicSelection;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
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

/** What is missing is named as it is granted. */
@Timeout(120)
class TopicsRestorerPermissionsTest {

  private static final ResourcePattern CLUSTER =
      new ResourcePattern(ResourceType.CLUSTER, "kafka-cluster", PatternType.LITERAL);

  private static final ResourcePattern COPY =
      new ResourcePattern(ResourceType.TOPIC, "copy", PatternType.LITERAL);

  @TempDir Path directory;

  @Test
  void theMissingPermissionIsNamed() throws Exception {
    try (SecuredCluster kafka = SecuredCluster.start(directory.resolve("kafka"));
        Admin admin = SecuredCluster.admin(kafka.everything());
        BackupRepository repository =
            TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT)) {
      admin
          .createTopics(List.of(new NewTopic("orders", 1, (short) 1)))
          .all()
          .get(1, TimeUnit.MINUTES);
      write(kafka);
      Snapshot snapshot =
          repository
              .backup(
                  KafkaTopicsSource.of("shop", kafka.everything(), TopicSelection.named("orders")))
              .snapshot();
      KafkaTopicsRestorer restorer =
          KafkaTopicsRestorer.to(kafka.limited(), directory.resolve("journal"))
              .renamed(name -> "copy");

      add(admin, CLUSTER, AclOperation.CREATE, AclPermissionType.DENY);
      add(admin, COPY, AclOperation.DESCRIBE, AclPermissionType.ALLOW);
      assertRefused(repository, snapshot, restorer, "Create on topic copy, or on the cluster");
      add(admin, COPY, AclOperation.CREATE, AclPermissionType.ALLOW);
      assertRefused(repository, snapshot, restorer, "Write on topic copy");
      add(admin, COPY, AclOperation.WRITE, AclPermissionType.ALLOW);

      assertEquals("1", repository.restore(snapshot, restorer).facts().get("records"));
    }
  }

  private static void assertRefused(
      BackupRepository repository,
      Snapshot snapshot,
      KafkaTopicsRestorer restorer,
      String lacking) {
    BackupException refused =
        assertThrows(BackupException.class, () -> repository.restore(snapshot, restorer));
    assertEquals(Kind.DENIED, refused.kind(), refused::getMessage);
    assertTrue(refused.getMessage().endsWith(" lacks " + lacking), refused::getMessage);
  }

  private static void write(SecuredCluster kafka) throws Exception {
    Map<String, Object> settings = new HashMap<>(kafka.everything().properties());
    try (KafkaProducer<byte[], byte[]> producer =
        new KafkaProducer<>(settings, new ByteArraySerializer(), new ByteArraySerializer())) {
      producer
          .send(new ProducerRecord<>("orders", "value".getBytes(StandardCharsets.UTF_8)))
          .get(1, TimeUnit.MINUTES);
    }
  }

  /** Where anything is allowed, all else is denied. */
  private static void add(
      Admin admin, ResourcePattern resource, AclOperation operation, AclPermissionType permission)
      throws Exception {
    AccessControlEntry entry = new AccessControlEntry("User:limited", "*", operation, permission);
    admin.createAcls(List.of(new AclBinding(resource, entry))).all().get(1, TimeUnit.MINUTES);
    Soon.equal(
        1,
        () ->
            admin
                .describeAcls(new AclBinding(resource, entry).toFilter())
                .values()
                .get(1, TimeUnit.MINUTES)
                .size());
  }
}
