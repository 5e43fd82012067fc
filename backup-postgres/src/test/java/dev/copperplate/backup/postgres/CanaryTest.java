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
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Secrets of a server stand nowhere but in the data directory, which holds them by its nature: that
 * is {@code /cluster} in a snapshot, and what is restored from there. Our own logs are searched to
 * the finest level, the driver's as they are without configuration.
 */
class CanaryTest {

  private static final String URL_PASSWORD = "the password in the address";
  private static final String KEY_PASSWORD = "the password of the client's key";
  private static final String FILTER = "a filter of a publication";
  private static final String WRONG = "a wrong password";

  private final Map<String, String> canaries = new LinkedHashMap<>();
  private Path folder;

  @BeforeEach
  void makeFolder() throws Exception {
    folder = Clusters.folder();
    TestRepositories.create(folder.resolve("repository")).close();
    Files.createDirectory(folder.resolve("scratch"));
    Program.run("chmod", "711", folder.toString(), folder.resolve("scratch").toString()).orThrow();
  }

  @AfterEach
  void removeFolder() throws Exception {
    Clusters.remove(folder);
  }

  @Test
  void noSecretOfAServerLeavesItsDataDirectory() throws Exception {
    try (EmbeddedPostgres server = armed()) {
      plant(server);
      String output = run(server, "well");
      assertTrue(output.contains("incremental"), output);
      assertTrue(output.contains("TOLD archived"), output);
      assertTrue(output.contains("RESTORED"), output);
      assertNone(output);
      assertNone(stored());
    }
  }

  @Test
  void noSecretIsToldByWhatFails() throws Exception {
    try (EmbeddedPostgres server = armed()) {
      plant(server);
      String output = run(server, "badly");
      assertTrue(output.split("\nFAILED\n").length > 25, output);
      assertNone(output);
    }
  }

  @Test
  void aServerThatRefusesWithSecretsInItsErrorsIsNotQuoted() throws Exception {
    try (EmbeddedPostgres server = armed()) {
      plant(server);
      refuseSql(server);
      String output = run(server, "well");
      assertTrue(output.contains("(P0001)"), output);
      assertNone(output);
      assertNone(stored());
    }
  }

  @Test
  void noSecretOfASubscriptionIsToldByWhoMayReadIt() throws Exception {
    try (EmbeddedPostgres server = armed()) {
      plant(server);
      server.sql("ALTER ROLE backup SUPERUSER");
      server.sql(
          "CREATE SUBSCRIPTION \"by address\" CONNECTION 'postgresql://me:"
              + canary("a subscription by address")
              + "@db?sslpassword="
              + canary("a key's password of a subscription")
              + "' PUBLICATION p WITH (connect = false)");
      server.sql("CREATE PUBLICATION gone FOR TABLE secret WHERE (value <> '" + row() + "')");
      String output = run(server, "slots");
      assertTrue(output.contains("TOLD RestoreReport"), output);
      assertNone(output);
      String stored = stored(1, EntryPath.ROOT);
      assertTrue(stored.contains("host='db'"), stored);
      canaries.remove(FILTER); // what is published has to be known
      assertNone(stored);
    }
  }

  private EmbeddedPostgres armed() throws Exception {
    return EmbeddedPostgres.version(17)
        .set("archive_mode", "on")
        .set("archive_command", "true " + canary("archive_command"))
        .set("restore_command", "false " + canary("restore_command"))
        .set("archive_cleanup_command", "true " + canary("archive_cleanup_command"))
        .set("primary_conninfo", "host=127.0.0.1 password=" + canary("primary_conninfo"))
        .set("app.key", canary("a setting of the cluster"))
        .start();
  }

  private void plant(EmbeddedPostgres server) throws Exception {
    server.sql("ALTER ROLE backup PASSWORD '" + canary(URL_PASSWORD) + "'");
    canary(KEY_PASSWORD);
    canary(WRONG);
    server.sql("CREATE ROLE worker LOGIN PASSWORD '" + canary("a role's password") + "'");
    server.sql("ALTER ROLE worker SET app.key = '" + canary("a setting of a role") + "'");
    server.sql("ALTER DATABASE postgres SET app.other = '" + canary("of a database") + "'");
    server.sql(
        "CREATE SUBSCRIPTION orders CONNECTION 'host=127.0.0.1 password="
            + canary("a subscription")
            + "' PUBLICATION orders WITH (connect = false)");
    server.sql("CREATE TABLE secret AS SELECT '" + canary("a row") + "' AS value");
    server.sql("CREATE PUBLICATION orders FOR TABLE secret WHERE (value <> '" + row() + "')");
    server.sql(
        String.format(
            Locale.ROOT,
            "CREATE FUNCTION fails() RETURNS int LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'no'"
                + " USING DETAIL = '%s', HINT = '%s'; END $$",
            canary("the detail of a query's error"),
            canary("the hint of a query's error")));
    warnAtLogin(server);
  }

