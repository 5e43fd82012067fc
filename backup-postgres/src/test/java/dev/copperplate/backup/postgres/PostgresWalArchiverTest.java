package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresWalArchiverTest extends ArchiverFixture {

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void whatIsCommittedIsTheServersWal(int version) throws Exception {
    try (EmbeddedPostgres server = server(version).start();
        RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
      archiver.awaitCommits(1);
      for (int i = 0; i < 3; i++) {
        archiver.awaitDurable(write(server));
      }
      archiver.end();

      ArchivedWal wal = ArchivedWal.of(repository, "orders");
      assertTrue(wal.assertSegmentsAreThoseOf(server.data().resolve("pg_wal")) > 5);
      wal.assertHolds(
          1, Lsn.parse(wal.fact("start-lsn")), wal.end(), server.data().resolve("pg_wal"));
      assertEquals(archiver.durable(), wal.end());
      assertEquals("[]", archiver.said());
    }
  }

  @Test
  void eachCommitReplacesTheOneBeforeItAndHoldsTheWholeWindow() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
      archiver.awaitCommits(1);
      archiver.awaitDurable(write(server));
      archiver.awaitDurable(write(server));
      archiver.end();

      List<Snapshot> commits = ArchivedWal.snapshots(repository, "orders");
      for (int i = 1; i < commits.size(); i++) {
        assertEquals(commits.get(i - 1).run(), commits.get(i).replaces().orElseThrow());
        assertEquals(SnapshotState.COMPLETE, commits.get(i).state());
      }
      assertTrue(commits.size() > 2);
    }
  }

  @Test
  void anIntervalInWhichNothingCameMakesNoCommit() throws Exception {
    try (EmbeddedPostgres server = server(17).set("autovacuum", "off").start();
        RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
      archiver.awaitDurable(write(server));
      int commits = archiver.commits().size();
      archiver.awaitMeasured(3);
      // Only what the server writes by itself, every quarter of a minute.
      assertTrue(archiver.commits().size() <= commits + 1);
      archiver.awaitMeasured(each -> each.bytes() == 0);
    }
  }

  @Test
  void aNewArchiverGoesOnWhereTheRepositoryEnds() throws Exception {
    try (EmbeddedPostgres server = server(17).start()) {
      for (int i = 0; i < 3; i++) {
        try (RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
          archiver.awaitDurable(write(server));
          write(server);
          archiver.interrupt();
        }
      }
      try (RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
        archiver.awaitDurable(server.lsn());
        assertEquals("[]", archiver.said());
      }
      ArchivedWal wal = ArchivedWal.of(repository, "orders");
      wal.assertHolds(
          1, Lsn.parse(wal.fact("start-lsn")), wal.end(), server.data().resolve("pg_wal"));
      assertNull(wal.fact("gap"));
    }
  }

  @Test
  void theSpoolIsPrivateAndHoldsNothingAfterwards() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
      archiver.awaitDurable(write(server));
      Path spool = folder.resolve("spool");
      assertEquals(
          "rwx------", PosixFilePermissions.toString(Files.getPosixFilePermissions(spool)));
      archiver.end();
      try (Stream<Path> files = Files.list(spool)) {
        assertEquals(List.of("lock"), files.map(each -> each.getFileName().toString()).toList());
      }
    }
  }

  @Test
  void aServerThatIsStoppedHasItsLastWordArchivedAndIsNotKeptWaiting() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        RunningArchiver archiver =
            RunningArchiver.start(archiver(server).interval(Duration.ofHours(1)))) {
      Poll.until(() -> server.sql("SELECT count(*) FROM pg_stat_replication").equals("1"));
      Lsn written = write(server);
      server.stop();
      archiver.awaitDurable(written);
      server.startAgain();
      assertFalse(server.log().contains("terminating walsender"));
    }
  }
}
