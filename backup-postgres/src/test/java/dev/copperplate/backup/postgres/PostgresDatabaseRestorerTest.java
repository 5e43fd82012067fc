package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.load.AlteredSnapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Restores databases beside the ones that they come from. */
class PostgresDatabaseRestorerTest {

  private static final String SOURCE = "shop";
  private static final String COPY = "copy \"of\" 'shop'";
  private static final Path EVIL = Path.of("/tmp/copperplate-evil");

  private static EmbeddedPostgres server;

  @TempDir Path folder;

  private BackupRepository repository;

  @BeforeAll
  static void startServer() throws Exception {
    server = EmbeddedPostgres.start(17);
    server.sql("CREATE ROLE keeper");
    server.sql("CREATE ROLE reader");
    server.sql("CREATE ROLE app LOGIN CREATEDB PASSWORD '" + EmbeddedPostgres.PASSWORD + "'");
  }

  @AfterAll
  static void stopServer() throws Exception {
    server.close();
  }

  @BeforeEach
  void createRepository() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
    server.sql("CREATE DATABASE " + SOURCE);
  }

  @AfterEach
  void dropDatabases() throws Exception {
    repository.close();
    for (String each : new String[] {SOURCE, COPY}) {
      server.sql("DROP DATABASE IF EXISTS " + quoted(each) + " WITH (FORCE)");
    }
  }

  private static String quoted(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  private static void make(List<String> statements) throws SQLException {
    try (Connection connection = server.connection(SOURCE, EmbeddedPostgres.SUPERUSER);
        Statement running = connection.createStatement()) {
      for (String each : statements) {
        running.execute(each);
      }
    }
  }

  private Snapshot capture() throws Exception {
    return repository.backup(source()).snapshot();
  }

  private static PostgresLogicalSource source() {
    return PostgresLogicalSource.of("shop", server.as(EmbeddedPostgres.SUPERUSER))
        .database(SOURCE)
        .tools(PgTools.stock().path("pg_dump").getParent());
  }

  private static PostgresDatabaseRestorer copy() {
    return PostgresDatabaseRestorer.into(server.as(EmbeddedPostgres.SUPERUSER)).as(COPY);
  }

  private static String dump(String database, String... options) throws Exception {
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.put("PGDATABASE", database);
    return PgTools.stock()
        .with(environment)
        .run("pg_dump", options)
        .orThrow()
        .lines()
        .filter(each -> !each.startsWith("\\restrict") && !each.startsWith("\\unrestrict"))
        .collect(Collectors.joining("\n"));
  }

  private static String copied(String query) throws Exception {
    return server.sqlIn(COPY, query);
  }

  private BackupException refused(Restorer restorer, Snapshot snapshot) {
    return assertThrows(BackupException.class, () -> repository.restore(snapshot, restorer));
  }

  private static boolean isThere(String database) throws SQLException {
    return !server
        .sql("SELECT 1 FROM pg_database WHERE datname = '" + database.replace("'", "''") + "'")
        .isEmpty();
  }

  @Test
  void aSchemaWhoseObjectsAreThereIsRefused() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    Snapshot snapshot = capture();
    repository.restore(snapshot, copy().schemas("base"));

    BackupException there = refused(copy().schemas("base").intoExisting(), snapshot);

    assertEquals(Kind.ALREADY_EXISTS, there.kind());
    assertTrue(there.getMessage().contains("table base.people"), there::getMessage);
  }

  @Test
  void aNameThatNobodyCanTellFromAHeaderIsRefused() throws Exception {
    make(
        List.of(
            "CREATE SCHEMA a", "CREATE TABLE a.\"x; Type: TABLE; Schema: b; Owner: postgres\" ()"));

    BackupException ambiguous = refused(copy().schemas("b"), capture());

    assertEquals(Kind.UNSUPPORTED, ambiguous.kind());
    assertFalse(isThere(COPY));
  }

  @Test
  void definitionsComeWithoutRows() throws Exception {
    make(LayeredSchemas.STATEMENTS);

    repository.restore(capture(), copy().definitionsOnly());

    assertEquals(dump(SOURCE, "--schema-only"), dump(COPY, "--schema-only"));
    assertEquals("0", copied("SELECT count(*) FROM base.people"));
    assertEquals("f", copied("SELECT relispopulated FROM pg_class WHERE relname = 'summary'"));
  }

  @Test
  void aDryRunSaysWhatWouldBeDoneAndDoesNothing() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    Snapshot snapshot = capture();

    RestorePlan plan = repository.planRestore(snapshot, copy().connections(3));

    assertFalse(isThere(COPY));
    assertTrue(plan.destination().endsWith(", database " + quoted(COPY)), plan::toString);
    assertEquals(
        List.of(
            "Create database " + quoted(COPY),
            "Load 300 rows of 3 tables on 3 connections at most",
            "Set sequences, and make large objects and rows of extensions",
            "Gather statistics with ANALYZE"),
        plan.steps().stream().filter(each -> !each.startsWith("Run ")).toList());
    assertEquals(List.of(), plan.destroys());
  }

  @Test
  void whatIsSetForADatabaseDoesNotDisturbItsRestore() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    server.sql("ALTER DATABASE shop SET default_transaction_read_only = on");
    server.sql("ALTER DATABASE shop SET IntervalStyle = sql_standard");
    server.sql("ALTER DATABASE shop CONNECTION LIMIT 0");
    Snapshot snapshot = capture();

    repository.restore(
        snapshot, PostgresDatabaseRestorer.into(server.as("app")).as(COPY).staging());

    assertEquals("on", copied("SHOW default_transaction_read_only"));
    assertEquals(
        "0", copied("SELECT datconnlimit FROM pg_database WHERE datname = current_database()"));
  }

  @Test
  void aDatabaseThatIsThereIsRefused() throws Exception {
    BackupException there = refused(copy().as(SOURCE), capture());
    assertEquals(Kind.ALREADY_EXISTS, there.kind());
    assertTrue(there.getMessage().contains("intoExisting()"), there::getMessage);
  }

  @Test
  void oneOfSeveralDatabasesHasToBeSaid() throws Exception {
    make(List.of("CREATE TABLE a AS SELECT 1 AS i"));
    Snapshot snapshot = repository.backup(source().database("postgres", SOURCE)).snapshot();

    BackupException which = refused(copy(), snapshot);
    assertEquals(Kind.INVALID, which.kind());
    assertTrue(which.getMessage().contains("\"postgres\", \"shop\""), which::getMessage);
    assertEquals(Kind.NOT_FOUND, refused(copy().database("other"), snapshot).kind());

    repository.restore(snapshot, copy().database("postgres"));
    assertTrue(isThere(COPY));
    server.sql("DROP DATABASE " + quoted(COPY));
    repository.restore(snapshot, copy().database(SOURCE));
    assertEquals("1", copied("SELECT sum(i) FROM a"));
  }

  @Test
  void aDatabaseThatIsNotEmptyIsRefused() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    Snapshot snapshot = capture();

    BackupException there = refused(copy().as(SOURCE).intoExisting(), snapshot);

    assertEquals(Kind.ALREADY_EXISTS, there.kind());
    assertTrue(there.getMessage().contains("function base.twice"), there::getMessage);
  }

  @Test
  void anEmptyDatabaseIsFilled() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    Snapshot snapshot = capture();
    server.sql("CREATE DATABASE " + quoted(COPY) + " OWNER keeper");

    repository.restore(snapshot, copy().intoExisting());

    assertEquals(dump(SOURCE), dump(COPY));
    assertEquals(
        "keeper",
        copied(
            "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = current_database()"));
  }

  @Test
  void aDatabaseThatIsNotThereIsNotFilled() throws Exception {
    BackupException missing = refused(copy().intoExisting(), capture());
    assertEquals(Kind.NOT_FOUND, missing.kind());
  }

  @Test
  void stagingHasNothingOfProductionButItsTables() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    make(
        List.of(
            "CREATE EXTENSION postgres_fdw",
            "CREATE SERVER far FOREIGN DATA WRAPPER postgres_fdw OPTIONS (host '127.0.0.1')",
            "CREATE USER MAPPING FOR keeper SERVER far OPTIONS (user 'u', password 'p')",
            "CREATE PUBLICATION everything FOR ALL TABLES",
            "CREATE SUBSCRIPTION s CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p"
                + " WITH (connect = false, slot_name = NONE)",
            "CREATE FUNCTION top.watched() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN END $$",
            "CREATE EVENT TRIGGER watched ON ddl_command_end EXECUTE FUNCTION top.watched()",
            "COMMENT ON EVENT TRIGGER watched IS 'x'",
            "CREATE ROLE gone",
            "ALTER DATABASE shop SET app.word = 'x'",
            "ALTER ROLE keeper IN DATABASE shop SET app.word = 'y'",
            "ALTER TABLE top.notes ENABLE ROW LEVEL SECURITY",
            "CREATE POLICY mine ON top.notes TO gone USING (true)"));
    Snapshot snapshot = capture();
    make(List.of("DROP OWNED BY gone", "DROP ROLE gone"));

    RestoreReport report = repository.restore(snapshot, copy().staging());

    String dump = dump(COPY);
    for (String each :
        List.of(
            "\nGRANT ",
            "keeper",
            "reader",
            "PUBLICATION",
            "SUBSCRIPTION",
            "EVENT TRIGGER",
            "USER MAPPING",
            "POLICY")) {
      assertFalse(dump.contains(each), each);
    }
    assertEquals("100", copied("SELECT count(*) FROM top.notes WHERE n = 7"));
    assertEquals("x", copied("SHOW app.word"));
    assertEquals(
        List.of(Finding.Severity.WARNING),
        report.findings().stream().map(Finding::severity).toList(),
        report::toString);
    make(List.of("DROP SUBSCRIPTION s", "DROP EXTENSION postgres_fdw CASCADE"));
  }

  @Test
  void aRoleMakesAllOfItAndOwnsIt() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    Snapshot snapshot = capture();

    RestoreReport report = repository.restore(snapshot, copy().owner("app"));

    assertEquals(
        "app",
        copied(
            "SELECT string_agg(DISTINCT pg_get_userbyid(relowner), ',') FROM pg_class"
                + " WHERE oid >= 16384 AND relkind IN ('r', 'v', 'm', 'S')"));
    assertEquals("t", copied("SELECT has_table_privilege('reader', 'top.notes', 'SELECT')"));
    assertTrue(report.complete(), report::toString);
  }

  @Test
  void aRoleThatMayLittleRestoresItsOwnCopy() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    Snapshot snapshot = capture();

    repository.restore(
        snapshot, PostgresDatabaseRestorer.into(server.as("app")).as(COPY).staging());

    assertEquals("100", copied("SELECT count(*) FROM top.notes WHERE n = 7"));
    assertEquals(
        "app", copied("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'notes'"));
  }

  @Test
  void whatARoleMayNotMakeIsNamed() throws Exception {
    make(LayeredSchemas.STATEMENTS);

    BackupException denied =
        refused(PostgresDatabaseRestorer.into(server.as("app")).as(COPY), capture());

    assertEquals(Kind.DENIED, denied.kind());
    assertTrue(denied.getMessage().contains("owner() and staging()"), denied::getMessage);
  }

  @Test
  void rolesThatAreMissingAreMadeAndOthersStayAsTheyAre() throws Exception {
    server.sql("CREATE ROLE lost NOLOGIN CREATEDB");
    server.sql("CREATE ROLE mighty SUPERUSER");
    server.sql("GRANT keeper TO lost");
    server.sql("COMMENT ON ROLE lost IS 'was lost'");
    server.sql("ALTER ROLE lost SET work_mem = '3MB'");
    make(List.of("CREATE TABLE a (b int)", "ALTER TABLE a OWNER TO lost"));
    Snapshot snapshot = capture();
    make(List.of("DROP TABLE a", "DROP ROLE lost, mighty", "ALTER ROLE keeper CREATEROLE"));

    BackupException missing = refused(copy(), snapshot);
    assertTrue(missing.getMessage().contains("role \"lost\" does not exist"), missing::getMessage);
    assertTrue(missing.getMessage().contains("globals()"), missing::getMessage);
    assertTrue(missing.getMessage().contains("DROP DATABASE " + quoted(COPY)), missing::getMessage);
    server.sql("DROP DATABASE " + quoted(COPY));

    assertTrue(
        repository
            .planRestore(snapshot, copy().globals())
            .steps()
            .contains("Make role \"lost\", role \"mighty\" (a superuser)"));
    repository.restore(snapshot, copy().globals());

    assertEquals(
        "lost", copied("SELECT pg_get_userbyid(relowner) FROM pg_class WHERE relname = 'a'"));
    assertEquals("t", server.sql("SELECT rolcreatedb FROM pg_roles WHERE rolname = 'lost'"));
    assertEquals("t", server.sql("SELECT pg_has_role('lost', 'keeper', 'MEMBER')"));
    assertEquals("t", server.sql("SELECT rolcreaterole FROM pg_roles WHERE rolname = 'keeper'"));
    server.sql("ALTER ROLE keeper NOCREATEROLE");
    server.sql("DROP DATABASE " + quoted(COPY));
    server.sql("DROP ROLE lost, mighty");
  }

  @Test
  void largeObjectsComeBackToTheByte() throws Exception {
    make(
        List.of(
            "SELECT lo_from_bytea(20001, decode(repeat('00ff5c27', 300000), 'hex'))",
            "SELECT lo_create(20002)",
            "SELECT lo_put(20002, 700000, '\\x01')",
            "COMMENT ON LARGE OBJECT 20001 IS 'it''s'"));

    repository.restore(capture(), copy());

    String query =
        "SELECT string_agg(md5(lo_get(oid)), ',' ORDER BY oid) FROM pg_largeobject_metadata";
    assertEquals(server.sqlIn(SOURCE, query), copied(query));
    assertEquals("it's", copied("SELECT obj_description(20001, 'pg_largeobject')"));
  }

  @Test
  void bytesThatAreInNoEncodingComeBack() throws Exception {
    server.sql("DROP DATABASE " + SOURCE);
    server.sql("CREATE DATABASE " + SOURCE + " TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE 'C'");
    make(
        List.of(
            "COMMENT ON DATABASE shop IS 'é'",
            "CREATE TABLE a (b text DEFAULT convert_from('\\xe9ff'::bytea, 'SQL_ASCII'))",
            "INSERT INTO a VALUES (convert_from('\\xfffe0a5c'::bytea, 'SQL_ASCII'))",
            "DO $$ BEGIN EXECUTE 'COMMENT ON TABLE a IS '"
                + " || quote_literal(convert_from('\\xe9c3'::bytea, 'SQL_ASCII')); END $$"));

    repository.restore(capture(), copy());

    for (String each :
        List.of(
            "SELECT shobj_description(oid, 'pg_database') FROM pg_database"
                + " WHERE datname = current_database()",
            "SELECT md5(convert_to(b, 'SQL_ASCII')) FROM a",
            "SELECT md5(convert_to(obj_description('a'::regclass), 'SQL_ASCII'))")) {
      assertEquals(server.sqlIn(SOURCE, each), copied(each));
    }
  }

  // ---- rows alone

  private static void makeCopy(List<String> statements) throws Exception {
    server.sql("CREATE DATABASE " + quoted(COPY));
    for (String each : statements) {
      server.sqlIn(COPY, each);
    }
  }

  private static final List<String> KEYED =
      List.of(
          "CREATE TABLE a_child (id serial PRIMARY KEY, b int NOT NULL)",
          "CREATE TABLE b_parent (id int PRIMARY KEY, self int REFERENCES b_parent)",
          "ALTER TABLE a_child ADD FOREIGN KEY (b) REFERENCES b_parent",
          "CREATE TABLE left_one (id int PRIMARY KEY, other int)",
          "CREATE TABLE right_one (id int PRIMARY KEY, other int REFERENCES left_one)",
          "ALTER TABLE left_one ADD CONSTRAINT round FOREIGN KEY (other) REFERENCES right_one"
              + " DEFERRABLE",
          "CREATE TABLE log (t text)",
          "CREATE FUNCTION logged() RETURNS trigger LANGUAGE plpgsql AS"
              + " $$ BEGIN INSERT INTO public.log VALUES (TG_OP); RETURN NEW; END $$",
          "CREATE TRIGGER logged AFTER INSERT ON a_child FOR EACH ROW EXECUTE FUNCTION logged()",
          "CREATE TRIGGER replayed AFTER INSERT ON a_child FOR EACH ROW EXECUTE FUNCTION logged()",
          "ALTER TABLE a_child ENABLE REPLICA TRIGGER replayed");

  private static final List<String> ROWS =
      List.of(
          "INSERT INTO b_parent SELECT i, i % 100 + 1 FROM generate_series(1, 100) i",
          "INSERT INTO a_child (b) SELECT i FROM generate_series(1, 100) i",
          "BEGIN; SET CONSTRAINTS ALL DEFERRED; INSERT INTO left_one VALUES (1, 1), (2, NULL);"
              + " INSERT INTO right_one VALUES (1, 2); COMMIT",
          "TRUNCATE log");

  @Test
  void rowsAloneKeepForeignKeysAndFireNoTriggers() throws Exception {
    make(KEYED);
    make(ROWS);
    Snapshot snapshot = repository.backup(source().dataOnly()).snapshot();
    makeCopy(KEYED);

    RestoreReport report = repository.restore(snapshot, copy().rowsOnly());

    assertTrue(report.complete(), report::toString);
    assertEquals(dump(SOURCE), dump(COPY));
    assertTrue(
        report.plan().steps().stream().anyMatch(each -> each.contains("logged of public.a_child")),
        report::toString);
    assertEquals("101", copied("INSERT INTO a_child (b) VALUES (1) RETURNING id"));
  }

  @Test
  void rowsThatBreakAForeignKeyAreNotLoaded() throws Exception {
    make(KEYED);
    make(ROWS);
    Snapshot snapshot =
        repository.backup(source().dataOnly().exclude("public.b_parent")).snapshot();
    makeCopy(KEYED);

    BackupException broken = refused(copy().rowsOnly(), snapshot);

    assertTrue(broken.getMessage().contains("a_child_b_fkey"), broken::getMessage);
    assertEquals("0", copied("SELECT count(*) FROM a_child"));
  }

  @Test
  void aCircleOfForeignKeysThatCannotBeDeferredIsNamed() throws Exception {
    make(KEYED);
    make(ROWS);
    Snapshot snapshot = capture();
    makeCopy(KEYED);
    server.sqlIn(COPY, "ALTER TABLE left_one ALTER CONSTRAINT round NOT DEFERRABLE");

    BackupException circle = refused(copy().rowsOnly(), snapshot);

    assertEquals(Kind.UNSUPPORTED, circle.kind());
    assertTrue(
        circle
            .getMessage()
            .contains("ALTER TABLE \"public\".\"left_one\" ALTER CONSTRAINT \"round\" DEFERRABLE"),
        circle::getMessage);
  }

  @Test
  void rowsAreNotLoadedWhereThereAreSome() throws Exception {
    make(KEYED);
    make(ROWS);
    Snapshot snapshot = capture();
    makeCopy(KEYED);
    server.sqlIn(COPY, "INSERT INTO b_parent VALUES (7)");

    BackupException filled = refused(copy().rowsOnly(), snapshot);

    assertEquals(Kind.ALREADY_EXISTS, filled.kind());
    assertTrue(filled.getMessage().contains("\"public\".\"b_parent\""), filled::getMessage);
  }

  @Test
  void tablesThatRowsAreMissingAreNamed() throws Exception {
    make(KEYED);
    make(ROWS);
    Snapshot snapshot = capture();
    makeCopy(List.of("CREATE TABLE a_child (id serial PRIMARY KEY, b int NOT NULL)"));

    BackupException missing = refused(copy().rowsOnly(), snapshot);

    assertEquals(Kind.NOT_FOUND, missing.kind());
    assertTrue(missing.getMessage().contains("\"public\".\"b_parent\""), missing::getMessage);
  }

  @Test
  void whatHasNoDefinitionsSaysWhatToDo() throws Exception {
    Snapshot snapshot = repository.backup(source().dataOnly()).snapshot();
    BackupException none = refused(copy(), snapshot);
    assertEquals(Kind.UNSUPPORTED, none.kind());
    assertTrue(none.getMessage().contains("rowsOnly()"), none::getMessage);
  }

  // ---- bad content

  private static Restorer altered(Restorer restorer, String file, String added) {
    return (snapshot, context) ->
        restorer.restore(
            new AlteredSnapshot(snapshot)
                .file("databases/" + SOURCE + "/" + file, text -> text + added),
            context);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\! touch /tmp/copperplate-evil\n",
        "COPY base.people TO PROGRAM 'touch /tmp/copperplate-evil';",
        "COPY base.people FROM PROGRAM 'touch /tmp/copperplate-evil';",
        "ALTER SYSTEM SET archive_command = 'touch /tmp/copperplate-evil';",
        "DO $$ BEGIN PERFORM 1; END $$;",
        "CREATE SUBSCRIPTION s CONNECTION 'host=h' PUBLICATION p WITH (connect = true);"
      })
  void whatNoDumpHoldsIsRefusedBeforeAnythingIsMade(String evil) throws Exception {
    make(LayeredSchemas.STATEMENTS);
    Snapshot snapshot = capture();

    for (String each : List.of("10-pre-data.sql", "40-post-data.sql", "00-database.sql")) {
      BackupException refused = refused(altered(copy(), each, evil), snapshot);
      assertEquals(Kind.UNSUPPORTED, refused.kind(), refused::getMessage);
      assertTrue(
          refused.getMessage().startsWith("databases/shop/" + each + ", line "),
          refused::getMessage);
    }

    assertFalse(isThere(COPY));
    assertFalse(Files.exists(EVIL));
  }

  @Test
  void whatNoDumpHoldsIsNotRunBehindSequences() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    Snapshot snapshot = capture();
    String evil = "COPY base.people TO PROGRAM 'touch /tmp/copperplate-evil';";

    BackupException refused = refused(altered(copy(), "30-sequences.sql", evil), snapshot);

    assertEquals(Kind.UNSUPPORTED, refused.kind(), refused::getMessage);
    assertFalse(Files.exists(EVIL));
  }

  @Test
  void hostileNamesAreNames() throws Exception {
    List<String> names =
        List.of(
            "a\n\\! touch /tmp/copperplate-evil\n",
            "b'; DROP TABLE marker; --",
            "c\"; DROP TABLE marker; --",
            "$$; DROP TABLE marker; $$",
            "$a$",
            "/* ; */ -- ;",
            "\\.",
            "\\connect postgres",
            "e'\\'",
            "begin atomic",
            ";\n-- Name: x; Type: TABLE; Schema: y; Owner: z\n;",
            "{fn now()}",
            "a?b:c${d}");
    List<String> statements = new ArrayList<>(List.of("CREATE TABLE marker (a int)"));
    for (String each : names) {
      String name = quoted(each);
      String text = "E'" + each.replace("\\", "\\\\").replace("'", "\\'") + "'";
      statements.add("CREATE SCHEMA " + name);
      statements.add(
          "CREATE TABLE " + name + "." + name + " (" + name + " text DEFAULT " + text + ")");
      statements.add("INSERT INTO " + name + "." + name + " VALUES (" + text + ")");
      statements.add("COMMENT ON COLUMN " + name + "." + name + "." + name + " IS " + text);
      statements.add(
          "CREATE INDEX " + quoted(each + "i") + " ON " + name + "." + name + " (" + name + ")");
      statements.add("CREATE SEQUENCE " + quoted(each + "s"));
      statements.add("CREATE TYPE " + quoted(each + "t") + " AS ENUM (" + text + ")");
      statements.add(
          "CREATE FUNCTION "
              + quoted(each + "f")
              + "("
              + name
              + " text DEFAULT "
              + text
              + ") RETURNS text LANGUAGE sql BEGIN ATOMIC SELECT "
              + name
              + " || "
              + text
              + "; END");
    }
    statements.add(
        "CREATE TABLE marks (d jsonb CHECK (d ? 'a' AND d ?| '{b}'), e int[] DEFAULT '{1}')");
    make(statements);

    RestoreReport report = repository.restore(capture(), copy());

    assertEquals(dump(SOURCE), dump(COPY));
    assertTrue(report.complete(), report::toString);
    assertEquals("0", server.sqlIn(SOURCE, "SELECT count(*) FROM marker"));
    assertFalse(Files.exists(EVIL));
  }

  @Test
  void rowsThatAreNotTheStoredOnesAreNotCommitted() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    Snapshot snapshot = capture();
    String path = "databases/shop/20-data/base/people.sql";
    Restorer altered =
        (reader, context) ->
            copy()
                .restore(
                    new AlteredSnapshot(reader).file(path, text -> text.replace("p100", "p101")),
                    context);

    BackupException damaged = refused(altered, snapshot);

    assertEquals(Kind.DAMAGED, damaged.kind());
    assertTrue(damaged.getMessage().contains(path), damaged::getMessage);
    assertTrue(damaged.getMessage().contains("DROP DATABASE " + quoted(COPY)), damaged::getMessage);
    assertEquals("0", copied("SELECT count(*) FROM base.people"));
  }

  @Test
  void whatAServerRefusesIsNamedWithoutWhatRowsHold() throws Exception {
    make(
        List.of(
            "CREATE FUNCTION bad(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS"
                + " $$ BEGIN RETURN t::int > 0; END $$",
            "CREATE TABLE a (t text)",
            "INSERT INTO a VALUES ('4711')",
            "CREATE INDEX bad_index ON a (bad(t))",
            "CREATE OR REPLACE FUNCTION bad(t text) RETURNS boolean LANGUAGE plpgsql IMMUTABLE AS"
                + " $$ BEGIN RAISE EXCEPTION 'canary %', t; END $$"));

    BackupException failed = refused(copy(), capture());

    assertTrue(failed.getMessage().contains("INDEX public.bad_index"), failed::getMessage);
    assertTrue(failed.getMessage().contains("P0001"), failed::getMessage);
    for (Throwable each = failed; each != null; each = each.getCause()) {
      assertFalse(each.toString().contains("canary"), each::toString);
      assertFalse(each.toString().contains("4711"), each::toString);
    }
  }

  // ---- ends

  @Test
  void aCancelledRestoreEndsWhatTheServerDoes() throws Exception {
    make(
        List.of(
            "CREATE FUNCTION slow(i int) RETURNS int LANGUAGE sql IMMUTABLE AS"
                + " $$ SELECT i FROM pg_sleep(CASE WHEN current_database() = 'shop' THEN 0 ELSE 600 END) $$",
            "CREATE TABLE a (i int)",
            "INSERT INTO a VALUES (1)",
            "CREATE INDEX ON a (slow(i))"));
    Snapshot snapshot = capture();
    AtomicReference<Throwable> end = new AtomicReference<>();
    Thread restoring =
        new Thread(
            () -> {
              try {
                repository.restore(snapshot, copy());
              } catch (Exception e) {
                end.set(e);
              }
            });
    restoring.start();
    String sleeping =
        "SELECT count(*) FROM pg_stat_activity WHERE wait_event = 'PgSleep' AND state = 'active'";
    Poll.until(() -> server.sql(sleeping).equals("1"));

    restoring.interrupt();
    restoring.join();

    assertEquals(InterruptedException.class, end.get().getClass());
    Poll.until(() -> server.sql(sleeping).equals("0"));
    assertEquals("1", copied("SELECT count(*) FROM a"));
  }

  @Test
  void aFactSaysWhichDatabase() throws Exception {
    make(LayeredSchemas.STATEMENTS);
    RestoreReport report = repository.restore(capture(), copy().withoutAnalyze());
    assertEquals(Map.of("database", quoted(COPY), "tables", "3", "rows", "300"), report.facts());
  }
}
