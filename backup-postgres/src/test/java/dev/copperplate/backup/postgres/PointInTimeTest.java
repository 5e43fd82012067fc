package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.scratch.Trees;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.Statement;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Recovery to points, against a writer that commits numbered markers and knows their times. */
class PointInTimeTest {

  /** How many random points are tried. */
  private static final int POINTS = Integer.getInteger("recovery.points", 20);

  private static final int MARKERS = 200;
  private static final DateTimeFormatter MICROSECONDS =
      DateTimeFormatter.ofPattern("uuuu-MM-dd HH:mm:ss.SSSSSS", Locale.ROOT);

  private BackupRepository repository;
  private Path folder;
  private EmbeddedPostgres server;
  private Snapshot base;
  private ServerWal wal;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    folder = Clusters.folder();
    server =
        EmbeddedPostgres.version(17)
            .initdb("--wal-segsize=1")
            .set("track_commit_timestamp", "on")
            .set("wal_keep_size", "1GB")
            .start();
    server.sql("CREATE TABLE markers (number int, filler text)");
    wal = new ServerWal("shop", server, server.lsn());
    base = repository.backup(PostgresPhysicalSource.of("shop", server.asBackup())).snapshot();
  }

  @AfterEach
  void remove() throws IOException {
    server.close();
    repository.close();
    Clusters.remove(folder);
  }

  @Test
  void recoveryToATimeCutsExactlyBetweenTwoCommits() throws Exception {
    List<Instant> commits = commitMarkers();
    repository.backup(wal);
    Random random = new Random(7);
    for (int i = 0; i < POINTS; i++) {
      int last = random.nextInt(MARKERS - 2);
      RecoveryTarget.Time at = RecoveryTarget.time(commits.get(last));
      assertEquals(numbers(last + 1), recovered(base, at), "at the very commit of " + last);
      if (i == 0) {
        assertEquals(numbers(last), recovered(base, at.exclusive()), "before it");
      }
    }
  }

  @Test
  void recoveryComesToTheLastByteOfAPartialSegment() throws Exception {
    commitMarkers();
    repository.backup(wal);
    server.sql("INSERT INTO markers VALUES (-1, 'after the last commit of the archiver')");
    assertEquals(numbers(MARKERS), recovered(base, RecoveryTarget.latest()));
  }

  @Test
  void recoveryToAPositionATransactionAndANameStopsThere() throws Exception {
    server.sql("INSERT INTO markers VALUES (0, '')");
    server.sql("SELECT pg_create_restore_point('before lunch')");
    String transaction = server.sql("INSERT INTO markers VALUES (1, '') RETURNING xmin");
    Lsn position = server.lsn();
    server.sql("INSERT INTO markers VALUES (2, '')");
    repository.backup(wal);
    assertEquals(numbers(1), recovered(base, RecoveryTarget.restorePoint("before lunch")));
    RecoveryTarget.Transaction second = RecoveryTarget.transaction(Long.parseLong(transaction));
    assertEquals(numbers(2), recovered(base, second));
    assertEquals(numbers(1), recovered(base, second.exclusive()));
    assertEquals(numbers(2), recovered(base, RecoveryTarget.lsn(position)));
    assertEquals(numbers(0), recovered(base, RecoveryTarget.immediate()));
  }

  @Test
  void aPointBehindTheStoredWalIsRefusedWithTheWindowsThatThereAre() throws Exception {
    commitMarkers();
    Snapshot commit = repository.backup(wal).snapshot();
    RecoveryTarget late = RecoveryTarget.time(commit.time().plusSeconds(1));
    BackupException refused = assertThrows(BackupException.class, () -> recovered(base, late));
    assertEquals(BackupException.Kind.NOT_FOUND, refused.kind());
    assertTrue(refused.getMessage().contains("to " + commit.time()), refused.getMessage());
    assertTrue(refused.getMessage().contains(base.run().value()), refused.getMessage());
    RecoveryTarget early = RecoveryTarget.time(base.time().minusSeconds(1));
    assertThrows(BackupException.class, () -> recovered(base, early));
    RecoveryTarget beyond = RecoveryTarget.lsn(server.lsn().plus(1 << 20));
    assertThrows(BackupException.class, () -> recovered(base, beyond));
  }

  @Test
  void aPromotedServerIsRecoveredAlongItsNewTimelineAndTheOldOneStaysReachable() throws Exception {
    try (EmbeddedPostgres standby = server.standby()) {
      server.sql("INSERT INTO markers VALUES (0, '')");
      standby.catchUp(server);
      standby.promote();
      server.sql("INSERT INTO markers VALUES (77, 'lost in the failover')");
      repository.backup(wal);
      standby.sql("INSERT INTO markers VALUES (1, '')");
      standby.sql("CHECKPOINT");
      repository.backup(new ServerWal("shop", standby, wal.from()));
      assertEquals(List.of("0", "1"), recovered(base, RecoveryTarget.latest()));
      PostgresRestorer old = restorer().timeline(1);
      assertEquals(List.of("0", "77"), recovered(base, old));
    }
  }

  // ---- what the tests do

  /** Commits one marker after the other, and returns the times of their commits. */
  private List<Instant> commitMarkers() throws Exception {
    try (Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < MARKERS; i++) {
        statement.execute("INSERT INTO markers VALUES (" + i + ", repeat(md5('" + i + "'), 500))");
      }
      List<Instant> times = new ArrayList<>();
      statement.execute("SET timezone = 'UTC'");
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT to_char(pg_xact_commit_timestamp(xmin), 'YYYY-MM-DD HH24:MI:SS.US')"
                  + " FROM markers ORDER BY number")) {
        while (rows.next()) {
          LocalDateTime time = LocalDateTime.parse(rows.getString(1), MICROSECONDS);
          times.add(time.toInstant(ZoneOffset.UTC));
        }
      }
      return times;
    }
  }

  private PostgresRestorer restorer() {
    return PostgresRestorer.to(folder.resolve("it's 100% \\ restored"));
  }

  private List<String> recovered(Snapshot from, RecoveryTarget target) throws Exception {
    return recovered(from, restorer().target(target));
  }

  /** The numbers of the markers that are there. */
  private List<String> recovered(Snapshot from, PostgresRestorer restorer) throws Exception {
    Path data = folder.resolve("it's 100% \\ restored");
    Path beside = folder.resolve("it's 100% \\ restored.wal");
    try {
      repository.restore(from, restorer);
      try (RestoredServer restored = RestoredServer.start(17, data, beside)) {
        return restored.sql("SELECT number FROM markers ORDER BY number");
      }
    } finally {
      Trees.delete(data);
      Trees.delete(beside);
    }
  }

  private static List<String> numbers(int count) {
    List<String> numbers = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      numbers.add(Integer.toString(i));
    }
    return numbers;
  }
}
