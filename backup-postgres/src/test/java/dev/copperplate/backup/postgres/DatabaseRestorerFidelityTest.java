package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that come back are judged by PostgreSQL's own dump of both. */
class DatabaseRestorerFidelityTest {

  private static final Path EVIL = Path.of("/tmp/copperplate-evil");

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
  @ValueSource(ints = {15, 17})
  void everyKindOfObjectComesBackAsItWas(int version) throws Exception {
    PgTools tools = PgTools.of(version);
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version);
        EmbeddedPostgres other = EmbeddedPostgres.start(version)) {
      EveryKind.create(server, tools);
      Snapshot snapshot = capture(server, tools, EveryKind.DATABASE);

      RestoreReport report =
          repository.restore(
              snapshot,
              PostgresDatabaseRestorer.into(other.as(EmbeddedPostgres.SUPERUSER)).globals());

      assertEquals(
          String.join("\n", EveryKind.dump(server, tools)),
          String.join("\n", EveryKind.dump(other, tools)));
      assertTrue(report.complete(), report::toString);
      assertFalse(Files.exists(EVIL));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void schemasComeBackOneAfterTheOther(int version) throws Exception {
    PgTools tools = PgTools.of(version);
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      for (String each : List.of("CREATE ROLE keeper", "CREATE ROLE reader", "CREATE DATABASE a")) {
        server.sql(each);
      }
      for (String each : LayeredSchemas.STATEMENTS) {
        server.sqlIn("a", each);
      }
      Snapshot snapshot = capture(server, tools, "a");
      PostgresDatabaseRestorer restorer =
          PostgresDatabaseRestorer.into(server.as(EmbeddedPostgres.SUPERUSER)).as("b");

      for (String each : LayeredSchemas.NAMES) {
        RestoreReport report = repository.restore(snapshot, restorer.schemas(each));
        assertTrue(report.complete(), report::toString);
        assertEquals("1", report.facts().get("tables"), report::toString);
        restorer = restorer.intoExisting();
        String one = "--schema=\"" + each + '"';
        assertEquals(dump(server, tools, "a", one), dump(server, tools, "b", one));
      }

      assertEquals(dump(server, tools, "a"), dump(server, tools, "b"));
    }
  }

  /** A program of 17 writes a setting that 15 does not know. */
  @Test
  void whatNewerProgramsWriteComesBackToAnOlderServer() throws Exception {
    PgTools tools = PgTools.stock();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(15)) {
      server.sql("CREATE TABLE a AS SELECT 1 AS i");
      Snapshot snapshot = capture(server, tools, "postgres");

      repository.restore(
          snapshot, PostgresDatabaseRestorer.into(server.as(EmbeddedPostgres.SUPERUSER)).as("b"));

      assertEquals("1", server.sqlIn("b", "SELECT sum(i) FROM a"));
    }
  }

  @Test
  void everyKindOfObjectMovesToANewerVersion() throws Exception {
    PgTools tools = PgTools.of(15);
    try (EmbeddedPostgres server = EmbeddedPostgres.start(15);
        EmbeddedPostgres other = EmbeddedPostgres.start(18)) {
      EveryKind.create(server, tools);
      Snapshot snapshot = capture(server, tools, EveryKind.DATABASE);

      RestoreReport report =
          repository.restore(
              snapshot,
              PostgresDatabaseRestorer.into(other.as(EmbeddedPostgres.SUPERUSER)).globals());

      assertTrue(report.complete(), report::toString);
      String queries =
          server.sqlIn(
              EveryKind.DATABASE,
              "SELECT string_agg(format('SELECT %L || count(*) || coalesce(md5(string_agg(t::text,"
                  + " ''|'' ORDER BY t::text COLLATE \"C\")), ''-'') FROM %s t', c.oid::regclass,"
                  + " c.oid::regclass), ' UNION ALL ' ORDER BY c.oid::regclass::text) FROM pg_class c"
                  + " WHERE relkind IN ('r', 'm', 'v') AND relispopulated AND relnamespace::regnamespace::text !~ '^(pg_|info)'");
      for (String each :
          List.of(
              "SELECT string_agg(x, E'\\n') FROM (" + queries + ") q (x)",
              "SELECT string_agg(conname || pg_get_constraintdef(oid), E'\\n' ORDER BY conname,"
                  + " conrelid::regclass::text) FROM pg_constraint WHERE oid >= 16384 AND contype <> 'n'",
              "SELECT string_agg(indexdef, E'\\n' ORDER BY indexdef) FROM pg_indexes WHERE"
                  + " schemaname !~ '^pg_'",
              "SELECT string_agg(oid::regprocedure::text, ', ' ORDER BY oid::regprocedure::text) FROM pg_proc p WHERE"
                  + " pronamespace = 'sales'::regnamespace AND NOT EXISTS (SELECT FROM pg_depend"
                  + " WHERE objid = p.oid AND deptype = 'e')",
              "SELECT string_agg(md5(lo_get(oid)), ',' ORDER BY oid) FROM pg_largeobject_metadata")) {
        assertEquals(server.sqlIn(EveryKind.DATABASE, each), other.sqlIn(EveryKind.DATABASE, each));
      }
    }
  }

  @Test
  void rowsAloneComeBackIntoTablesOfTheNewestVersion() throws Exception {
    List<String> queries =
        List.of(
            "SELECT md5(string_agg(a::text, ',' ORDER BY id)) FROM a",
            "SELECT sum(a) FROM b",
            "SELECT last_value FROM a_id_seq",
            "SELECT lo_get(16001)");
    try (EmbeddedPostgres server = EmbeddedPostgres.start(18);
        EmbeddedPostgres other = EmbeddedPostgres.start(18)) {
      for (EmbeddedPostgres each : List.of(server, other)) {
        each.sql("CREATE TABLE b (a int)");
        each.sql("CREATE TABLE a (id serial PRIMARY KEY, t text, v int GENERATED ALWAYS AS (id))");
        each.sql("ALTER TABLE b ADD FOREIGN KEY (a) REFERENCES a");
      }
      server.sql("INSERT INTO a (t) SELECT md5(i::text) FROM generate_series(1, 1000) i");
      server.sql("INSERT INTO b SELECT id FROM a");
      server.sql("SELECT lo_from_bytea(16001, 'large')");
      Snapshot snapshot =
          repository
              .backup(
                  PostgresLogicalSource.of("shops", server.as(EmbeddedPostgres.SUPERUSER))
                      .dataOnly())
              .snapshot();

      repository.restore(
          snapshot, PostgresDatabaseRestorer.into(other.as(EmbeddedPostgres.SUPERUSER)).rowsOnly());

      for (String each : queries) {
        assertEquals(server.sql(each), other.sql(each));
      }
    }
  }

  private Snapshot capture(EmbeddedPostgres server, PgTools tools, String database)
      throws Exception {
    return repository
        .backup(
            PostgresLogicalSource.of("shops", server.as(EmbeddedPostgres.SUPERUSER))
                .database(database)
                .tools(tools.path("pg_dump").getParent()))
        .snapshot();
  }

  private static String dump(
      EmbeddedPostgres server, PgTools tools, String database, String... options) throws Exception {
    Map<String, String> environment = new HashMap<>(server.environment());
    environment.put("PGDATABASE", database);
    return tools
        .with(environment)
        .run("pg_dump", options)
        .orThrow()
        .lines()
        .filter(each -> !each.startsWith("\\restrict") && !each.startsWith("\\unrestrict"))
        .collect(Collectors.joining("\n"));
  }
}
