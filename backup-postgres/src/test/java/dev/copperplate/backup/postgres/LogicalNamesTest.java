package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.dump.TablePattern;
import dev.copperplate.backup.postgres.sql.SqlText;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Names that programs, paths, patterns and psql would take for something else. */
@Timeout(180)
class LogicalNamesTest {

  private static final Path EVIL = Path.of("/tmp/copperplate-evil-name");

  private static final List<String> NAMES =
      List.of(
          "plain",
          "Plain",
          "PLAIN",
          "0000.sql",
          "plain.sql",
          "a.b",
          ".",
          "..",
          "-",
          "--help",
          "a=b host=x",
          "it's",
          "\"quoted\"",
          "\"",
          " ",
          "a\nb",
          "a\n\\! touch " + EVIL + "\n",
          "\\! touch " + EVIL,
          "\\.",
          "\\restrict x",
          "\\unrestrict x",
          "$$; --",
          "*",
          "?",
          "a\rb",
          "a\\nb",
          "a/b",
          "a\\b",
          "a\tb",
          "%2e",
          ":'x'",
          ":x",
          "été",
          "🏦".repeat(15) + "abc",
          "x".repeat(63));

  private static EmbeddedPostgres server;
  private static String all;

  @TempDir Path folder;

  private BackupRepository repository;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.start(17);
    try (Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      for (String each : NAMES) {
        String name = SqlText.name(each);
        statement.execute("CREATE SCHEMA " + name);
        statement.execute(
            "CREATE TABLE " + name + "." + name + " (" + name + " serial, t text DEFAULT 'x')");
        statement.execute("CREATE TABLE " + name + " AS SELECT * FROM " + name + "." + name);
        statement.execute(
            "INSERT INTO " + name + " SELECT i, repeat('x', 1000) FROM generate_series(1, 20) i");
        statement.execute("INSERT INTO " + name + "." + name + " DEFAULT VALUES");
      }
    }
    all = dump(server);
  }

  @AfterAll
  static void end() throws Exception {
    server.close();
  }

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @Test
  void allComeBackAndNothingElseHappens() throws Exception {
    BackupReport report = repository.backup(source("postgres").pagesPerFile(1).connections(3));
    assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
    try (EmbeddedPostgres other = EmbeddedPostgres.start(17)) {
      new LogicalRestore(folder, report.snapshot()).into(other, PgTools.stock());
      assertEquals(all, dump(other));
    }
    assertFalse(Files.exists(EVIL));
  }

  @Test
  void tablesThatARoleMayNotReadAreLeftOutWithWhateverName() throws Exception {
    List<String> patterns = new ArrayList<>();
    for (String each : NAMES) {
      patterns.add(SqlText.name(each, each));
      patterns.add(SqlText.name("public", each));
    }
    server.sql("CREATE TABLE IF NOT EXISTS open AS SELECT 1 AS i");
    server.sql("GRANT SELECT ON open TO backup");
    Path notes = folder.resolve("notes");
    PostgresLogicalSource source =
        source("backup")
            .exclude(patterns.toArray(String[]::new))
            .tools(NotingTools.make(folder.resolve("tools"), notes));
    BackupReport report = repository.backup(source);
    assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
    assertFalse(Files.readString(notes).contains("été"));
    server.sql("DROP TABLE open");
  }

  @Test
  void patternsMeanWhatPsqlMeans() throws Exception {
    for (String pattern :
        List.of(
            "public.plain",
            "public.PLAIN",
            "PUBLIC.Pl*",
            "public.\"Plain\"",
            "public.*",
            "*.plain",
            "*.\"*\"",
            "public.\"?\"",
            "public.\"a.b\"",
            "public.\"\"\"quoted\"\"\"",
            "public.*\"sql\"",
            "public.été",
            "public.ÉTÉ",
            "public.🏦*",
            "public.\"🏦\"*",
            "\"a.b\".*",
            "public.\"$$; --\"",
            "public.\"a\nb\"",
            "nowhere.*")) {
      assertEquals(psql(pattern), ours(pattern), pattern);
    }
  }

  private static List<String> psql(String pattern) throws Exception {
    String listed =
        PgTools.stock()
            .at(server)
            .run("pg_dump", "--schema-only", "--format=plain", "--table=" + pattern)
            .output();
    return NAMES.stream()
        .flatMap(each -> List.of(SqlText.name(each, each), SqlText.name("public", each)).stream())
        .filter(each -> listed.contains("CREATE TABLE " + bare(each) + " ("))
        .sorted()
        .toList();
  }

  /** As pg_dump writes it: quotes only where they are needed. */
  private static String bare(String name) {
    return name.replaceAll("\"(plain|public|x+)\"", "$1");
  }

  private static List<String> ours(String pattern) throws Exception {
    TablePattern of = TablePattern.of(pattern);
    return NAMES.stream()
        .flatMap(each -> List.of(new String[] {each, each}, new String[] {"public", each}).stream())
        .filter(each -> of.matches(each[0], each[1]))
        .map(each -> SqlText.name(each[0], each[1]))
        .sorted()
        .toList();
  }

  private static String dump(EmbeddedPostgres of) throws Exception {
    return PgTools.stock().at(of).run("pg_dump", "--restrict-key=same").orThrow();
  }

  private static PostgresLogicalSource source(String role) {
    return PostgresLogicalSource.of("orders", server.as(role))
        .tools(PgTools.stock().path("pg_dump").getParent());
  }
}
