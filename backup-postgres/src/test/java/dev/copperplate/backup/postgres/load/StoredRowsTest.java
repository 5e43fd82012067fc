package dev.copperplate.backup.postgres.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.EmbeddedPostgres;
import dev.copperplate.backup.postgres.PostgresLogicalSource;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.util.List;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StoredRowsTest {

  private static final String FILE = "databases/postgres/20-data/public/a.sql";
  private static final String TABLES = ".backup/tables.jsonl";

  @TempDir static Path folder;

  private static EmbeddedPostgres server;
  private static BackupRepository repository;
  private static Snapshot snapshot;

  @BeforeAll
  static void capture() throws Exception {
    repository = TestRepositories.create(folder);
    server = EmbeddedPostgres.start(17);
    server.sql("CREATE TABLE a (i int PRIMARY KEY, t text)");
    server.sql("INSERT INTO a SELECT i, 'secret' || i FROM generate_series(1, 2000) i");
    server.sql("CREATE TABLE other (i int, t text)");
    server.sql("CREATE TABLE nothing ()");
    server.sql("INSERT INTO nothing SELECT FROM generate_series(1, 7)");
    server.sql("CREATE DATABASE latin ENCODING 'SQL_ASCII' LOCALE 'C' TEMPLATE template0");
    server.sqlIn("latin", "CREATE TABLE odd AS SELECT E'caf\\xe9' AS t");
    server.sql("CREATE DATABASE \"shop's \"\"/..\"");
    snapshot =
        repository
            .backup(
                PostgresLogicalSource.of("orders", server.as(EmbeddedPostgres.SUPERUSER))
                    .allDatabases()
                    .dataOnly())
            .snapshot();
  }

  @AfterAll
  static void stop() throws Exception {
    server.close();
    repository.close();
  }

  @Test
  void rowsComeBack() throws Exception {
    server.sql("CREATE TABLE copy (LIKE a)");
    server.sql("CREATE TABLE more ()");
    load(open(), "a", "public.copy");
    load(open(), "nothing", "public.more");
    assertEquals("0", server.sql("SELECT count(*) FROM (TABLE a EXCEPT TABLE copy) x"));
    assertEquals("2000", server.sql("SELECT count(*) FROM copy"));
    assertEquals("7", server.sql("SELECT count(*) FROM more"));
    server.sql("DROP TABLE copy, more");
  }

  @Test
  void bytesOfADatabaseWithoutAnEncodingComeBack() throws Exception {
    server.sqlIn("latin", "CREATE TABLE copy (t text)");
    try (SnapshotReader reader = open();
        Connection connection = server.connection("latin", EmbeddedPostgres.SUPERUSER)) {
      DumpedTable odd = StoredTables.of(reader).find("latin", "public", "odd").orElseThrow();
      new StoredRows(reader, odd).load(connection, "public.copy");
    }
    assertEquals("t", server.sqlIn("latin", "SELECT t = E'caf\\xe9' FROM copy"));
  }

  @Test
  void databasesAreNamedThoseWithoutTablesIncluded() throws Exception {
    try (SnapshotReader reader = open()) {
      StoredTables tables = StoredTables.of(reader);
      assertEquals(List.of("latin", "postgres", "shop's \"/.."), sorted(tables.databases()));
      assertEquals(3, tables.in("postgres").size());
      assertTrue(tables.find("postgres", "public", "b").isEmpty());
      try (Cursor<DumpedTable> all = tables.read()) {
        assertEquals("odd", all.next().name());
      }
    }
  }

  private static List<String> sorted(List<String> names) {
    return names.stream().sorted().toList();
  }

  @Test
  void rowsThatAreNotThoseThatWereStoredAreRefused() throws Exception {
    assertRefused("sum differs", each -> each.replace("secret1000\n", "secret1001\n"));
    assertRefused("sum differs", each -> each.substring(0, each.length() / 2));
  }

  @Test
  void statementsBesideTheRowsAreRefused() throws Exception {
    assertRefused("begin as", each -> each.replace("COPY \"public\".\"a\"", "COPY public.other"));
    assertRefused("begin as", each -> each.replace("COPY", "DROP TABLE public.other;\nCOPY"));
    assertRefused("begin as", each -> each.replace("FROM stdin", "FROM PROGRAM 'true'"));
    assertRefused("begin as", each -> each.replace("'UTF8'", "'LATIN1'"));
    assertRefused("begin as", each -> "");
    assertRefused("end behind", each -> each + "DROP TABLE public.other;\n");
    assertRefused("end behind", each -> each.replace("\n\\.\n", "\n2001\tmore\n\\.\n"));
    assertRefused("end behind", each -> each.substring(0, each.length() - 3));
    assertEquals("0", server.sql("SELECT count(*) FROM other"));
  }

  @Test
  void anotherNumberOfRowsThanRecordedIsRefused() throws Exception {
    try (SnapshotReader reader = open()) {
      AlteredSnapshot altered =
          new AlteredSnapshot(reader).file(TABLES, each -> each.replace("2000,", "2001,"));
      BackupException refused = assertThrows(BackupException.class, () -> load(altered));
      assertEquals(Kind.DAMAGED, refused.kind());
      assertTrue(refused.getMessage().contains("holds 2000 rows, and not 2001"));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"/", "../../etc/passwd", "", "a//b", ".backup/tables.jsonl"})
  void anotherFileOfRowsIsRefused(String path) throws Exception {
    try (SnapshotReader reader = open()) {
      AlteredSnapshot altered =
          new AlteredSnapshot(reader).file(TABLES, each -> each.replace(FILE, path));
      assertThrows(BackupException.class, () -> load(altered));
    }
  }

  private void assertRefused(String why, UnaryOperator<String> alteration) throws Exception {
    try (SnapshotReader reader = open()) {
      AlteredSnapshot altered = new AlteredSnapshot(reader).file(FILE, alteration);
      BackupException refused = assertThrows(BackupException.class, () -> load(altered));
      assertEquals(Kind.DAMAGED, refused.kind());
      assertTrue(refused.getMessage().contains(why), refused::getMessage);
      assertTrue(refused.getMessage().contains(FILE), refused::getMessage);
    }
  }

  @Test
  void whatTheServerRefusesIsToldWithoutValues() throws Exception {
    server.sql("CREATE TABLE copy (i int PRIMARY KEY, t text CHECK (t <> 'secret1000'))");
    BackupException refused =
        assertThrows(BackupException.class, () -> load(open(), "a", "public.copy"));
    assertEquals(
        "Loading rows of \"public\".\"a\" from "
            + FILE
            + " failed (23514): constraint \"copy_t_check\", line 1000 of the rows",
        refused.getMessage());
    assertFalse(refused.getCause().toString().contains("secret"));
    server.sql("DROP TABLE copy");
  }

  @Test
  void aLineThatDescribesNoTableIsDamage() throws Exception {
    assertNoTable(each -> "x\n");
    assertNoTable(each -> "{}\n");
    assertNoTable(each -> each.replace("\"name\":\"a\"", "\"name\":\"a\\u0000\""));
    assertNoTable(each -> each.replace("\"rows\":2000", "\"rows\":-1"));
  }

  private static void assertNoTable(UnaryOperator<String> alteration) throws Exception {
    try (SnapshotReader reader = open()) {
      StoredTables tables = StoredTables.of(new AlteredSnapshot(reader).file(TABLES, alteration));
      BackupException refused = assertThrows(BackupException.class, () -> tables.in("postgres"));
      assertEquals(Kind.DAMAGED, refused.kind());
    }
  }

  @Test
  void aLineWithoutEndIsNotReadToTheEnd() {
    InputStream endless =
        new InputStream() {
          @Override
          public int read() {
            return ' ';
          }
        };
    BackupException refused =
        assertThrows(BackupException.class, () -> new TableLines(endless).next());
    assertEquals(Kind.DAMAGED, refused.kind());
  }

  @Test
  void bytesThatAreNoTextAreDamage() {
    InputStream bytes =
        new ByteArrayInputStream("{\"a\":\"\u00e9\"}".getBytes(StandardCharsets.ISO_8859_1));
    BackupException refused =
        assertThrows(BackupException.class, () -> new TableLines(bytes).next());
    assertEquals(Kind.DAMAGED, refused.kind());
  }

  private static SnapshotReader open() throws IOException {
    return repository.open(snapshot);
  }

  private static void load(SnapshotReader reader) throws Exception {
    server.sql("CREATE TABLE scratch (LIKE a)");
    try {
      load(reader, "a", "public.scratch");
    } finally {
      server.sql("DROP TABLE scratch");
    }
  }

  private static void load(SnapshotReader reader, String table, String target) throws Exception {
    try (reader;
        Connection connection = server.connection()) {
      DumpedTable stored = StoredTables.of(reader).find("postgres", "public", table).orElseThrow();
      new StoredRows(reader, stored).load(connection, target);
    }
  }
}
