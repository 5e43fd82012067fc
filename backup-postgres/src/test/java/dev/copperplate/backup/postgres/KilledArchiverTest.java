package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.ChildJvm;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Archiver and server are killed at random moments while transactions are committed. */
class KilledArchiverTest {

  private static final String DURABLE = "durable ";
  private static final int LONGEST_MILLIS = 1000;

  @TempDir Path folder;

  @Test
  @Timeout(120)
  void noMarkerBeforeWhatWasReportedDurableIsMissing() throws Exception {
    kill(3, 17);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void noMarkerBeforeWhatWasReportedDurableIsMissingAfterThirtyKills() throws Exception {
    kill(10, 15);
    kill(10, 17);
    kill(10, 18);
  }

  private void kill(int times, int version) throws Exception {
    long seed = Long.getLong("copperplate.seed", System.nanoTime());
    System.out.println("Seed of the kills: " + seed);
    Random random = new Random(seed);
    Path repository = folder.resolve("repository" + version);
    TestRepositories.create(repository).close();
    try (EmbeddedPostgres server =
            EmbeddedPostgres.version(version)
                .initdb("--wal-segsize=1")
                .set("wal_keep_size", "1GB")
                .trust()
                .start();
        Markers markers = Markers.commit(server)) {
      for (int i = 0; i < times; i++) {
        killOne(server, repository, random.nextInt(3), random.nextInt(LONGEST_MILLIS));
        assertNothingIsMissing(server, repository, markers, seed);
      }
      finish(server, repository, markers);
    }
  }

  /** Kills the archiver, the server or both; the server comes back. */
  private void killOne(EmbeddedPostgres server, Path repository, int whom, int millis)
      throws Exception {
    try (ChildJvm child =
        ChildJvm.start(
            "300m", KilledArchiver.class, repository, folder.resolve("spool"), server.port())) {
      assertNotNull(child.await(DURABLE), child.said());
      // Nothing is waited for here: the moment is what the test is about.
      TimeUnit.MILLISECONDS.sleep(millis);
      if (whom != 0) {
        server.crash();
        server.startAgain();
      }
      if (whom == 1) {
        assertNotNull(child.await(DURABLE), child.said());
      }
      child.kill();
    }
  }

  private static void assertNothingIsMissing(
      EmbeddedPostgres server, Path repository, Markers markers, long seed) throws Exception {
    try (BackupRepository open = TestRepositories.open(repository)) {
      List<Snapshot> commits = ArchivedWal.snapshots(open, "orders");
      ArchivedWal wal = ArchivedWal.of(open, commits.get(commits.size() - 1));
      assertNull(wal.fact("gap"), () -> "Seed " + seed);
      Lsn kept =
          Lsn.parse(
              server.sql(
                  "SELECT restart_lsn FROM pg_replication_slots WHERE slot_name ="
                      + " 'copperplate_orders'"));
      // What was reported is what the slot does not keep any more.
      assertFalse(wal.end().isBefore(kept), () -> "Seed " + seed);
      wal.assertHolds(
          1, Lsn.parse(wal.fact("start-lsn")), wal.end(), server.data().resolve("pg_wal"));
      markers.assertAreIn(wal);
    }
  }

  private void finish(EmbeddedPostgres server, Path repository, Markers markers) throws Exception {
    int committed = markers.end();
    try (BackupRepository open = TestRepositories.open(repository);
        RunningArchiver archiver =
            RunningArchiver.start(
                PostgresWalArchiver.of("orders", server.asBackup(), open)
                    .interval(Duration.ofMillis(200))
                    .spool(folder.resolve("spool")))) {
      archiver.awaitDurable(server.lsn());
      archiver.end();
      List<Snapshot> commits = ArchivedWal.snapshots(open, "orders");
      ArchivedWal wal = ArchivedWal.of(open, commits.get(commits.size() - 1));
      assertTrue(committed > 0);
      assertEquals(committed, markers.assertAreIn(wal));
    }
  }
}
