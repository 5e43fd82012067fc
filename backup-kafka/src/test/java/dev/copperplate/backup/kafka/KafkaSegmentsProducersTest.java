package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Path;
import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster that is new gives numbers to producers that those of the lost one had. */
class KafkaSegmentsProducersTest {

  private static final TopicPartition ORDERS = new TopicPartition("orders", 0);

  @TempDir Path directory;

  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @Test
  void whatItSendsIsNotTakenForSentBefore() throws Exception {
    Snapshot snapshot;
    try (TestCluster lost = TestCluster.start(directory.resolve("lost"), 1, Map.of())) {
      lost.createTopic("orders", 1, 1, Map.of());
      for (int i = 0; i < 5; i++) {
        lost.write("orders", i, i + 1);
      }
      snapshot =
          repository
              .backup(KafkaTopicsSource.of("shop", lost.cluster(), TopicSelection.named("orders")))
              .snapshot();
    }
    Path place = directory.resolve("new");
    Path data;
    try (TestCluster made = TestCluster.start(place, 1, Map.of())) {
      made.createTopic("orders", 1, 1, Map.of());
      data = made.brokers().broker(1).logDirectory();
    }
    RestoreReport report = repository.restore(snapshot, KafkaSegmentsRestorer.onto(data));
    assertTrue(report.complete(), report.findings()::toString);
    try (TestCluster made = TestCluster.start(place, 1, Map.of())) {
      assertEquals(5, made.end(ORDERS));
      for (int i = 5; i < 10; i++) {
        made.write("orders", i, i + 1);
      }
      assertEquals(10, made.end(ORDERS));
    }
  }
}
