package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when the slot did not keep what it should have kept. */
class WalGapsTest extends ArchiverFixture {

  /** One that removes segments soon. */
  private static EmbeddedPostgres.Settings forgetful(int version) {
    return EmbeddedPostgres.version(version)
        .initdb("--wal-segsize=1")
        .set("min_wal_size", "2MB")
        .set("max_wal_size", "4MB");
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
    try (EmbeddedPostgres server = forgetful(version).start()) {
      Lsn end = archived(server);
      server.sql("SELECT pg_drop_replication_slot('" + SLOT + "')");
      forget(server, end);
      assertGoesOnBehindAGap(server, end);
    }
  }

  @Test
  void aSlotThatWasDroppedLeavesNoGapWhereTheServerStillHasTheWal() throws Exception {
    try (EmbeddedPostgres server = forgetful(17).set("wal_keep_size", "1GB").start()) {
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
    try (EmbeddedPostgres server =
        forgetful(version).set("max_slot_wal_keep_size", "2MB").start()) {
      Lsn end = archived(server);
      forget(server, end);
      assertGoesOnBehindAGap(server, end);
    }
  }

  @Test
  void aSlotThatSomebodyElseMovedLeavesAGapThatTheCommitNames() throws Exception {
    try (EmbeddedPostgres server = forgetful(17).start()) {
      Lsn end = archived(server);
      Lsn far = write(server);
      server.sql("SELECT pg_replication_slot_advance('" + SLOT + "', '" + far + "')");
      forget(server, end);
      assertGoesOnBehindAGap(server, end);
    }
  }
}
