package dev.copperplate.backup.kafka;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.TopicPartition;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Restores that end too early, and begin again. */
@Timeout(240)
class KafkaTopicsRestorerFaultTest {

  private static final TopicPartition SOURCE = new TopicPartition("mixed", 0);

  @TempDir static Path directory;
  private static TestCluster kafka;

  @TempDir Path own;
  private BackupRepository repository;

  @BeforeAll
  static void start() throws Exception {
    kafka = TestCluster.start(directory, 1, Map.of());
    kafka.createTopic("mixed", 1, 1, Map.of("retention.ms", "-1"));
    new MixedTopic(kafka, "mixed").fill();
    kafka.write("mixed", 0, 3000);
    new MixedTopic(kafka, "mixed").fill();
  }

  @AfterAll
  static void stop() {
    kafka.close();
  }

  @BeforeEach
  void create() throws Exception {
    Path place = own.resolve("repository");
    repository = TestRepositories.create(LocalTarget.at(place), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void close() throws IOException {
    repository.close();
  }

  @Test
  void aRestoreThatIsCutAnywhereGoesOnWithoutARecordTwiceOrNone() throws Exception {
    Snapshot snapshot = backup();
    int cuts = 0;
    for (long cut = 1; cut < 40_000; cut += 4_001) {
      Restorer dying = Cuts.after(cut, copy("cut"));
      assertThrows(IOException.class, () -> repository.restore(snapshot, dying));
      cuts++;
    }
    assertEquals(10, cuts);

    repository.restore(snapshot, copy("cut"));

    new Replayed(kafka).assertSame(SOURCE, new TopicPartition("cut", 0), journal());
    BackupException complete =
        assertThrows(BackupException.class, () -> repository.restore(snapshot, copy("cut")));
    assertEquals(Kind.ALREADY_EXISTS, complete.kind());
  }

  @Test
  void aRestoreThatIsKilledGoesOnWithoutARecordTwiceOrNone() throws Exception {
    Snapshot snapshot = backup();
    Random random = new Random(7);
    int kills = System.getenv("CI") == null ? 2 : 10;
    for (int i = 0; i < kills; i++) {
      Process process = RestoringProcess.start(kafka, own.resolve("repository"), journal());
      try (InputStream told = process.getInputStream()) {
        assertEquals('r', told.read());
        TimeUnit.MILLISECONDS.sleep(random.nextInt(1500));
      } finally {
        process.destroyForcibly();
        assertTrue(process.waitFor(1, TimeUnit.MINUTES));
      }
    }

    RestoreReport report = repository.restore(snapshot, copy("killed"));

    assertTrue(report.complete(), report.findings()::toString);
    new Replayed(kafka).assertSame(SOURCE, new TopicPartition("killed", 0), journal());
  }

  @Test
  void aBrokerThatStopsAndStartsAgainIsWaitedFor() throws Exception {
    Snapshot snapshot = backup();
    CountDownLatch begun = new CountDownLatch(1);
    RecordTransform slow =
        record -> {
          if (record.offset() == 500) {
            begun.countDown();
          }
          return Optional.of(record);
        };
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      Future<RestoreReport> restore =
          one.submit(
              () ->
                  repository.restore(
                      snapshot, copy("stopped").transformed(slow).bytesPerSecond(40_000)));
      assertTrue(begun.await(1, TimeUnit.MINUTES));
      kafka.brokers().broker(1).stop();
      kafka.brokers().broker(1).start();
      assertTrue(restore.get(2, TimeUnit.MINUTES).complete());
    } finally {
      one.shutdownNow();
    }
    new Replayed(kafka).assertSame(SOURCE, new TopicPartition("stopped", 0), journal());
  }

  @Test
  void twoWithOneJournalAreRefused() throws Exception {
    Snapshot snapshot = backup();
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch end = new CountDownLatch(1);
    RecordTransform waiting =
        record -> {
          begun.countDown();
          try {
            assertTrue(end.await(1, TimeUnit.MINUTES));
          } catch (InterruptedException cancelled) {
            throw new IllegalStateException(cancelled);
          }
          return Optional.of(record);
        };
    ExecutorService one = Executors.newSingleThreadExecutor();
    try {
      Future<RestoreReport> first =
          one.submit(() -> repository.restore(snapshot, copy("both").transformed(waiting)));
      assertTrue(begun.await(1, TimeUnit.MINUTES));
      BackupException locked =
          assertThrows(
              BackupException.class,
              () -> repository.restore(snapshot, copy("both").transformed(waiting)));
      assertEquals(Kind.LOCKED, locked.kind());
      end.countDown();
      assertTrue(first.get(1, TimeUnit.MINUTES).complete());
    } finally {
      one.shutdownNow();
    }
  }

  private KafkaTopicsRestorer copy(String name) {
    return KafkaTopicsRestorer.to(kafka.cluster(), journal()).renamed(each -> name);
  }

  private Path journal() {
    return own.resolve("journal");
  }

  private Snapshot backup() throws Exception {
    return repository
        .backup(KafkaTopicsSource.of("shop", kafka.cluster(), TopicSelection.named("mixed")))
        .snapshot();
  }
}
