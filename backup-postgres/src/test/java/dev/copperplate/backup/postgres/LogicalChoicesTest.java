package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is in a snapshot by choice. */
@Timeout(120)
class LogicalChoicesTest {

  @TempDir Path folder;

  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @Test
  void rowsAreThoseOfWhatIsIncludedAndNotExcludedAndDefinitionsAreComplete() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      server.sql("CREATE SCHEMA \"Log\"");
      for (String each : new String[] {"a", "ab", "\"A\"", "\"Log\".a", "\"Log\".b"}) {
        server.sql("CREATE TABLE " + each + " AS SELECT 1 AS i");
      }
      PostgresLogicalSource source = source(server);
      assertEquals(
          Set.of("public/a.sql", "public/A.sql", "public/ab.sql", "Log/a.sql", "Log/b.sql"),
          rows(backup(source)));
      assertEquals(
          Set.of("public/a.sql", "public/ab.sql"), rows(backup(source.include("public.a*"))));
      Snapshot some = backup(source.include("*.A", "\"Log\".*").exclude("\"Log\".b"));
      assertEquals(Set.of("public/a.sql", "Log/a.sql"), rows(some));
      assertTrue(
          text(some, "databases/postgres/10-pre-data.sql").contains("CREATE TABLE public.ab"));
      assertEquals(Set.of(), rows(backup(source.include("nowhere.*"))));
    }
  }

  @Test
  void allDatabasesAreThoseThatTakeConnectionsAndWhatTheRoleMayNotEnterIsToldOf() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      server.sql("CREATE DATABASE one");
      server.sql("CREATE DATABASE \"two 🏦/..\"");
      server.sql("CREATE DATABASE closed");
      server.sql("CREATE DATABASE shut ALLOW_CONNECTIONS false");
      server.sql("REVOKE CONNECT ON DATABASE closed FROM PUBLIC");
      server.sqlIn("one", "CREATE TABLE t AS SELECT 1 AS i");
      server.sql("GRANT pg_read_all_data TO backup");

      PostgresLogicalSource source =
          PostgresLogicalSource.of("orders", server.asBackup()).tools(bin()).allDatabases();
      BackupReport report = repository.backup(source);

      assertEquals(SnapshotState.PARTIAL, report.snapshot().state());
      Finding told = report.findings().get(0);
      assertEquals("closed", told.subject());
      assertTrue(told.remedy().contains("GRANT CONNECT ON DATABASE \"closed\""), told::toString);
      try (SnapshotReader reader = repository.open(report.snapshot())) {
        assertEquals(
            "\"one\", \"postgres\", \"two 🏦/..\"", reader.manifest().facts().get("databases"));
      }
      new LogicalRestore(folder, report.snapshot()).into(other(), PgTools.stock());
      assertEquals("1", other.sqlIn("one", "SELECT sum(i) FROM t"));
      assertEquals("1", other.sql("SELECT count(*) FROM pg_database WHERE datname = 'two 🏦/..'"));
      other.close();
    }
  }

  private EmbeddedPostgres other;

  private EmbeddedPostgres other() throws Exception {
    other = EmbeddedPostgres.start(17);
    return other;
  }

  @Test
  void rolePasswordsAreStoredWhereTheyAreAskedForAndWorkAgain() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17);
        EmbeddedPostgres target = EmbeddedPostgres.start(17)) {
      server.sql("CREATE ROLE worker LOGIN PASSWORD '" + EmbeddedPostgres.PASSWORD + "'");
      assertFalse(text(backup(source(server)), "globals.sql").contains("PASSWORD"));
      Snapshot with = backup(source(server).rolePasswords());
      new LogicalRestore(folder, with).into(target, PgTools.stock());
      target.connection("postgres", "worker").close();
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 18})
  void rowsAloneNeedNoProgram(int version) throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      server.sql("CREATE TABLE t AS SELECT 1 AS i");
      Snapshot snapshot =
          backup(source(server).tools(folder.resolve("no tools are there")).dataOnly());
      assertEquals(Set.of("public/t.sql"), rows(snapshot));
      try (SnapshotReader reader = repository.open(snapshot)) {
        assertEquals("no", reader.manifest().facts().get("definitions"));
        assertFalse(reader.entry(EntryPath.of("globals.sql")).isPresent());
        assertFalse(reader.entry(EntryPath.of("databases/postgres/10-pre-data.sql")).isPresent());
      }
    }
  }

  @Test
  void whatOneEncodingHasComesBackInAnother() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      server.sql("CREATE DATABASE kanji TEMPLATE template0 ENCODING EUC_JP LOCALE 'C'");
      server.sqlIn("kanji", "CREATE TABLE \"表\" (\"列\" text DEFAULT '漢字' CHECK (\"列\" <> '無'))");
      server.sqlIn("kanji", "INSERT INTO \"表\" VALUES ('日本語'), (DEFAULT)");
      server.sqlIn("kanji", "COMMENT ON TABLE \"表\" IS '説明'");
      Snapshot snapshot = backup(source(server).database("kanji"));
      new LogicalRestore(folder, snapshot).into(other(), PgTools.stock());
      assertEquals("EUC_JP", other.sqlIn("kanji", "SHOW server_encoding"));
      assertEquals(
          server.sqlIn("kanji", "SELECT string_agg(\"列\"::bytea::text, ',') FROM \"表\""),
          other.sqlIn("kanji", "SELECT string_agg(\"列\"::bytea::text, ',') FROM \"表\""));
      assertEquals("説明", other.sqlIn("kanji", "SELECT obj_description('\"表\"'::regclass)"));
      other.close();
    }
  }

  private Snapshot backup(PostgresLogicalSource source) throws Exception {
    BackupReport report = repository.backup(source);
    assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
    return report.snapshot();
  }

  /** Files of rows below the database postgres. */
  private Set<String> rows(Snapshot snapshot) throws Exception {
    String top = "/databases/postgres/20-data/";
    Set<String> rows = new TreeSet<>();
    try (SnapshotReader reader = repository.open(snapshot);
        Cursor<Entry> entries = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      for (Entry each = entries.next(); each != null; each = entries.next()) {
        if (each.type() == EntryType.FILE && each.path().toString().startsWith(top)) {
          rows.add(each.path().toString().substring(top.length()));
        }
      }
    }
    return rows;
  }

  private String text(Snapshot snapshot, String path) throws Exception {
    try (SnapshotReader reader = repository.open(snapshot);
        InputStream in =
            reader.open(reader.entry(EntryPath.of(path)).orElseThrow(), ByteRange.ALL)) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private static Path bin() {
    return PgTools.stock().path("pg_dump").getParent();
  }

  private static PostgresLogicalSource source(EmbeddedPostgres server) {
    return PostgresLogicalSource.of("orders", server.as(EmbeddedPostgres.SUPERUSER)).tools(bin());
  }
}
