package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What happens when a standby is promoted. */
@Timeout(120)
class WalTimelinesTest {

  private static final String PARTIAL = ".partial";

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

  private static EmbeddedPostgres primary(int version) throws Exception {
    return EmbeddedPostgres.version(version)
        .initdb("--wal-segsize=1")
        .set("wal_keep_size", "1GB")
        .set("autovacuum", "off")
        .start();
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

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void segmentsEqualThoseOfPgReceivewalAcrossATimelineSwitch(int version) throws Exception {
    Path theirs = Files.createDirectory(folder.resolve("pg_receivewal"));
    try (EmbeddedPostgres primary = primary(version);
        EmbeddedPostgres standby = primary.standby()) {
      PgTools tools = PgTools.of(version).at(standby);
      Process stock = tools.start("pg_receivewal", "-n", "--synchronous", "-D", theirs.toString());
      try (RunningArchiver archiver = RunningArchiver.start(archiver(standby))) {
        Poll.until(() -> standby.sql("SELECT count(*) FROM pg_stat_replication").equals("2"));
        switchOver(primary, standby, archiver);
        Poll.until(() -> flushed(standby, "pg_receivewal", archiver.durable()));
      } finally {
        stock.destroy();
        stock.waitFor();
      }
      ArchivedWal ours = ArchivedWal.of(repository, "orders");
      assertEquals("2", ours.fact("timeline"));
      assertTrue(ours.assertSegmentsAreThoseOf(theirs) > 4);
      assertEqualsWithPartials(ours, theirs);
      assertHistoryIsThatOf(ours, standby);
    }
  }

  private static void switchOver(
      EmbeddedPostgres primary, EmbeddedPostgres standby, RunningArchiver archiver)
      throws Exception {
    archiver.awaitDurable(write(primary));
    standby.catchUp(primary);
    standby.promote();
    archiver.awaitDurable(write(standby));
    archiver.end();
  }

  private static boolean flushed(EmbeddedPostgres server, String who, Lsn lsn) throws Exception {
    return server
        .sql(
            "SELECT flush_lsn >= '"
                + lsn
                + "' FROM pg_stat_replication WHERE application_name = '"
                + who
                + "'")
        .equals("t");
  }

  /** All that the tool has, we have; what was not full yet is compared as far as we have it. */
  private static void assertEqualsWithPartials(ArchivedWal ours, Path theirs) throws Exception {
    List<Path> files;
    try (Stream<Path> all = Files.list(theirs)) {
      files = all.toList();
    }
    int partials = 0;
    for (Path each : files) {
      String name = each.getFileName().toString();
      byte[] stored = ours.file(name);
      if (stored != null && name.endsWith(PARTIAL)) {
        int end = name.startsWith("00000002") ? offset(ours.end(), stored.length) : stored.length;
        assertArrayEquals(
            Arrays.copyOf(Files.readAllBytes(each), end), Arrays.copyOf(stored, end), name);
        partials++;
      } else if (stored != null) {
        assertArrayEquals(Files.readAllBytes(each), stored, name);
      } else {
        assertTrue(ours.names().contains(name + PARTIAL) || name.startsWith("00000002"), name);
      }
    }
    assertTrue(partials > 0, files.toString());
  }

  private static int offset(Lsn lsn, int segment) {
    return (int) (lsn.position() % segment);
  }

  private static void assertHistoryIsThatOf(ArchivedWal wal, EmbeddedPostgres server)
      throws Exception {
    assertArrayEquals(
        Files.readAllBytes(server.data().resolve("pg_wal/00000002.history")),
        wal.file("00000002.history"));
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aPromotedServerThatHasNoSlotIsFollowedWithoutAGap(int version) throws Exception {
    try (EmbeddedPostgres primary = primary(version);
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
    try (EmbeddedPostgres primary = primary(17);
        EmbeddedPostgres standby = primary.standby()) {
      write(primary);
      standby.catchUp(primary);
      standby.sql("SELECT pg_wal_replay_pause()");
      standby.stop();
      try (RunningArchiver archiver = RunningArchiver.start(archiver(primary))) {
        archiver.awaitDurable(write(primary));
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
