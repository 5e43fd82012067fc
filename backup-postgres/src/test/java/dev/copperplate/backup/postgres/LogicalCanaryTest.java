package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Secrets of a server stand in a logical snapshot where its documentation says, and nowhere else:
 * in no other file, log, message, finding, manifest or report, on no command line.
 */
class LogicalCanaryTest {

  private static final String GLOBALS = "/globals.sql";
  private static final String DATABASE = "/databases/postgres/00-database.sql";
  private static final String PRE_DATA = "/databases/postgres/10-pre-data.sql";
  private static final String ROWS = "/databases/postgres/20-data/public/secret.sql";
  private static final String POST_DATA = "/databases/postgres/40-post-data.sql";
  private static final String TABLES = "/.backup/tables.jsonl";

  @TempDir Path folder;

  private final Map<String, String> secrets = new LinkedHashMap<>();
  private final Map<String, Set<String>> places = new LinkedHashMap<>();

  @BeforeEach
  void makeFolder() throws Exception {
    TestRepositories.create(folder.resolve("repository")).close();
    Files.createDirectory(folder.resolve("scratch"));
  }

  private EmbeddedPostgres server;

  @AfterEach
  void stop() throws Exception {
    server.close();
  }

  @Test
  void secretsStandWhereTheDocumentationSaysAndNowhereElse() throws Exception {
    server = EmbeddedPostgres.start(17);
    plant();
    atLogin("warned", "RAISE WARNING '" + secret("a warning") + "'");

    String output = run();

    assertEquals(3, output.split("TOLD BackupReport", -1).length - 1, output);
    assertNone(output);
    assertNone(Files.readString(folder.resolve("command-lines")));
    assertPlaces();
    try (Stream<Path> left = Files.list(folder.resolve("scratch"))) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aServerThatRefusesProgramsWithSecretsInItsErrorsIsNotQuoted() throws Exception {
    server = EmbeddedPostgres.start(17);
    plant();
    String refusal =
        "RAISE EXCEPTION '"
            + secret("an error")
            + "' USING DETAIL = '"
            + secret("its detail")
            + "', HINT = '"
            + secret("its hint")
            + "'";
    // The driver says which time zone it is in, programs do not.
    atLogin(
        "refused", "IF current_setting('TimeZone') <> 'Asia/Tokyo' THEN " + refusal + "; END IF");

    String output = run();

    assertTrue(output.contains("pg_dumpall failed (1): could not connect"), output);
    assertNone(output);
  }

  private void plant() throws Exception {
    server.sql("CREATE ROLE keeper SUPERUSER LOGIN PASSWORD '" + secret("of the address") + "'");
    server.sql("CREATE ROLE worker LOGIN PASSWORD '" + secret("a role's password") + "'");
    secrets.put("the hash of one", hash("worker"));
    secrets.put("the hash of ours", hash("keeper"));
    secret("a wrong password");
    server.sql("ALTER ROLE worker SET app.key = '" + secret("a role's setting", GLOBALS) + "'");
    server.sql(
        "ALTER DATABASE postgres SET app.key = '" + secret("a database's setting", DATABASE) + "'");
    server.sql(
        "CREATE SUBSCRIPTION orders CONNECTION 'host=127.0.0.1 password="
            + secret("a subscription", POST_DATA)
            + "' PUBLICATION orders WITH (connect = false)");
    server.sql("CREATE FOREIGN DATA WRAPPER other");
    server.sql("CREATE SERVER other FOREIGN DATA WRAPPER other");
    server.sql(
        "CREATE USER MAPPING FOR worker SERVER other OPTIONS (password '"
            + secret("a user mapping", PRE_DATA)
            + "')");
    server.sql(
        "CREATE TABLE secret (value text DEFAULT '"
            + secret("a default", PRE_DATA, TABLES)
            + "', CHECK (value <> '"
            + secret("a constraint", PRE_DATA, TABLES)
            + "'))");
    server.sql("INSERT INTO secret VALUES ('" + secret("a row", ROWS) + "')");
    server.sql("COMMENT ON TABLE secret IS '" + secret("a comment", PRE_DATA) + "'");
    server.sql(
        "CREATE PUBLICATION orders FOR TABLE secret WHERE (value <> '"
            + secret("a filter of a publication", POST_DATA)
            + "')");
    server.sql(
        "CREATE FUNCTION says() RETURNS text LANGUAGE sql AS $$ SELECT '"
            + secret("a function's body", PRE_DATA)
            + "' $$");
  }

  private String hash(String role) throws Exception {
    return server.sql("SELECT rolpassword FROM pg_authid WHERE rolname = '" + role + "'");
  }

  private void atLogin(String name, String statement) throws Exception {
    String body = "BEGIN IF session_user = 'keeper' THEN " + statement + "; END IF; END";
    server.sql(
        String.format(
            Locale.ROOT,
            "CREATE FUNCTION %s() RETURNS event_trigger LANGUAGE plpgsql AS $$ %s $$",
            name,
            body));
    server.sql(
        String.format(
            Locale.ROOT, "CREATE EVENT TRIGGER %s ON login EXECUTE FUNCTION %1$s()", name));
    secrets.forEach(
        (what, secret) -> {
          if (body.contains(secret)) {
            places.put(what, Set.of(PRE_DATA)); // a definition as any other
          }
        });
  }

  /** A secret that is nowhere else, under what it is. */
  private String secret(String what, String... expected) {
    places.put(what, new TreeSet<>(List.of(expected)));
    return secrets.computeIfAbsent(what, each -> "canary" + UUID.randomUUID());
  }

  private String run() throws Exception {
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Duser.timezone=Asia/Tokyo",
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
            LogicalCanaryRun.class.getName(),
            folder.toString(),
            NotingTools.make(folder.resolve("tools"), folder.resolve("command-lines")).toString());
    String url = server.jdbcUrl() + "?user=keeper&password=" + secrets.get("of the address");
    return Program.run(
            words, Map.of("CANARY_URL", url, "CANARY_WRONG", secrets.get("a wrong password")))
        .orThrow();
  }

