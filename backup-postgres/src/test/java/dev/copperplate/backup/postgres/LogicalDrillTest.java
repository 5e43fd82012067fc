package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.postgres.load.AlteredSnapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(180)
class LogicalDrillTest {

  private Path scratch;
  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    scratch = Files.createTempDirectory("copperplate-drills-");
    Program.run("chmod", "711", scratch.toString()).orThrow();
    repository =
        TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT.scratch(scratch));
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    repository.close();
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(List.of(), left.toList());
    }
    Files.delete(scratch);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void everyKindOfObjectComesBackAndAnswers(int version) throws Exception {
    PgTools tools = PgTools.of(version);
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      EveryKind.create(server, tools);
      Snapshot snapshot = capture(server, tools, EveryKind.DATABASE);

      String sum = "SELECT md5(string_agg(net::text, ',' ORDER BY net)) FROM sales.orders";
      Verification drill =
          repository.verify(
              snapshot,
              drill(server).expect(EveryKind.DATABASE, sum, server.sqlIn(EveryKind.DATABASE, sum)));

      assertTrue(drill.passed(), drill::toString);
      assertEquals(Proof.RESTORED, drill.proof());
      assertEquals("1", drill.facts().get("databases"));
      assertEquals(snapshotRows(snapshot), drill.facts().get("rows"));
      assertTrue(Integer.parseInt(drill.facts().get("tables")) > 5, drill::toString);
      assertEquals(List.of(), drill.findings());
    }
  }

  @Test
  void programsMayBeNewerAndNotOlder() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(15);
        EmbeddedPostgres newer = EmbeddedPostgres.start(17)) {
      server.sql("CREATE TABLE a AS SELECT 1 AS i");
      newer.sql("CREATE TABLE a AS SELECT 1 AS i");
      Snapshot old = capture(server, PgTools.of(15), "postgres");
      Snapshot recent = capture(newer, PgTools.of(17), "postgres");

      Verification drill = repository.verify(old, drill(newer));

      assertTrue(drill.passed(), drill::toString);
      BackupException refused =
          assertThrows(BackupException.class, () -> repository.verify(recent, drill(server)));
      assertEquals(BackupException.Kind.INVALID, refused.kind());
      assertTrue(refused.getMessage().contains("or a newer one"), refused.getMessage());
    }
  }

  @Test
  void rowsThatAreNotThoseThatWereCapturedFailTheDrill() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      server.sql("CREATE TABLE a AS SELECT n AS i FROM generate_series(1, 2000) n");
      Snapshot snapshot = capture(server, PgTools.of(17), "postgres");
      String rows = "databases/postgres/20-data/public/a.sql";

      assertError(
          "holds 2000 rows, and not 2001",
          altered(
              snapshot, server, ".backup/tables.jsonl", each -> each.replace("2000,", "2001,")));
      assertError(
          "their sum differs",
          altered(snapshot, server, rows, each -> each.replace("\n77\n", "\n78\n")));
    }
  }

  @Test
  void rowsBesideTheCapturedOnesAndWrongAnswersFailTheDrill() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      server.sql("CREATE TABLE seen (i int)");
      server.sql(
          "CREATE FUNCTION note(int) RETURNS bool LANGUAGE sql AS 'INSERT INTO public.seen VALUES"
              + " ($1); SELECT true'");
      server.sql("CREATE TABLE a (i int CHECK (public.note(i)))");
      server.sql("INSERT INTO a VALUES (1)");
      server.sql("ALTER TABLE a ADD CONSTRAINT large CHECK (i > 1) NOT VALID");
      Snapshot snapshot = capture(server, PgTools.of(17), "postgres");

      Verification drill =
          repository.verify(
              snapshot, drill(server).expect("postgres", "SELECT sum(i) FROM public.a", "7"));

      assertEquals(
          List.of("The table has 2 rows, and 1 were captured", "Expected '7', got '1'"),
          errors(drill));
      assertTrue(
          drill.findings().stream()
              .anyMatch(each -> each.message().contains("Constraint \"large\" was not compared")),
          drill::toString);
    }
  }

  @Test
  void rowsWithoutDefinitionsProveTheirStructureOnly() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      server.sql("CREATE TABLE a AS SELECT 1 AS i");
      Snapshot snapshot =
          repository
              .backup(
                  PostgresLogicalSource.of("shops", server.as(EmbeddedPostgres.SUPERUSER))
                      .dataOnly())
              .snapshot();
      Verification drill = repository.verify(snapshot, drill(server));
      assertTrue(drill.passed(), drill::toString);
      assertEquals(Proof.STRUCTURE, drill.proof());
      assertEquals(Severity.WARNING, drill.findings().get(0).severity());
    }
  }

  /** Rows of files that a view reads, triggers on definitions and logins, and a subscription. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void whatTheSourceIsArmedWithLeavesNoTrace(int version) throws Exception {
    Path traces = Clusters.folder();
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      String leave = " TO PROGRAM 'cat > " + traces.resolve("trace") + "'";
      server.sql("CREATE EXTENSION file_fdw");
      server.sql("CREATE SERVER files FOREIGN DATA WRAPPER file_fdw");
      server.sql(
          "CREATE FOREIGN TABLE listed (line text) SERVER files OPTIONS (program 'touch "
              + traces.resolve("trace")
              + "')");
      server.sql("CREATE MATERIALIZED VIEW view_of_listed AS SELECT * FROM listed");
      server.sql("CREATE MATERIALIZED VIEW filled AS SELECT 1 AS i");
      server.sql(
          "CREATE SUBSCRIPTION far CONNECTION 'host=127.0.0.1 port=1' PUBLICATION p WITH (connect ="
              + " false, slot_name = NONE)");
      server.sql("ALTER DATABASE postgres SET session_preload_libraries = 'auto_explain'");
      server.sql(
          "CREATE FUNCTION trap() RETURNS event_trigger LANGUAGE plpgsql AS $$ BEGIN COPY (SELECT"
              + " 1)"
              + leave
              + "; END $$");
      server.sql("CREATE EVENT TRIGGER ddl ON ddl_command_start EXECUTE FUNCTION trap()");
      server.sql("ALTER EVENT TRIGGER ddl ENABLE ALWAYS");
      if (version >= 17) {
        server.sql("CREATE EVENT TRIGGER login ON login EXECUTE FUNCTION trap()");
        server.sql("ALTER EVENT TRIGGER login ENABLE ALWAYS");
      }
      Snapshot snapshot = capture(server, PgTools.of(version), "postgres");
      Files.delete(traces.resolve("trace"));

      Verification drill =
          repository.verify(
              snapshot,
              drill(server)
                  .expect("postgres", "SELECT count(*) FROM public.filled", "1")
                  .expect(
                      "postgres",
                      "SELECT count(*) FROM pg_settings WHERE name LIKE 'auto_explain.%'",
                      "0"));

      assertTrue(drill.passed(), drill::toString);
      assertTrue(
          drill.findings().stream().anyMatch(each -> each.message().contains("is not filled")),
          drill::toString);
      assertFalse(Files.exists(traces.resolve("trace")));
    } finally {
      Clusters.remove(traces);
    }
  }

  private Verification altered(
      Snapshot snapshot, EmbeddedPostgres server, String path, UnaryOperator<String> alteration)
      throws Exception {
    PostgresDrill drill = drill(server);
    return repository.verify(
        snapshot,
        (reader, context) ->
            drill.verify(new AlteredSnapshot(reader).file(path, alteration), context));
  }

  private static void assertError(String words, Verification drill) {
    assertFalse(drill.passed());
    assertEquals(1, errors(drill).size(), drill::toString);
    assertTrue(errors(drill).get(0).contains(words), drill::toString);
    assertFalse(errors(drill).get(0).contains("DROP DATABASE"), drill::toString);
  }

  private static List<String> errors(Verification drill) {
    return drill.findings().stream()
        .filter(each -> each.severity() == Severity.ERROR)
        .map(Finding::message)
        .toList();
  }

  private String snapshotRows(Snapshot snapshot) throws Exception {
    try (var reader = repository.open(snapshot)) {
      return reader.manifest().get("rows").orElseThrow();
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

  private static PostgresDrill drill(EmbeddedPostgres server) throws Exception {
    return PostgresDrill.with(server.binaries().directory());
  }
}
