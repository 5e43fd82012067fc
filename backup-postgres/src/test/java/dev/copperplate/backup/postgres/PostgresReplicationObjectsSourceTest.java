package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.Statement;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresReplicationObjectsSourceTest {

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

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void psqlMakesEverythingAgainAsItWas(int version) throws Exception {
    PgTools tools = PgTools.stock();
    try (EmbeddedPostgres server = ReplicationObjects.server(version).start();
        EmbeddedPostgres other = ReplicationObjects.server(version).start()) {
      ReplicationObjects.createTables(server);
      ReplicationObjects.createTables(other);
      ReplicationObjects.createPublications(server);
      ReplicationObjects.createSlots(server);
      ReplicationObjects.createSubscriptions(server, "host=db dbname=shop user=reader");

      BackupReport report = repository.backup(source(server));

      assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
      new LogicalRestore(folder, report.snapshot()).into(other, tools);
      assertEquals(ReplicationObjects.describe(server), ReplicationObjects.describe(other));
      String connections =
          "SELECT string_agg(DISTINCT subconninfo || subenabled, ';') FROM pg_subscription";
      assertEquals("host='db' dbname='shop' user='reader'false", other.sql(connections));
    }
  }

  @Test
  void aSlotIsStoredWithItsPositionsAndATemporaryOneIsNot() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start();
        Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      server.sql("SELECT pg_create_logical_replication_slot('kept', 'pgoutput')");
      statement.execute("SELECT pg_create_physical_replication_slot('passing', true, true)");
      String confirmed =
          server.sql(
              "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = 'kept'");
      String since =
          server.sql(
              "SET TimeZone = 'UTC'; SELECT inactive_since FROM pg_replication_slots WHERE slot_name = 'kept'");

      Snapshot snapshot = repository.backup(source(server)).snapshot();

      String slots = read(snapshot, "slots.jsonl");
      assertEquals(1, slots.lines().count(), slots);
      assertTrue(
          slots.contains("\"name\":\"kept\",\"plugin\":\"pgoutput\",\"database\":\"postgres\""),
          slots);
      assertTrue(slots.contains("\"confirmedFlushLsn\":\"" + confirmed + "\""), slots);
      assertTrue(slots.contains("\"walStatus\":\"reserved\""), slots);
      assertTrue(slots.contains("\"inactiveSince\":\"20"), slots + since);
      Manifest manifest = manifest(snapshot);
      assertEquals("replication", manifest.get("kind").orElseThrow());
      assertEquals("1", manifest.get("slots").orElseThrow());
      assertEquals("1", manifest.get("timeline").orElseThrow());
      assertTrue(!Lsn.parse(manifest.get("lsn").orElseThrow()).isBefore(Lsn.parse(confirmed)));
      assertEquals(
          server.sql("SELECT system_identifier FROM pg_control_system()"),
          manifest.get(Manifest.IDENTITY).orElseThrow());
    }
  }

  @Test
  void aRoleThatMayNotReadWhereASubscriptionConnectsToIsToldSo() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      ReplicationObjects.createTables(server);
      ReplicationObjects.createSubscriptions(server, "host=db password=secret");
      server.sql("CREATE DATABASE closed");
      server.sql("REVOKE CONNECT ON DATABASE closed FROM PUBLIC");

      BackupReport report =
          repository.backup(PostgresReplicationObjectsSource.of("orders", server.asBackup()));

      assertEquals(SnapshotState.PARTIAL, report.snapshot().state());
      String findings = report.findings().toString();
      assertTrue(findings.contains("GRANT pg_read_all_data TO \"backup\""), findings);
      assertTrue(findings.contains("GRANT CONNECT ON DATABASE \"closed\" to the role"), findings);
      String subscriptions = read(report.snapshot(), "subscriptions.jsonl");
      assertEquals(3, subscriptions.lines().count());
      assertTrue(subscriptions.contains("\"other_slot\""), subscriptions);
      assertFalse(subscriptions.contains("host"), subscriptions);
      String script = read(report.snapshot(), "databases/postgres.sql");
      assertTrue(script.contains("host=''PUT_THE_HOST_HERE''"), script);
    }
  }

  @Test
  void noPasswordOfASubscriptionIsStoredInAnyForm() throws Exception {
    List<String> connections =
        List.of(
            "host=db port=5433 user=reader password=canary",
            "password = 'can\\ary' host=db port=5433 user=reader",
            "host = db port=5433 user = 'reader' sslpassword=canary passfile='/canary'",
            "postgresql://reader:canary@db:5433",
            "postgres://reader@db:5433?password=c%61nary&sslpassword=canary",
            "postgresql://reader:c%61nary@db:5433/?options=-c%20a.b%3Dcanary");
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      for (int i = 0; i < connections.size(); i++) {
        server.sql(
            "CREATE SUBSCRIPTION s"
                + i
                + " CONNECTION '"
                + connections.get(i).replace("'", "''")
                + "' PUBLICATION p WITH (connect = false)");
      }

      BackupReport report = repository.backup(source(server));

      assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
      String lines = read(report.snapshot(), "subscriptions.jsonl");
      assertEquals(
          connections.size(),
          lines.lines().filter(each -> each.contains("WITHOUT_SECRETS")).count());
      for (String each : lines.lines().toList()) {
        assertTrue(each.contains("host='db'") && each.contains("user='reader'"), each);
      }
      String script = read(report.snapshot(), "databases/postgres.sql");
      assertFalse((lines + script + report).contains("canary"), lines + script);
      assertTrue(script.contains("password=''PUT_THE_PASSWORD_HERE''"), script);
    }
  }

  private static PostgresReplicationObjectsSource source(EmbeddedPostgres server) {
    return PostgresReplicationObjectsSource.of("orders", server.as(EmbeddedPostgres.SUPERUSER));
  }

  private String read(Snapshot snapshot, String path) throws Exception {
    try (SnapshotReader reader = repository.open(snapshot);
        InputStream content =
            reader.open(reader.entry(EntryPath.of(path)).orElseThrow(), ByteRange.ALL)) {
      return new String(content.readAllBytes(), StandardCharsets.UTF_8);
    }
  }

  private Manifest manifest(Snapshot snapshot) throws Exception {
    try (SnapshotReader reader = repository.open(snapshot)) {
      return reader.manifest();
    }
  }
}
