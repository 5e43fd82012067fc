package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import java.util.List;
import org.junit.jupiter.api.Test;

/** More than one archiver, or more than one server. */
class SeveralArchiversTest extends ArchiverFixture {

  @Test
  void anotherSystemIsRefused() throws Exception {
    try (EmbeddedPostgres server = server(17).start();
        EmbeddedPostgres other = server(17).ofItsOwn().start()) {
      try (RunningArchiver first = RunningArchiver.start(archiver(server))) {
        first.awaitCommits(1);
      }
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
