package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the slot did not keep what it should have kept. */
@Timeout(120)
class WalGapsTest {

  private static final String SLOT = "copperplate_orders";

  @TempDir Path folder;

  private BackupRepository repository;

  @BeforeEach
  void createRepository() throws Exception {
    repository =
        TestRepositories.createWithoutRivals(
            new MemoryTarget(), RepositoryOptions.DEFAULT.scratch(folder));
  }

  @AfterEach
  void closeRepository() throws Exception {
    repository.close();
  }

  private static EmbeddedPostgres.Settings server(int version) {
    return EmbeddedPostgres.version(version)
        .initdb("--wal-segsize=1")
        .set("min_wal_size", "2MB")
        .set("max_wal_size", "4MB");
  }

  private PostgresWalArchiver archiver(EmbeddedPostgres server) {
    return PostgresWalArchiver.of("orders", server.asBackup(), repository)
        .interval(Duration.ofMillis(200))
        .spool(folder.resolve("spool"));
  }

  private static Lsn write(EmbeddedPostgres server) throws Exception {
    server.sql("CREATE TABLE IF NOT EXISTS filler (value text)");
    server.sql("INSERT INTO filler SELECT repeat('x', 500) FROM generate_series(1, 5000)");
    return server.lsn();
  }

  /** Archives a little, and ends. */
  private Lsn archived(EmbeddedPostgres server) throws Exception {
    try (RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
      archiver.awaitDurable(write(server));
      archiver.end();
      Poll.until(() -> server.sql("SELECT count(*) FROM pg_stat_replication").equals("0"));
      return archiver.durable();
    }
  }

  /** Writes until the server has no segment any more that begins before the position. */
  private static void forget(EmbeddedPostgres server, Lsn upTo) throws Exception {
    Poll.until(
        () -> {
          write(server);
          server.sql("CHECKPOINT");
          String oldest =
              server.sql(
                  "SELECT count(*) FROM pg_ls_waldir() WHERE name = pg_walfile_name('"
                      + upTo
                      + "')");
          return oldest.equals("0");
        });
  }

  private void assertGoesOnBehindAGap(EmbeddedPostgres server, Lsn end) throws Exception {
    try (RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
      archiver.awaitFinding("WAL " + end + " to ");
      archiver.awaitFinding("Take a new full backup");
      archiver.awaitDurable(write(server));
      archiver.end();
    }
    ArchivedWal wal = ArchivedWal.of(repository, "orders");
    assertTrue(wal.fact("gap").startsWith(end + "-"), wal.fact("gap"));
    List<Snapshot> commits = ArchivedWal.snapshots(repository, "orders");
    Snapshot last = commits.get(commits.size() - 1);
    assertEquals(SnapshotState.PARTIAL, last.state());
    String finding = repository.findings(last).toString();
    assertTrue(finding.contains("WAL " + end + " to "), finding);
    Lsn behind = Lsn.parse(wal.fact("gap").substring(wal.fact("gap").indexOf('-') + 1));
    wal.assertHolds(1, behind, wal.end(), server.data().resolve("pg_wal"));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aSlotThatWasDroppedLeavesAGapThatTheCommitNames(int version) throws Exception {
    try (EmbeddedPostgres server = server(version).start()) {
      Lsn end = archived(server);
      server.sql("SELECT pg_drop_replication_slot('" + SLOT + "')");
      forget(server, end);
      assertGoesOnBehindAGap(server, end);
    }
  }

  @Test
  void aSlotThatWasDroppedLeavesNoGapWhereTheServerStillHasTheWal() throws Exception {
    try (EmbeddedPostgres server = server(17).set("wal_keep_size", "1GB").start()) {
      archived(server);
      server.sql("SELECT pg_drop_replication_slot('" + SLOT + "')");
      write(server);
      try (RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
        archiver.awaitFinding("is gone, and is made anew");
        archiver.awaitDurable(write(server));
      }
      ArchivedWal wal = ArchivedWal.of(repository, "orders");
      assertNull(wal.fact("gap"));
      wal.assertHolds(
          1, Lsn.parse(wal.fact("start-lsn")), wal.end(), server.data().resolve("pg_wal"));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aSlotThatWasInvalidatedLeavesAGapThatTheCommitNames(int version) throws Exception {
    try (EmbeddedPostgres server = server(version).set("max_slot_wal_keep_size", "2MB").start()) {
      Lsn end = archived(server);
      forget(server, end);
      assertGoesOnBehindAGap(server, end);
    }
  }

  @Test
  void aSlotThatSomebodyElseMovedLeavesAGapThatTheCommitNames() throws Exception {
    try (EmbeddedPostgres server = server(17).start()) {
      Lsn end = archived(server);
      Lsn far = write(server);
      server.sql("SELECT pg_replication_slot_advance('" + SLOT + "', '" + far + "')");
      forget(server, end);
      assertGoesOnBehindAGap(server, end);
    }
  }

  @Test
  void anotherSystemIsRefused() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        EmbeddedPostgres other = server(17).ofItsOwn().start()) {
      archived(server);
      RunningArchiver archiver = RunningArchiver.start(archiver(other));
      BackupException refused = (BackupException) archiver.awaitFailure();
      assertEquals(Kind.CONFLICT, refused.kind());
      assertTrue(refused.getMessage().contains("archive it under another name"));
    }
  }

  @Test
  void theSecondArchiverOfASlotWaitsAndTakesOver() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        RunningArchiver first = RunningArchiver.start(archiver(server))) {
      first.awaitDurable(write(server));
      try (RunningArchiver second =
          RunningArchiver.start(archiver(server).spool(folder.resolve("other")))) {
        second.awaitFinding("is used by somebody else");
        first.awaitDurable(write(server));
        assertEquals(List.of(), second.commits());
        first.end();
        second.awaitDurable(write(server));
      }
      ArchivedWal wal = ArchivedWal.of(repository, "orders");
      assertNull(wal.fact("gap"));
    }
  }

  @Test
  void twoArchiversWithASlotEachBothHoldEverything() throws Exception {
    try (EmbeddedPostgres server = server(17).set("wal_keep_size", "1GB").start();
        RunningArchiver first = RunningArchiver.start(archiver(server));
        RunningArchiver second =
            RunningArchiver.start(
                archiver(server).slot("another").spool(folder.resolve("other")))) {
      for (int i = 0; i < 3; i++) {
        Lsn written = write(server);
        first.awaitDurable(written);
        second.awaitDurable(written);
      }
      first.end();
      second.end();
      assertEquals("[][]", first.said() + second.said());
      for (RunningArchiver each : List.of(first, second)) {
        List<Snapshot> commits = each.commits();
        ArchivedWal wal = ArchivedWal.of(repository, commits.get(commits.size() - 1));
        wal.assertHolds(
            1, Lsn.parse(wal.fact("start-lsn")), wal.end(), server.data().resolve("pg_wal"));
      }
    }
  }

  @Test
  void aTakenSpoolIsRefused() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        RunningArchiver first = RunningArchiver.start(archiver(server))) {
      first.awaitCommits(1);
      RunningArchiver second = RunningArchiver.start(archiver(server).slot("another"));
      assertEquals(Kind.LOCKED, ((BackupException) second.awaitFailure()).kind());
    }
  }
}
