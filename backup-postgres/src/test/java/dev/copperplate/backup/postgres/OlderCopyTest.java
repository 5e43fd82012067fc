package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.scratch.Trees;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A server that is put back from an older copy of its disk, and writes more than it had written
 * before: the same system, the same timeline, positions that go on, and other WAL.
 */
class OlderCopyTest extends ArchiverFixture {

  private Path older;

  @BeforeEach
  void makeRoom() throws Exception {
    older = Clusters.folder();
  }

  @AfterEach
  void remove() throws Exception {
    Clusters.remove(older);
  }

  @Test
  void isRefusedByAnArchiverThatBeginsWhenItIsAheadAlready() throws Exception {
    try (EmbeddedPostgres server = server(17).start()) {
      keepCopy(server);
      Lsn end;
      try (RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
        archiveIntoASegment(server, archiver);
        archiver.end();
        end = archiver.durable();
      }
      putBack(server);
      writePast(end, server);

      try (PostgresWalArchiver archiver = archiver(server)) {
        RunningArchiver running = RunningArchiver.start(archiver);
        assertRefused(running.awaitFailure());
      }
    }
  }

  @Test
  void isRefusedByAnArchiverThatRunsWhenItComesPastWhatWasReceived() throws Exception {
    try (EmbeddedPostgres server = server(17).start()) {
      keepCopy(server);
      RunningArchiver archiver = RunningArchiver.start(archiver(server));
      archiveIntoASegment(server, archiver);
      putBack(server);
      archiver.awaitFinding("a standby has to catch up");
      Lsn end = archiver.durable();
      writePast(end, server);

      assertRefused(archiver.awaitFailure());
      assertEquals(end, archiver.durable());
    }
  }

  @Test
  void isNoneIfItIsTheSameServerThatWasRestarted() throws Exception {
    try (EmbeddedPostgres server = server(17).start()) {
      for (int i = 0; i < 2; i++) {
        try (RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
          archiveIntoASegment(server, archiver);
          server.restart();
          archiveIntoASegment(server, archiver);
          server.crash();
          server.startAgain();
          archiver.awaitDurable(write(server));
          archiver.end();
        }
      }
    }
  }

  private void keepCopy(EmbeddedPostgres server) throws Exception {
    write(server);
    server.stop();
    Clusters.copy(server.data(), older.resolve("data"));
    server.startAgain();
  }

  private void putBack(EmbeddedPostgres server) throws Exception {
    server.stop();
    Trees.delete(server.data());
    Clusters.copy(older.resolve("data"), server.data());
    server.startAgain();
  }

  /** Archives to somewhere within a segment. */
  private static void archiveIntoASegment(EmbeddedPostgres server, RunningArchiver archiver)
      throws Exception {
    write(server);
    server.sql("SELECT pg_switch_wal()");
    server.sql("SELECT pg_logical_emit_message(true, 'copperplate', repeat('of the first', 9000))");
    archiver.awaitDurable(server.lsn());
  }

  /** Other records, and more. */
  private static void writePast(Lsn end, EmbeddedPostgres server) throws Exception {
    while (!end.isBefore(server.lsn())) {
      server.sql(
          "SELECT pg_logical_emit_message(true, 'copperplate', repeat('of the other', 500))");
    }
  }

  private static void assertRefused(Exception failure) {
    BackupException refused = assertInstanceOf(BackupException.class, failure);
    assertEquals(Kind.CONFLICT, refused.kind(), refused::toString);
    assertTrue(refused.getMessage().contains("another history"), refused::getMessage);
    assertTrue(refused.getMessage().contains("a new full backup"), refused::getMessage);
  }
}
