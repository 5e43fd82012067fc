package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PostgresLogicalSourceTest {

  private static final EntryPath DATA = EntryPath.of("databases/postgres/20-data");

  @TempDir Path folder;

  private BackupRepository repository;
  private EmbeddedPostgres server;

  @BeforeEach
  void start() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
    server = EmbeddedPostgres.start(17);
  }

  @AfterEach
  void stop() throws Exception {
    server.close();
    repository.close();
  }

  @Test
  void whatHasNotChangedIsNotStoredAgain() throws Exception {
    server.sql("CREATE TABLE a AS SELECT i, md5(i::text) FROM generate_series(1, 20000) i");
    server.sql("CREATE TABLE b (i int PRIMARY KEY)");
    server.sql("SELECT lo_from_bytea(16001, 'large')");
    repository.backup(source());

    BackupReport again = repository.backup(source());

    assertEquals(SnapshotState.COMPLETE, again.snapshot().state());
    assertEquals(0, again.filesNew(), again::toString);
    assertTrue(again.dataBlobs() <= 2, again::toString); // the manifest and the guide name the run
  }

  @Test
  void rangesOfALargeTableThatDidNotChangeKeepTheirContent() throws Exception {
    server.sql("CREATE TABLE large AS SELECT i, md5(i::text) AS t FROM generate_series(1, 9000) i");
    Snapshot first = repository.backup(source().pagesPerFile(16)).snapshot();
    server.sql("UPDATE large SET t = 'x' WHERE i = 1"); // the new row lies behind all others
    server.sql("INSERT INTO large SELECT i, 'more' FROM generate_series(9001, 12000) i");

    Snapshot second = repository.backup(source().pagesPerFile(16)).snapshot();

    List<String> before = sums(first);
    List<String> after = sums(second);
    assertTrue(before.size() > 4 && after.size() > before.size(), after::toString);
    assertFalse(before.get(0).equals(after.get(0)));
    assertEquals(before.subList(1, before.size() - 1), after.subList(1, before.size() - 1));
    assertEquals(12_000, table(second, "large").rows());
  }

  private List<String> sums(Snapshot snapshot) throws IOException {
    return table(snapshot, "large").files().stream().map(DumpedTable.RowsFile::sha256).toList();
  }

  @Test
  void rangesHoldEachRowOnce() throws Exception {
    server.sql("CREATE TABLE large AS SELECT i FROM generate_series(1, 20000) i");
    server.sql("CREATE TABLE empty ()");
    server.sql("INSERT INTO empty SELECT FROM generate_series(1, 5000)");
    server.sql("DELETE FROM large WHERE i % 7 = 0");

    Snapshot snapshot = repository.backup(source().pagesPerFile(8).connections(4)).snapshot();

    long sum = 0;
    for (String each : lines(snapshot, "large")) {
      sum += Long.parseLong(each);
    }
    assertEquals(server.sql("SELECT sum(i) FROM large"), Long.toString(sum));
    assertEquals(5000, table(snapshot, "empty").rows());
  }

  @Test
  void aWriterThatMovesMoneyIsSeenAtOneMoment() throws Exception {
    for (int i = 0; i < 8; i++) {
      server.sql(
          "CREATE TABLE account"
              + i
              + " AS SELECT 1000::bigint AS money, repeat('x', 500)"
              + " FROM generate_series(1, 100)");
    }
    Thread writer = new Thread(this::moveMoney, "writer");
    writer.start();
    try {
      for (int run = 0; run < 5; run++) {
        Snapshot snapshot = repository.backup(source().connections(1 + run % 3)).snapshot();
        long sum = 0;
        for (int i = 0; i < 8; i++) {
          for (String each : lines(snapshot, "account" + i)) {
            sum += Long.parseLong(each.substring(0, each.indexOf('\t')));
          }
        }
        assertEquals(800_000, sum);
      }
    } finally {
      writer.interrupt();
      writer.join();
    }
  }

  private void moveMoney() {
    try (Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; !Thread.currentThread().isInterrupted(); i++) {
        statement.execute("UPDATE account" + i % 8 + " SET money = money - 1");
        statement.execute("UPDATE account" + (i + 3) % 8 + " SET money = money + 1");
        connection.commit();
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void whoHoldsALockThatDoesNotComeIsNamedWithoutHisWords() throws Exception {
    server.sql("CREATE TABLE held (secret text)");
    try (Connection holder = server.connection();
        Statement statement = holder.createStatement()) {
      holder.setAutoCommit(false);
      statement.execute("SET application_name = 'migration'");
      statement.execute("ALTER TABLE held ADD secret2 text DEFAULT 'canary'");

      BackupException refused =
          assertThrows(
              BackupException.class,
              () -> repository.backup(source().lockTimeout(Duration.ofMillis(200))));

      assertEquals(Kind.LOCKED, refused.kind());
      String message = refused.getMessage();
      assertTrue(message.contains("\"public\".\"held\" is locked by process "), message);
      assertTrue(message.contains("application 'migration', role 'postgres', ALTER"), message);
      assertFalse(message.contains("canary"), message);
      holder.rollback();
    }
  }

  @Test
  void tablesThatComeAndGoMeanwhileDoNotDisturb() throws Exception {
    server.sql("CREATE TABLE stays AS SELECT 1 AS i");
    for (int run = 0; run < 3; run++) {
      Thread restless = new Thread(this::createAndDrop, "restless");
      restless.start();
      Snapshot snapshot = repository.backup(source()).snapshot();
      restless.join();
      assertEquals(SnapshotState.COMPLETE, snapshot.state());
      assertEquals(1, table(snapshot, "stays").rows());
    }
  }

  /**
   * Each statement can be in the way of one attempt, and a capture makes more of them than these.
   */
  private void createAndDrop() {
    try (Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      for (int i = 0; i < 2; i++) {
        statement.execute("CREATE TABLE passing" + i + " AS SELECT generate_series(1, 100) AS i");
        statement.execute("ALTER TABLE passing" + i + " ADD j int DEFAULT 3");
        statement.execute("TRUNCATE passing" + i);
        statement.execute("DROP TABLE passing" + i);
      }
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Test
  void aTableThatTheRoleMayNotReadIsNamedWithTheGrantThatHelps() throws Exception {
    server.sql("CREATE TABLE closed (i int)");
    BackupException refused =
        assertThrows(BackupException.class, () -> repository.backup(source("backup")));
    assertEquals(Kind.DENIED, refused.kind());
    assertTrue(
        refused.getMessage().contains("GRANT SELECT ON \"public\".\"closed\" TO \"backup\""),
        refused::getMessage);

    assertEquals(
        SnapshotState.COMPLETE,
        repository.backup(source("backup").exclude("public.closed")).snapshot().state());

    server.sql("GRANT pg_read_all_data TO backup");
    assertEquals(SnapshotState.COMPLETE, repository.backup(source("backup")).snapshot().state());
  }

  @Test
  void rowsThatRowLevelSecurityHidesAreNotLeftOutInSilence() throws Exception {
    server.sql("CREATE TABLE hidden AS SELECT 1 AS i");
    server.sql("ALTER TABLE hidden ENABLE ROW LEVEL SECURITY");
    server.sql("GRANT pg_read_all_data TO backup");
    BackupException refused =
        assertThrows(BackupException.class, () -> repository.backup(source("backup")));
    assertEquals(Kind.DENIED, refused.kind());
    assertTrue(refused.getMessage().contains("ALTER ROLE \"backup\" BYPASSRLS"));

    server.sql("ALTER ROLE backup BYPASSRLS");
    Snapshot snapshot = repository.backup(source("backup")).snapshot();
    assertEquals(1, table(snapshot, "hidden").rows());
  }

  @Test
  void aHostileSearchPathChangesNothing() throws Exception {
    server.sql("CREATE SCHEMA evil");
    for (String each :
        List.of("format_type(oid, int)", "pg_get_userbyid(oid)", "current_database()")) {
      server.sql(
          "CREATE FUNCTION evil."
              + each
              + " RETURNS text LANGUAGE plpgsql AS"
              + " $$ BEGIN RAISE EXCEPTION 'evil'; END $$");
    }
    server.sql("CREATE FUNCTION evil.eq(oid, oid) RETURNS boolean LANGUAGE sql AS 'SELECT true'");
    server.sql("CREATE OPERATOR evil.= (LEFTARG = oid, RIGHTARG = oid, FUNCTION = evil.eq)");
    server.sql("CREATE VIEW evil.pg_class AS SELECT 1 AS oid");
    server.sql("CREATE TABLE good AS SELECT 'evil.pg_class'::regclass AS c");
    server.sql("ALTER ROLE postgres SET search_path = evil, pg_catalog");
    server.sql("ALTER ROLE postgres SET DateStyle = 'German'");

    Snapshot snapshot = repository.backup(source()).snapshot();

    assertEquals(SnapshotState.COMPLETE, snapshot.state());
    assertEquals(List.of("evil.pg_class"), lines(snapshot, "good"));
  }

  @Test
  void bytesOfADatabaseWithoutEncodingAreStoredAsTheyAre() throws Exception {
    server.sql("CREATE DATABASE raw TEMPLATE template0 ENCODING SQL_ASCII LOCALE 'C'");
    server.sql("CREATE DATABASE latin TEMPLATE template0 ENCODING LATIN1 LOCALE 'C'");
    server.sqlIn("raw", "CREATE TABLE t (t text)");
    server.sqlIn(
        "raw", "COPY t FROM PROGRAM 'printf \"\\351t\\351\\n\"' WITH (ENCODING 'SQL_ASCII')");
    server.sqlIn("latin", "CREATE TABLE t AS SELECT 'été' AS t");

    Snapshot snapshot = repository.backup(source().database("raw", "latin")).snapshot();

    new LogicalRestore(folder, snapshot).into(other(), PgTools.stock());
    assertEquals("\\xe974e9", other.sqlIn("raw", "SELECT t::bytea FROM t"));
    assertEquals("été", other.sqlIn("latin", "SELECT t FROM t"));
    other.close();
  }

  private EmbeddedPostgres other;

  private EmbeddedPostgres other() throws Exception {
    other = EmbeddedPostgres.start(17);
    return other;
  }

  @Test
  void aSnapshotWithoutADumpOfItsVersionSaysWhatToInstall() throws Exception {
    Path none = Files.createDirectory(folder.resolve("none"));
    BackupException absent =
        assertThrows(BackupException.class, () -> repository.backup(source().tools(none)));
    assertEquals(Kind.NOT_FOUND, absent.kind());
    assertTrue(absent.getMessage().contains("install postgresql-client-17"), absent::getMessage);

    Path old = PgTools.of(15).path("pg_dump").getParent();
    BackupException older =
        assertThrows(BackupException.class, () -> repository.backup(source().tools(old)));
    assertEquals(Kind.UNSUPPORTED, older.kind());
    assertTrue(older.getMessage().contains("is older than the server, which is 17"));
  }

  @Test
  void thePoolOfTheHostGivesNoMoreThanStatedAndGetsAllBackAsTheyWere() throws Exception {
    server.sql("CREATE TABLE a AS SELECT i FROM generate_series(1, 100) i");
    server.sql("CREATE TABLE b AS SELECT i FROM generate_series(1, 100) i");
    try (HostPool pool = new HostPool(server, 2)) {
      Snapshot snapshot = repository.backup(source().through(pool)).snapshot();
      assertEquals(100, table(snapshot, "b").rows());
      assertTrue(pool.most() <= 2 && pool.free() == 2);
      try (Connection again = pool.getConnection()) {
        assertTrue(again.getAutoCommit());
        try (Statement statement = again.createStatement();
            var row = statement.executeQuery("SHOW search_path")) {
          assertTrue(row.next());
          assertEquals("\"$user\", public", row.getString(1));
        }
      }
    }
  }

  @Test
  void aPoolOfOneConnectionIsEnough() throws Exception {
    server.sql("CREATE TABLE a AS SELECT i FROM generate_series(1, 100) i");
    server.sql("CREATE TABLE b AS SELECT i FROM generate_series(1, 100) i");
    try (HostPool pool = new HostPool(server, 1)) {
      BackupReport report = repository.backup(source().through(pool).connections(2));
      assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
      assertEquals(100, table(report.snapshot(), "b").rows());
    }
  }

  private PostgresLogicalSource source() {
    return source(EmbeddedPostgres.SUPERUSER);
  }

  private PostgresLogicalSource source(String role) {
    return PostgresLogicalSource.of("orders", server.as(role))
        .tools(PgTools.stock().path("pg_dump").getParent());
  }

  private DumpedTable table(Snapshot snapshot, String name) throws IOException {
    try (SnapshotReader reader = repository.open(snapshot)) {
      Entry lines = reader.entry(EntryPath.of(".backup/tables.jsonl")).orElseThrow();
      for (String each : text(reader, lines).lines().toList()) {
        DumpedTable table = DumpedTable.parse(each);
        assertEquals(each, table.toLine());
        if (table.name().equals(name)) {
          return table;
        }
      }
    }
    throw new IllegalStateException("No table " + name);
  }

  /** The rows of a table of the schema public. */
  private List<String> lines(Snapshot snapshot, String name) throws IOException {
    List<String> lines = new ArrayList<>();
    try (SnapshotReader reader = repository.open(snapshot)) {
      for (DumpedTable.RowsFile file : table(snapshot, name).files()) {
        Entry entry = reader.entry(EntryPath.of(file.path())).orElseThrow();
        assertEquals(EntryType.FILE, entry.type());
        List<String> all = text(reader, entry).lines().toList();
        int copy =
            all.indexOf(
                all.stream().filter(each -> each.startsWith("COPY")).findFirst().orElseThrow());
        assertEquals("\\.", all.get(all.size() - 1));
        lines.addAll(all.subList(copy + 1, all.size() - 1));
      }
      try (Cursor<Entry> entries = reader.walk(DATA, 1)) {
        assertTrue(entries.next() != null);
      }
    }
    return lines;
  }

  private static String text(SnapshotReader reader, Entry entry) throws IOException {
    try (InputStream in = reader.open(entry, ByteRange.ALL)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }
}