  private void assertPlaces() throws Exception {
    try (BackupRepository repository = TestRepositories.open(folder.resolve("repository"))) {
      List<Snapshot> snapshots = repository.list(SnapshotFilter.ALL);
      assertEquals(3, snapshots.size());
      Map<String, Set<String>> found = new LinkedHashMap<>();
      secrets.keySet().forEach(each -> found.put(each, new TreeSet<>()));
      for (Snapshot each : snapshots) {
        assertNone(each + " " + repository.findings(each) + repository.receipts(each));
        search(repository, each, found);
      }
      places.put("the hash of one", Set.of(GLOBALS));
      places.put("the hash of ours", Set.of(GLOBALS));
      assertEquals(places, found);
      assertEquals(1, withHashes(repository, snapshots));
    }
  }

  private void search(
      BackupRepository repository, Snapshot snapshot, Map<String, Set<String>> found)
      throws Exception {
    try (SnapshotReader reader = repository.open(snapshot);
        Cursor<Entry> entries = reader.walk(EntryPath.ROOT, Integer.MAX_VALUE)) {
      assertNone(reader.manifest().toString());
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        assertNone(entry.toString());
        String text = entry.type() == EntryType.FILE ? text(reader, entry) : "";
        String path = entry.path().toString();
        secrets.forEach(
            (what, secret) -> {
              if (text.contains(secret)) {
                found.get(what).add(path);
              }
            });
      }
    }
  }

  /** How many snapshots have them: that of those that were told to. */
  private long withHashes(BackupRepository repository, List<Snapshot> snapshots) throws Exception {
    long count = 0;
    for (Snapshot each : snapshots) {
      try (SnapshotReader reader = repository.open(each)) {
        var globals = reader.entry(EntryPath.of("globals.sql"));
        if (globals.isPresent()
            && text(reader, globals.get()).contains(secrets.get("the hash of one"))) {
          count++;
        }
      }
    }
    return count;
  }

  private static String text(SnapshotReader reader, Entry file) throws Exception {
    try (InputStream content = reader.open(file, ByteRange.ALL)) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private void assertNone(String text) {
    List<String> found =
        secrets.entrySet().stream()
            .filter(each -> text.contains(each.getValue()))
            .map(each -> each.getKey() + ": " + around(text, each.getValue()))
            .toList();
    assertEquals(List.of(), found);
  }

  private static String around(String text, String secret) {
    int at = text.indexOf(secret);
    return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 100));
  }
}
