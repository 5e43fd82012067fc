package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.Batches;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Logs that lost their end after they were stored, as an unclean election leaves them. */
class TruncatedLogTest {

  private static final TopicPartition PARTITION = new TopicPartition("cut", 0);

  @TempDir Path directory;

  private TestCluster kafka;
  private BackupRepository repository;

  @BeforeEach
  void start() throws Exception {
    kafka = TestCluster.start(directory, 1, Map.of());
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    kafka.createTopic("cut", 1, 1, Map.of());
    kafka.write("cut", 0, 10);
    kafka.write("cut", 10, 30);
    assertEquals(SnapshotState.COMPLETE, backup().snapshot().state());
    kafka.brokers().stop();
    keepFirstBatch(kafka.brokers().broker(1).logDirectory().resolve("cut-0"));
    kafka.brokers().start();
  }

  @AfterEach
  void stop() throws IOException {
    repository.close();
    kafka.close();
  }

  @Test
  void aLogThatIsShorterIsNamedAndReadFromItsStart() throws Exception {
    assertTruncated(backup());
  }

  @Test
  void aLogThatHasGrownBeyondAgainIsNamedAndReadFromItsStart() throws Exception {
    kafka.write("cut", 100, 140);
    assertTrue(kafka.end(PARTITION) > 30);
    assertTruncated(backup());
    assertEquals(SnapshotState.COMPLETE, backup().snapshot().state());
  }

  private void assertTruncated(BackupReport report) throws Exception {
    assertEquals(SnapshotState.PARTIAL, report.snapshot().state());
    assertTrue(
        report.findings().stream()
            .anyMatch(
                each ->
                    each.subject().equals("cut-0")
                        && each.message()
                            .startsWith("The log was truncated: it was stored up to offset 30")),
        report.findings()::toString);
    try (SnapshotReader snapshot = repository.open(report.snapshot())) {
      assertArrayEquals(
          kafka.segments(1, PARTITION), new SnapshotOfTopics(snapshot).bytes(PARTITION));
    }
  }

  private BackupReport backup() throws Exception {
    return repository.backup(
        KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.named("cut")));
  }

  private static void keepFirstBatch(Path place) throws IOException {
    Path log = place.resolve("00000000000000000000.log");
    Batch first = Batches.of(ByteBuffer.wrap(Files.readAllBytes(log))).next();
    assertEquals(10, first.nextOffset());
    try (FileChannel file = FileChannel.open(log, StandardOpenOption.WRITE)) {
      file.truncate(first.length());
    }
    for (String each : new String[] {"index", "timeindex", "snapshot"}) {
      Files.deleteIfExists(place.resolve("00000000000000000000." + each));
    }
    Files.deleteIfExists(place.resolve("00000000000000000030.snapshot"));
    Files.deleteIfExists(place.resolve("leader-epoch-checkpoint"));
    Files.deleteIfExists(place.resolveSibling(".kafka_cleanshutdown"));
  }
}
