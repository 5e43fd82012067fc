package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.scratch.ScratchServer;
import dev.copperplate.backup.postgres.scratch.ServerLaunch;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.testkit.Calls;
import dev.copperplate.backup.testkit.Fault;
import dev.copperplate.backup.testkit.HostileTarget;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PhysicalSourceTest {

  @TempDir Path folder;

  private BackupRepository repository;

  @BeforeEach
  void createRepository() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
  }

  @AfterEach
  void closeRepository() throws Exception {
    repository.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void whatStockResticRestoresStartsAndHasTheRows(int version) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(version)) {
      postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 100000) AS value");

      Snapshot snapshot = complete(backup(postgres, 1));

      Path data = restored(snapshot);
      assertEquals("5000050000", onCopy(postgres, data, "SELECT sum(value) FROM counted"));
    }
  }

  @Test
  void aTablespaceLiesInsideTheDataDirectory() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(17)) {
      Path place = Files.createDirectory(postgres.data().resolveSibling("elsewhere"));
      ServerUser.unprivileged().own(place);
      postgres.sql("CREATE TABLESPACE elsewhere LOCATION '" + place + "'");
      postgres.sql("CREATE TABLE there TABLESPACE elsewhere AS SELECT 42 AS value");
      String oid = postgres.sql("SELECT oid FROM pg_tablespace WHERE spcname = 'elsewhere'");

      Snapshot snapshot = complete(backup(postgres, 1));

      try (SnapshotReader reader = repository.open(snapshot)) {
        assertEquals(place.toString(), reader.manifest().get("tablespace." + oid).orElseThrow());
        assertTrue(reader.entry(EntryPath.of("cluster/pg_tblspc/" + oid)).isPresent());
        assertFalse(reader.entry(EntryPath.of("cluster/tablespace_map")).isPresent());
      }
    }
  }

  @Test
  void aChainIsFullThenIncrementalAndThenFullAgain() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(17)) {
      postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 200000) AS value");
      Snapshot first = complete(backup(postgres, 2));
      postgres.sql("UPDATE counted SET value = 0 WHERE value = 1");
      Snapshot second = complete(backup(postgres, 2));
      Snapshot third = complete(backup(postgres, 2));

      assertEquals("full there is no earlier backup", kind(first));
      assertEquals("incremental 2", kind(second));
      assertEquals(List.of(first.run()), second.dependencies());
      assertTrue(second.bytes() < first.bytes());
      assertEquals("full the chain has its 2 backups", kind(third));
    }
  }

  @Test
  void withoutSummariesAFullIsTakenThatSaysWhy() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(17)) {
      complete(backup(postgres, 5));
      postgres.sql("ALTER SYSTEM SET summarize_wal = off");
      postgres.sql("SELECT pg_reload_conf()");
      postgres.restart();
      assertEquals("full summarize_wal is off", kind(complete(backup(postgres, 5))));
      postgres.sql("CREATE TABLE unseen AS SELECT generate_series(1, 10000)");
      postgres.sql("CHECKPOINT");
      postgres.sql("ALTER SYSTEM SET summarize_wal = on");
      postgres.restart();

      String kind = kind(complete(backup(postgres, 5)));

      assertTrue(kind.startsWith("full the server refused an incremental: WAL summaries"), kind);
    }
  }

  @Test
  void anotherSystemUnderTheSameNameBeginsAChainOfItsOwn() throws Exception {
    try (EmbeddedPostgres one = EmbeddedPostgres.start(17);
        EmbeddedPostgres other = EmbeddedPostgres.version(17).ofItsOwn().start()) {
      complete(backup(one, 5));

      assertEquals(
          "full the earlier backup is of another system", kind(complete(backup(other, 5))));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aDamagedPageMakesTheSnapshotDamagedAndKeepsIt(int version) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(version)) {
      postgres.sql("CREATE TABLE damaged AS SELECT generate_series(1, 10000) AS value");
      String file = postgres.sql("SELECT pg_relation_filepath('damaged')");
      postgres.stop();
      try (RandomAccessFile heap =
          new RandomAccessFile(postgres.data().resolve(file).toFile(), "rw")) {
        heap.seek(8192 + 4000);
        heap.write(new byte[] {1, 2, 3, 4});
      }
      postgres.startAgain();

      BackupReport report = backup(postgres, 1);

      assertEquals(SnapshotState.DAMAGED, report.snapshot().state());
      assertTrue(
          report.findings().stream()
              .anyMatch(
                  each ->
                      each.message().contains("page verification")
                          || each.message().contains("checksum verification failed in file")),
          () -> report.findings().toString());
    }
  }

  /** The server is not left with a backup that never ends, and the next one goes through. */
  @Test
  void aFullTargetEndsTheCaptureAndTheNextIsWhole() throws Exception {
    HostileTarget target = HostileTarget.over(new MemoryTarget());
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(17);
        BackupRepository full = TestRepositories.create(target, RepositoryOptions.DEFAULT)) {
      PostgresPhysicalSource source = PostgresPhysicalSource.of("orders", postgres.asBackup());
      target.on(Calls.puts("data/"), Fault.refused(Kind.FULL));
      BackupException refused = assertThrows(BackupException.class, () -> full.backup(source));
      assertEquals(Kind.FULL, refused.kind(), refused::getMessage);
      assertEquals(List.of(), full.list(SnapshotFilter.ALL));
      Poll.until(
          () -> postgres.sql("SELECT count(*) FROM pg_stat_progress_basebackup").equals("0"));

      target.heal();
      assertEquals(SnapshotState.COMPLETE, full.backup(source).snapshot().state());
    }
  }

  @Test
  void aStandbyIsCapturedAsItsPrimary() throws Exception {
    try (EmbeddedPostgres primary = EmbeddedPostgres.start(17)) {
      primary.sql("CREATE TABLE followed AS SELECT generate_series(1, 1000) AS value");
      try (EmbeddedPostgres standby = primary.standby()) {
        standby.catchUp(primary);

        Snapshot snapshot = complete(backup(standby, 1));

        Path data = restored(snapshot);
        assertEquals("500500", onCopy(primary, data, "SELECT sum(value) FROM followed"));
      }
    }
  }

  private BackupReport backup(EmbeddedPostgres postgres, int chain) throws Exception {
    return repository.backup(PostgresPhysicalSource.of("orders", postgres.asBackup()).chain(chain));
  }

  private static Snapshot complete(BackupReport report) {
    assertEquals(List.of(), report.findings());
    assertEquals(SnapshotState.COMPLETE, report.snapshot().state());
    return report.snapshot();
  }

  private String kind(Snapshot snapshot) throws Exception {
    try (SnapshotReader reader = repository.open(snapshot)) {
      String kind = reader.manifest().get("kind").orElseThrow();
      return kind
          + " "
          + reader.manifest().get(kind.equals("full") ? "full-reason" : "chain").get();
    }
  }

  private Path restored(Snapshot snapshot) throws Exception {
    Path to = Files.createTempDirectory("copperplate-restored-");
    Restic.stock()
        .at(folder.resolve("repository"), TestRepositories.PASSWORD)
        .succeed(
            "restore",
            snapshot.id().toString(),
            "--include",
            "/cluster",
            "--target",
            to.toString());
    ServerUser.unprivileged().own(to);
    return to.resolve("cluster");
  }

  private static String onCopy(EmbeddedPostgres postgres, Path data, String query)
      throws Exception {
    Files.deleteIfExists(data.resolve("standby.signal"));
    try (ScratchServer server =
            ServerLaunch.of(postgres.binaries(), data, ServerUser.unprivileged()).start();
        Connection connection =
            DriverManager.getConnection(server.url(), server.properties("postgres", "postgres"));
        Statement statement = connection.createStatement();
        ResultSet row = statement.executeQuery(query)) {
      row.next();
      return row.getString(1);
    }
  }
}