  private String row() {
    return canary(FILTER);
  }

  private void warnAtLogin(EmbeddedPostgres server) throws Exception {
    atLogin(server, "warned", "RAISE WARNING '" + canary("a warning") + "'");
  }

  private void refuseSql(EmbeddedPostgres server) throws Exception {
    atLogin(
        server,
        "refused",
        String.format(
            Locale.ROOT,
            "RAISE EXCEPTION '%s' USING DETAIL = '%s', HINT = '%s'",
            canary("an error"),
            canary("its detail"),
            canary("its hint")));
  }

  private static void atLogin(EmbeddedPostgres server, String name, String statement)
      throws Exception {
    server.sql(
        String.format(
            Locale.ROOT,
            "CREATE FUNCTION %s() RETURNS event_trigger LANGUAGE plpgsql AS"
                + " $$ BEGIN IF session_user = 'backup' THEN %s; END IF; END $$",
            name,
            statement));
    server.sql(
        String.format(
            Locale.ROOT, "CREATE EVENT TRIGGER %s ON login EXECUTE FUNCTION %1$s()", name));
  }

  /** A secret that is nowhere else, under what it is. */
  private String canary(String what) {
    return canaries.computeIfAbsent(what, each -> "canary" + UUID.randomUUID());
  }

  private String run(EmbeddedPostgres server, String how) throws Exception {
    List<String> words =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-cp",
            System.getProperty("java.class.path"),
            "-Dorg.slf4j.simpleLogger.defaultLogLevel=trace",
            CanaryRun.class.getName(),
            folder.toString(),
            server.binaries().directory().toString(),
            how);
    String url = server.jdbcUrl() + "?user=backup&password=" + canary(URL_PASSWORD);
    return Program.run(
            words,
            Map.of(
                "CANARY_URL",
                url,
                "CANARY_KEY",
                canary(KEY_PASSWORD),
                "CANARY_WRONG",
                canary(WRONG)))
        .orThrow();
  }

  /** Everything that was stored but the data directory, decrypted. */
  private String stored() throws Exception {
    String all = stored(3, EntryPath.of(".backup"));
    assertTrue(all.contains("Receipt["), all);
    return all;
  }

  private String stored(int least, EntryPath from) throws Exception {
    StringBuilder all = new StringBuilder();
    try (BackupRepository repository = TestRepositories.open(folder.resolve("repository"))) {
      List<Snapshot> snapshots = repository.list(SnapshotFilter.ALL);
      assertTrue(snapshots.size() >= least, snapshots::toString);
      for (Snapshot each : snapshots) {
        all.append(each).append(repository.findings(each)).append(repository.receipts(each));
        describe(repository, each, from, all);
      }
    }
    return all.toString();
  }

  private static void describe(
      BackupRepository repository, Snapshot snapshot, EntryPath from, StringBuilder all)
      throws Exception {
    try (SnapshotReader reader = repository.open(snapshot);
        Cursor<Entry> entries = reader.walk(from, Integer.MAX_VALUE)) {
      all.append(reader.manifest());
      for (Entry entry = entries.next(); entry != null; entry = entries.next()) {
        all.append(entry);
        if (entry.type() == EntryType.FILE) {
          try (InputStream content = reader.open(entry, ByteRange.ALL)) {
            all.append(new String(content.readAllBytes(), StandardCharsets.UTF_8));
          }
        }
      }
    }
  }

  private void assertNone(String text) {
    List<String> found =
        canaries.entrySet().stream()
            .filter(each -> text.contains(each.getValue()))
            .map(each -> each.getKey() + ": " + around(text, each.getValue()))
            .toList();
    assertEquals(List.of(), found);
  }

  private static String around(String text, String canary) {
    int at = text.indexOf(canary);
    return text.substring(Math.max(0, at - 200), Math.min(text.length(), at + 100));
  }
}
