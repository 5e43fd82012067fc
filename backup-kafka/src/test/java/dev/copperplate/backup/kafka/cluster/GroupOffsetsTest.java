package dev.copperplate.backup.kafka.cluster;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.scratch.ScratchCluster;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GroupOffsetsTest {

  private static final TopicPartition FIRST = new TopicPartition("t", 0);
  private static final TopicPartition SECOND = new TopicPartition("t", 1);
  private static final TopicPartition ABSENT = new TopicPartition("t", 2);

  @TempDir static Path directory;

  private static ScratchCluster cluster;
  private static Admin admin;
  private static GroupOffsets offsets;

  @BeforeAll
  static void start() throws Exception {
    cluster = ScratchCluster.start(directory, 1, Map.of());
    admin = Admin.create(Map.of("bootstrap.servers", cluster.bootstrap()));
    admin.createTopics(List.of(new NewTopic("t", 2, (short) 1))).all().get(1, TimeUnit.MINUTES);
    offsets = new GroupOffsets(admin, Duration.ofMinutes(1));
  }

  @AfterAll
  static void stop() {
    admin.close();
    cluster.close();
  }

  @Test
  void aGroupThatIsNotThereYetGetsItsOffsetsAsTheyAre() throws Exception {
    String group = "new / 😀 '" + "y".repeat(235);
    Map<TopicPartition, OffsetAndMetadata> wanted =
        Map.of(
            FIRST, new OffsetAndMetadata(7, Optional.of(3), "mark 😀"),
            SECOND, new OffsetAndMetadata(0));
    offsets.commit(group, wanted);
    assertEquals(wanted, committed(group));
  }

  @ParameterizedTest
  @ValueSource(strings = {"classic", "consumer"})
  void aGroupAtWorkIsRefusedWithItsMembersAndTakesThemWhenItIsEmpty(String protocol)
      throws Exception {
    String group = "at work " + protocol;
    Map<TopicPartition, OffsetAndMetadata> wanted = Map.of(FIRST, new OffsetAndMetadata(1));
    try (KafkaConsumer<byte[], byte[]> member = member(group, protocol)) {
      assertEquals(2, member.assignment().size());
      BackupException refused =
          assertThrows(BackupException.class, () -> offsets.commit(group, wanted));
      assertEquals(Kind.CONFLICT, refused.kind());
      assertTrue(
          String.valueOf(refused.getMessage())
              .startsWith(
                  "Group '" + group + "' is Stable with 1 members (the-client at /127.0.0.1)"),
          refused::getMessage);
      assertEquals(Map.of(), committed(group));
    }
    offsets.commit(group, wanted);
    assertEquals(wanted, committed(group));
  }

  @Test
  void noOffsetIsCommittedWhereAPartitionIsNotThere() throws Exception {
    BackupException refused =
        assertThrows(
            BackupException.class,
            () ->
                offsets.commit(
                    "wide",
                    Map.of(FIRST, new OffsetAndMetadata(1), ABSENT, new OffsetAndMetadata(1))));
    assertEquals(Kind.NOT_FOUND, refused.kind());
    assertEquals(
        "Group 'wide' has an offset in t-2, but the topic has 2 partitions: no offset was committed",
        refused.getMessage());
    TopicPartition gone = new TopicPartition("gone", 0);
    assertEquals(
        Kind.NOT_FOUND,
        assertThrows(
                BackupException.class,
                () -> offsets.commit("wide", Map.of(gone, new OffsetAndMetadata(1))))
            .kind());
    assertEquals(Map.of(), committed("wide"));
  }

  @Test
  void whereOneIsRefusedTheOthersGoBackToWhatTheyWere() throws Exception {
    OffsetAndMetadata tooLong = new OffsetAndMetadata(9, "m".repeat(5000));
    Map<TopicPartition, OffsetAndMetadata> half =
        Map.of(FIRST, new OffsetAndMetadata(8), SECOND, tooLong);
    BackupException refused =
        assertThrows(BackupException.class, () -> offsets.commit("half", half));
    assertTrue(
        String.valueOf(refused.getMessage())
            .endsWith("(1 of 2 partitions were refused; the group is as it was)"),
        refused::getMessage);
    assertEquals(Map.of(), committed("half"));

    Map<TopicPartition, OffsetAndMetadata> before = Map.of(FIRST, new OffsetAndMetadata(4, "old"));
    offsets.commit("half", before);
    assertThrows(BackupException.class, () -> offsets.commit("half", half));
    assertEquals(before, committed("half"));
  }

  private static Map<TopicPartition, OffsetAndMetadata> committed(String group) throws Exception {
    try {
      return admin
          .listConsumerGroupOffsets(group)
          .partitionsToOffsetAndMetadata()
          .get(1, TimeUnit.MINUTES);
    } catch (ExecutionException absent) {
      return Map.of();
    }
  }

  private static KafkaConsumer<byte[], byte[]> member(String group, String protocol) {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", cluster.bootstrap());
    properties.put("client.id", "the-client");
    properties.put("group.id", group);
    properties.put("group.protocol", protocol);
    properties.put("enable.auto.commit", "false");
    properties.put("key.deserializer", ByteArrayDeserializer.class);
    properties.put("value.deserializer", ByteArrayDeserializer.class);
    KafkaConsumer<byte[], byte[]> consumer = new KafkaConsumer<>(properties);
    consumer.subscribe(List.of("t"));
    for (int i = 0; i < 600 && consumer.assignment().isEmpty(); i++) {
      consumer.poll(Duration.ofMillis(100));
    }
    return consumer;
  }
}
