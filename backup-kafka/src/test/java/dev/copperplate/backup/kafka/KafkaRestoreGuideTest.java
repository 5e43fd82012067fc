package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Runs the commands of {@code RESTORE.md} with restic and Kafka's own programs, and no class of
 * ours.
 */
class KafkaRestoreGuideTest {

  private static final Pattern COMMANDS = Pattern.compile("```sh\n(.*?)```", Pattern.DOTALL);
  private static final TopicPartition MIXED = new TopicPartition("mixed.topic", 0);
  private static final TopicPartition DELETED = new TopicPartition("deleted", 0);
  private static final String GROUP = "it's a \"group\", ok";

  @TempDir Path folder;

  @Test
  void topicsAndGroupsComeBackAsTheGuideSays() throws Exception {
    List<ConsumerRecord<byte[], byte[]>> mixed;
    List<ConsumerRecord<byte[], byte[]>> deleted;
    Snapshot snapshot;
    try (TestCluster source = TestCluster.start(folder.resolve("source"), 1, Map.of());
        BackupRepository repository = TestRepositories.create(folder.resolve("repository"))) {
      source.createTopic(MIXED.topic(), 2, 1, Map.of("retention.ms", "3600000"));
      source.createTopic(DELETED.topic(), 1, 1, Map.of());
      new MixedTopic(source, MIXED.topic()).fill();
      source.write(DELETED.topic(), 0, 10);
      source.write(DELETED.topic(), 10, 30);
      TestCluster.done(
          source.admin().deleteRecords(Map.of(DELETED, RecordsToDelete.beforeOffset(15))).all());
      commit(source.admin(), GROUP, 3);
      commit(source.admin(), "another", 17);
      mixed = source.consume(MIXED, 0, true);
      deleted = source.consume(DELETED, 15, true);
      snapshot =
          repository
              .backup(KafkaTopicsSource.of("it's", source.cluster(), TopicSelection.all()))
              .snapshot();
    }
    String bootstrap = "127.0.0.1:" + freePort();
    Process guide = follow(snapshot, bootstrap);
    try {
      same(mixed, consume(bootstrap, MIXED, 0));
      same(deleted, consume(bootstrap, DELETED, 15));
      try (Admin admin = Admin.create(Map.of("bootstrap.servers", bootstrap))) {
        assertEquals(3, committed(admin, GROUP));
        assertEquals(17, committed(admin, "another"));
      }
      assertValid();
    } finally {
      guide.destroy();
      guide.waitFor(60, TimeUnit.SECONDS);
    }
  }

  /** The script waits in the end, with its broker, until it is ended. */
  private Process follow(Snapshot snapshot, String bootstrap) throws Exception {
    Restic restic = Restic.stock().at(folder.resolve("repository"), TestRepositories.PASSWORD);
    String guide = restic.succeed("dump", snapshot.id().toString(), "/.backup/RESTORE.md");
    List<String> script = new ArrayList<>();
    script.add("set -eu");
    script.add("trap 'kill \"$broker\"; wait' TERM");
    List<String> blocks = COMMANDS.matcher(guide).results().map(each -> each.group(1)).toList();
    Path work = Files.createDirectory(folder.resolve("work"));
    script.add("export RESTIC_REPOSITORY='" + folder.resolve("repository") + "'");
    script.add("export RESTIC_PASSWORD_FILE='" + folder.resolve("repository.password") + "'");
    script.add("export RESTIC_CACHE_DIR='" + folder.resolve("cache") + "'");
    script.add("restic() { '" + restic.program() + "' \"$@\"; }");
    script.add("work='" + work + "' kafka='" + KafkaPrograms.in(folder.resolve("bin")) + "'");
    script.add("bootstrap=" + bootstrap + " controller=127.0.0.1:" + freePort());
    script.addAll(blocks.subList(1, blocks.size()));
    script.add("touch '" + folder.resolve("done") + "'");
    script.add("wait \"$broker\"");
    Path output = folder.resolve("output");
    Process process =
        new ProcessBuilder("bash", "-c", String.join("\n", script))
            .redirectErrorStream(true)
            .redirectOutput(output.toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(5);
    while (!Files.exists(folder.resolve("done"))) {
      if (process.waitFor(200, TimeUnit.MILLISECONDS) || System.nanoTime() > deadline) {
        process.destroy();
        fail(Files.readString(output));
      }
    }
    return process;
  }

  /** What the stock program said of each file. */
  private void assertValid() throws IOException {
    try (Stream<Path> files = Files.walk(folder.resolve("work/topics"))) {
      List<Path> dumps = files.filter(each -> each.toString().endsWith(".log.txt")).toList();
      assertEquals(2, dumps.size());
      for (Path each : dumps) {
        String text = Files.readString(each);
        assertTrue(text.contains("isvalid: true"), text);
        assertFalse(text.contains("isvalid: false"), text);
      }
    }
  }

  private static void commit(Admin admin, String group, long offset) throws Exception {
    TestCluster.done(
        admin.alterConsumerGroupOffsets(group, Map.of(MIXED, new OffsetAndMetadata(offset))).all());
  }

  private static long committed(Admin admin, String group) throws Exception {
    return TestCluster.done(admin.listConsumerGroupOffsets(group).partitionsToOffsetAndMetadata())
        .get(MIXED)
        .offset();
  }

  private static List<ConsumerRecord<byte[], byte[]>> consume(
      String bootstrap, TopicPartition partition, long first) {
    List<ConsumerRecord<byte[], byte[]>> all = new ArrayList<>();
    try (KafkaConsumer<byte[], byte[]> consumer =
        new KafkaConsumer<>(
            Map.of("bootstrap.servers", bootstrap, "isolation.level", "read_committed"),
            new ByteArrayDeserializer(),
            new ByteArrayDeserializer())) {
      consumer.assign(List.of(partition));
      assertEquals(
          first, consumer.beginningOffsets(List.of(partition)).get(partition), partition::toString);
      consumer.seekToBeginning(List.of(partition));
      long end = consumer.endOffsets(List.of(partition)).get(partition);
      while (consumer.position(partition) < end) {
        consumer.poll(Duration.ofMillis(200)).forEach(all::add);
      }
    }
    return all;
  }

  private static void same(
      List<ConsumerRecord<byte[], byte[]>> expected, List<ConsumerRecord<byte[], byte[]>> actual) {
    assertEquals(
        expected.stream().map(KafkaRestoreGuideTest::text).toList(),
        actual.stream().map(KafkaRestoreGuideTest::text).toList());
  }

  private static String text(ConsumerRecord<byte[], byte[]> record) {
    return record.offset()
        + " "
        + record.timestamp()
        + " "
        + text(record.key())
        + " "
        + text(record.value())
        + " "
        + record.headers();
  }

  private static String text(byte @Nullable [] bytes) {
    return bytes == null ? "null" : new String(bytes, StandardCharsets.UTF_8);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
