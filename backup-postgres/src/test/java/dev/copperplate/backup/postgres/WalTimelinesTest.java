package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when a standby is promoted. */
class WalTimelinesTest extends ArchiverFixture {

  private static void assertHistoryIsThatOf(ArchivedWal wal, EmbeddedPostgres server)
      throws Exception {
    assertArrayEquals(
        Files.readAllBytes(server.data().resolve("pg_wal/00000002.history")),
        wal.file("00000002.history"));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aPromotedServerThatHasNoSlotIsFollowedWithoutAGap(int version) throws Exception {
    try (EmbeddedPostgres primary = server(version).set("autovacuum", "off").start();
        EmbeddedPostgres standby = primary.standby()) {
      try (RunningArchiver archiver = RunningArchiver.start(archiver(primary))) {
        archiver.awaitDurable(write(primary));
      }
      standby.catchUp(primary);
      primary.crash();
      standby.promote();
      Lsn end;
      try (RunningArchiver archiver = RunningArchiver.start(archiver(standby))) {
        archiver.awaitFinding("is gone, and is made anew");
        archiver.awaitDurable(write(standby));
        archiver.end();
        end = archiver.durable();
      }
      assertFollowed(standby, end);
    }
  }

  /** The primary had sent more than the standby got: what follows begins before the end. */
  @Test
  void aPromotedServerThatHadLessIsFollowedFromWhereItParted() throws Exception {
    try (EmbeddedPostgres primary = server(17).set("autovacuum", "off").start();
        EmbeddedPostgres standby = primary.standby()) {
      write(primary);
      standby.catchUp(primary);
      Lsn parted = primary.lsn();
      standby.stop();
      try (RunningArchiver archiver = RunningArchiver.start(archiver(primary))) {
        archiver.awaitDurable(write(primary));
        archiver.end();
        assertTrue(parted.isBefore(archiver.durable()));
      }
      primary.crash();
      standby.startAgain();
      standby.promote();
      Lsn end;
      try (RunningArchiver archiver = RunningArchiver.start(archiver(standby))) {
        archiver.awaitFinding("is gone, and is made anew");
        for (int i = 0; i < 3; i++) {
          archiver.awaitCommits(1);
          write(standby);
        }
        Poll.until(() -> !archiver.durable().isBefore(standby.lsn()));
        archiver.end();
        end = archiver.durable();
      }
      assertFollowed(standby, end);
    }
  }

  private void assertFollowed(EmbeddedPostgres server, Lsn end) throws Exception {
    Path pgWal = server.data().resolve("pg_wal");
    ArchivedWal wal = ArchivedWal.of(repository, "orders");
    assertNull(wal.fact("gap"));
    assertEquals("2", wal.fact("timeline"));
    assertEquals(end, wal.end());
    assertHistoryIsThatOf(wal, server);
    String history = new String(wal.file("00000002.history"), StandardCharsets.ISO_8859_1);
    Lsn parted = Lsn.parse(history.split("\t")[1]);
    wal.assertHolds(2, parted, end, pgWal);
  }
}
