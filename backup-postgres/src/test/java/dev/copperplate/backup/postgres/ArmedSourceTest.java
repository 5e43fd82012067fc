package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A cluster that leaves a trace of whatever of it runs: a file in a folder, or a connection to a
 * port.
 */
@Timeout(120)
class ArmedSourceTest {

  private Path traces;
  private Path copy;
  private ServerSocket listener;
  private Thread accepting;
  private final Semaphore connected = new Semaphore(0);
  private BackupRepository repository;

  @BeforeEach
  void layTraps() throws Exception {
    traces = Clusters.folder();
    copy = Clusters.folder();
    listener = new ServerSocket(0, 50, InetAddress.getByAddress(new byte[] {127, 0, 0, 1}));
    accepting = new Thread(this::accept, "trap");
    accepting.start();
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
    listener.close();
    accepting.join();
    Clusters.remove(traces);
    Clusters.remove(copy);
  }

  private void accept() {
    try {
      while (true) {
        Socket caught = listener.accept();
        caught.close();
        connected.release();
      }
    } catch (IOException closed) {
      assertTrue(listener.isClosed(), closed::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aDrillLeavesNoTraceOfWhatTheSourceIsArmedWith(int version) throws Exception {
    Snapshot base;
    try (EmbeddedPostgres server = armed(version).start()) {
      arm(server);
      provoke(server);
      base = repository.backup(source(server)).snapshot();
      server.stop();
      assertEquals(
          version < 17 ? List.of("archived", "ddl") : List.of("archived", "ddl", "login"),
          traces());
      forgetTraces();

      Verification drill = repository.verify(base, drill(server));

      assertTrue(drill.passed(), drill::toString);
      assertEquals(List.of(), traces());
      assertEquals(0, connected.availablePermits());
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aCopyElsewhereLeavesNoTraceWhenItIsFreedOfWhatIsAttachedAsItsReportSays(int version)
      throws Exception {
    try (EmbeddedPostgres server = armed(version).start()) {
      RestoreReport report = restored(server, PostgresRestorer.to(copy.resolve("data")));
      String remark =
          report.findings().stream()
              .map(Finding::message)
              .filter(each -> each.contains("PGOPTIONS"))
              .findFirst()
              .orElseThrow();
      Matcher options = Pattern.compile("PGOPTIONS='([^']*)'").matcher(remark);
      assertTrue(options.find(), remark);
      String forget = remark.substring(remark.indexOf("DELETE FROM"));

      try (RestoredServer restored =
          RestoredServer.startAndAsk(
              options.group(1), version, copy.resolve("data"), copy.resolve("data.wal"))) {
        restored.sqlIn("template1", forget);
        if (version < 17) {
          restored.sql("ALTER EVENT TRIGGER ddl_trap DISABLE");
        }
        restored.sqlOfAnyClient("template1", "SELECT 1");
        restored.sqlOfAnyClient("postgres", "CREATE TABLE written AS SELECT 1 AS value");
        restored.sqlOfAnyClient("postgres", "CHECKPOINT");
        restored.sqlOfAnyClient("postgres", "SELECT pg_switch_wal()");

        for (String each : List.of("auto_explain.%", "pg_stat_statements.%")) {
          assertEquals(List.of("0"), settings(restored, each));
        }
        assertEquals(List.of("off"), restored.sql("SHOW archive_mode"));
        assertEquals(List.of("0"), restored.sql("SHOW max_logical_replication_workers"));
        assertEquals(List.of(""), restored.sql("SHOW primary_conninfo"));
        String workers = "SELECT count(*) FROM pg_stat_activity WHERE backend_type ";
        assertEquals(
            List.of("0"), restored.sql(workers + "~ '^(archiver|walreceiver|logical|cron)'"));
      }
      assertEquals(List.of(), traces());
      assertEquals(0, connected.availablePermits());
    }
  }

  /** What no file of the server can mend, and why the report of a restore tells of it. */
  @Test
  void whatIsAttachedToDatabasesActsInACopyWhenAClientConnectsBeforeItIsForgotten()
      throws Exception {
    try (EmbeddedPostgres server = armed(17).start()) {
      restored(server, PostgresRestorer.to(copy.resolve("data")));
      try (RestoredServer restored =
          RestoredServer.start(17, copy.resolve("data"), copy.resolve("data.wal"))) {
        assertNotEquals(
            List.of("0"),
            restored.sql("SELECT count(*) FROM pg_settings WHERE name LIKE 'auto_explain.%'"));
      }
      assertEquals(List.of("login"), traces());
    }
  }

  /** The traps are set in the copy, too: only the choice makes them harmless. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aReplacementArchivesAndSubscribesAsTheLostServerDid(int version) throws Exception {
    try (EmbeddedPostgres server = armed(version).start()) {
      RestoreReport report =
          restored(server, PostgresRestorer.to(copy.resolve("data")).asReplacement());
      assertTrue(
          report.findings().stream().noneMatch(each -> each.message().contains("PGOPTIONS")));

      try (RestoredServer restored =
          RestoredServer.start(version, copy.resolve("data"), copy.resolve("data.wal"))) {
        assertEquals(List.of("on"), restored.sql("SHOW archive_mode"));
        assertNotEquals(List.of("0"), settings(restored, "pg_stat_statements.%"));
        assertTrue(connected.tryAcquire(30, TimeUnit.SECONDS), "the subscription connects");
      }
      assertTrue(traces().contains("archived"), () -> "the server archives");
    }
  }

  private static List<String> settings(RestoredServer server, String name) throws SQLException {
    return server.sql("SELECT count(*) FROM pg_settings WHERE name LIKE '" + name + "'");
  }

  /** Restores the armed source after its end, with its traces wiped out. */
  private RestoreReport restored(EmbeddedPostgres server, PostgresRestorer restorer)
      throws Exception {
    arm(server);
    provoke(server);
    Snapshot base = repository.backup(source(server)).snapshot();
    server.stop();
    forgetTraces();
    return repository.restore(base, restorer);
  }

  private EmbeddedPostgres.Settings armed(int version) {
    return EmbeddedPostgres.version(version)
        .set("archive_mode", "on")
        .set("archive_command", touch("archived"))
        .set("restore_command", touch("restored") + "; false")
        .set("recovery_end_command", touch("ended"))
        .set("archive_cleanup_command", touch("cleaned"))
        .set("shared_preload_libraries", "pg_stat_statements")
        .set("cron.database_name", "postgres")
        .set("cron.host", "127.0.0.1");
  }

  private String touch(String trace) {
    return "touch " + traces.resolve(trace);
  }

  private void arm(EmbeddedPostgres server) throws SQLException {
    String address = "host=127.0.0.1 port=" + listener.getLocalPort() + " dbname=x";
    server.sql("ALTER SYSTEM SET primary_conninfo = '" + address + "'");
    server.sql("ALTER SYSTEM SET synchronous_standby_names = 'nobody'");
    server.sql("ALTER SYSTEM SET session_preload_libraries = 'auto_explain'");
    server.sql("ALTER SYSTEM SET restore_command = '" + touch("restored") + "; false'");
    server.sql(
        "CREATE SUBSCRIPTION armed CONNECTION '"
            + address
            + "' PUBLICATION p WITH (connect = false, slot_name = 's')");
    server.sql("ALTER SUBSCRIPTION armed ENABLE");
    armEventTriggers(server);
    armSettings(server);
  }

  /** In one session, which keeps the settings that it began with. */
  private static void armSettings(EmbeddedPostgres server) throws SQLException {
    try (Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      for (String each : List.of("DATABASE template1", "DATABASE postgres", "ROLE postgres")) {
        String set = "ALTER " + each + " SET ";
        statement.execute(set + "session_preload_libraries = 'auto_explain'");
        statement.execute(set + "default_transaction_read_only = on");
        if (server.version() >= 17) {
          statement.execute(set + "event_triggers = on");
        }
      }
      statement.execute("CREATE TABLE provoked ()");
      statement.execute("ALTER ROLE postgres SET role = 'backup'");
    }
  }

  private void armEventTriggers(EmbeddedPostgres server) throws SQLException {
    for (String database : List.of("template1", "postgres")) {
      trigger(server, database, "ddl", "ddl_command_start");
      if (server.version() >= 17) {
        trigger(server, database, "login", "login");
      }
    }
  }

  private void trigger(EmbeddedPostgres server, String database, String trace, String event)
      throws SQLException {
    server.sqlIn(
        database,
        "CREATE FUNCTION "
            + trace
            + "_trap() RETURNS event_trigger LANGUAGE plpgsql SECURITY DEFINER AS $$ BEGIN COPY"
            + " (SELECT 1) TO PROGRAM 'cat >"
            + traces.resolve(trace)
            + "'; END $$");
    server.sqlIn(
        database,
        "CREATE EVENT TRIGGER "
            + trace
            + "_trap ON "
            + event
            + " EXECUTE FUNCTION "
            + trace
            + "_trap()");
    server.sqlIn(database, "ALTER EVENT TRIGGER " + trace + "_trap ENABLE ALWAYS");
  }

  /** The traps work: each that can leaves its trace at the source. */
  private void provoke(EmbeddedPostgres server) throws Exception {
    assertTrue(connected.tryAcquire(30, TimeUnit.SECONDS), "the subscription connects");
    server.connection("template1", EmbeddedPostgres.BACKUP).close();
  }

  private static PostgresPhysicalSource source(EmbeddedPostgres server) {
    return PostgresPhysicalSource.of("armed", server.asBackup());
  }

  private static PostgresDrill drill(EmbeddedPostgres server) throws Exception {
    String setting = "SELECT count(*) FROM pg_settings WHERE name ";
    return PostgresDrill.with(server.binaries().directory())
        .expect("postgres", "SELECT current_user", "postgres")
        .expect("postgres", setting + "LIKE 'auto_explain.%'", "0")
        .expect("postgres", setting + "LIKE 'pg_stat_statements.%'", "0")
        .expect("postgres", setting + "LIKE 'cron.%'", "0")
        .expect("postgres", "SELECT current_setting('archive_mode')", "off")
        .expect("postgres", "SELECT count(*) FROM pg_stat_subscription WHERE pid > 0", "0");
  }

  private List<String> traces() throws IOException {
    try (Stream<Path> files = Files.list(traces)) {
      return files.map(each -> String.valueOf(each.getFileName())).sorted().toList();
    }
  }

  private void forgetTraces() throws IOException {
    for (String each : traces()) {
      Files.delete(traces.resolve(each));
    }
    connected.drainPermits();
  }
}
