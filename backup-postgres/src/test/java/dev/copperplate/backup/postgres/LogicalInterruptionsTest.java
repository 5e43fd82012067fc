package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is ended in the middle ends the capture, within limits, and nothing of it remains. */
@Timeout(120)
class LogicalInterruptionsTest {

  private static final Duration LIMIT = Duration.ofSeconds(30);
  private static final String OURS =
      "FROM pg_stat_activity WHERE application_name = 'copperplate' AND backend_type = 'client backend'";

  private static EmbeddedPostgres server;

  @TempDir Path folder;

  private BackupRepository repository;
  private Path tools;
  private Path started;
  private Path go;

  @BeforeAll
  static void start() throws Exception {
    server = EmbeddedPostgres.start(17);
    for (int i = 0; i < 4; i++) {
      server.sql(
          "CREATE TABLE large"
              + i
              + " AS SELECT i, repeat(md5(i::text), 10) AS t FROM generate_series(1, 60000) i");
    }
    for (int i = 0; i < 200; i++) {
      server.sql("CREATE TABLE small" + i + " (i serial PRIMARY KEY)");
    }
  }

  @AfterAll
  static void end() throws IOException {
    server.close();
  }

  @BeforeEach
  void make() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    tools = NotingTools.make(folder.resolve("tools"), folder.resolve("notes"));
    started = folder.resolve("started");
    go = folder.resolve("go");
  }

  /** Nothing remains, and the next capture is as if nothing had been. */
  @AfterEach
  void nothingRemains() throws Exception {
    Poll.until(() -> server.sql("SELECT count(*) " + OURS).equals("0"));
    assertEquals(0, repository.list(SnapshotFilter.ALL).size());
    NotingTools.make(tools, folder.resolve("notes"));
    assertEquals(SnapshotState.COMPLETE, repository.backup(source()).snapshot().state());
    repository.close();
  }

  @Test
  void aCopyThatTheServerEndsEndsTheCapture() throws Exception {
    Capture capture = new Capture(source());
    assertTrue(terminate("query LIKE 'COPY%' AND pid <> " + exporter()));
    assertEnded(capture, "Copying the rows of ");
  }

  @Test
  void theSessionOfTheMomentEndsTheCapture() throws Exception {
    waitBeforeDump();
    Capture capture = new Capture(source());
    Poll.until(() -> Files.exists(started));
    assertTrue(terminate("pid = " + exporter()));
    Files.createFile(go);
    assertEnded(capture, "snapshot");
  }

  @Test
  void theSessionOfTheMomentEndsTheCaptureAlsoWhileItCopies() throws Exception {
    Capture capture = new Capture(source().connections(1));
    assertTrue(terminate("query LIKE 'COPY%'"));
    assertEnded(capture, "Copying the rows of ");
  }

  @Test
  void theSessionOfTheProgramEndsTheCapture() throws Exception {
    waitBeforeDump();
    Capture capture = new Capture(source());
    Poll.until(() -> Files.exists(started));
    String exporter = exporter();
    Files.createFile(go);
    assertTrue(terminate("pid <> " + exporter));
    assertEnded(capture, "pg_dump failed (1): ");
  }

  @Test
  void anInterruptionKillsTheProgram() throws Exception {
    NotingTools.script(
        tools.resolve("pg_dump"),
        version()
            + "echo $$ > '"
            + started
            + ".new'\nmv '"
            + started
            + ".new' '"
            + started
            + "'\nexec sleep 600");
    Capture capture = new Capture(source());
    Poll.until(() -> Files.exists(started));
    long program = Long.parseLong(Files.readString(started).strip());
    capture.interrupt();
    assertInstanceOf(InterruptedException.class, capture.failure());
    Poll.until(() -> ProcessHandle.of(program).filter(ProcessHandle::isAlive).isEmpty());
  }

  @Test
  void anInterruptionEndsCopiesAndGivesThePoolItsConnectionsBack() throws Exception {
    try (HostPool pool = new HostPool(server, 3)) {
      Capture capture = new Capture(source().through(pool).connections(3));
      Poll.until(() -> !copying().isEmpty());
      capture.interrupt();
      assertInstanceOf(InterruptedException.class, capture.failure());
      assertEquals(3, pool.free());
      for (Connection each : pool.all()) {
        assertTrue(each.isClosed() || each.getAutoCommit());
      }
    }
  }

  @Test
  void aProgramThatHangsIsEndedByTheLimitOfSilence() throws Exception {
    NotingTools.script(tools.resolve("pg_dump"), version() + "exec sleep 600");
    BackupException failure =
        assertThrows(BackupException.class, () -> repository.backup(impatient()));
    assertEquals(Kind.UNAVAILABLE, failure.kind());
    assertTrue(
        failure.getMessage().contains("pg_dump has printed nothing for PT2S"), failure::getMessage);
  }

  @Test
  void aProgramThatPrintsNoArchiveIsRefusedByTheOneThatReadsIt() throws Exception {
    NotingTools.script(tools.resolve("pg_dump"), version() + "echo garbage");
    BackupException failure =
        assertThrows(BackupException.class, () -> repository.backup(source()));
    assertTrue(failure.getMessage().startsWith("pg_restore failed (1): "), failure::getMessage);
  }

  @Test
  void aProgramThatFailsWithoutSayingWhyIsNamed() throws Exception {
    NotingTools.script(
        tools.resolve("pg_dump"), version() + "head -c 100000 /dev/urandom >&2; exit 3");
    BackupException failure =
        assertThrows(BackupException.class, () -> repository.backup(source()));
    assertEquals("pg_dump failed (3): pg_dump does not say why", failure.getMessage());
  }

  @Test
  void aProgramThatSaysItsVersionWithoutEndIsNone() throws Exception {
    NotingTools.script(tools.resolve("pg_dump"), "exec yes");
    BackupException failure =
        assertThrows(BackupException.class, () -> repository.backup(source()));
    assertEquals(Kind.NOT_FOUND, failure.kind());
  }

  private PostgresLogicalSource source() {
    return PostgresLogicalSource.of("orders", server.as(EmbeddedPostgres.SUPERUSER)).tools(tools);
  }

  private PostgresLogicalSource impatient() {
    PostgresServer soon = server.as(EmbeddedPostgres.SUPERUSER).silence(Duration.ofSeconds(2));
    return PostgresLogicalSource.of("orders", soon).tools(tools);
  }

  /** Lets pg_dump begin when the file is there. */
  private void waitBeforeDump() throws IOException {
    String real = PgTools.stock().path("pg_dump").toString();
    NotingTools.script(
        tools.resolve("pg_dump"),
        version()
            + "touch '"
            + started
            + "'\nwhile [ ! -e '"
            + go
            + "' ]; do sleep 0.05; done\nexec '"
            + real
            + "' \"$@\"");
  }

  private static String version() {
    return "case $1 in --version) exec '" + PgTools.stock().path("pg_dump") + "' --version; esac\n";
  }

  /** The session that was first, and stays. */
  private String exporter() throws Exception {
    AtomicReference<String> pid = new AtomicReference<>();
    Poll.until(
        () -> {
          pid.set(server.sql("SELECT min(pid) " + OURS + " AND state = 'idle in transaction'"));
          return !pid.get().equals("null");
        });
    return pid.get();
  }

  /** Ends the first session of ours that is so; false if there is none for long. */
  private static boolean terminate(String which) throws SQLException {
    long end = System.nanoTime() + LIMIT.toNanos();
    try (Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      while (System.nanoTime() - end < 0) {
        try (ResultSet ended =
            statement.executeQuery(
                "SELECT pg_terminate_backend(pid) " + OURS + " AND " + which + " LIMIT 1")) {
          if (ended.next()) {
            return ended.getBoolean(1);
          }
        }
      }
    }
    return false;
  }

  /** Those of the pool, too. */
  private static String copying() throws SQLException {
    return server
        .sql("SELECT string_agg(pid::text, ',') FROM pg_stat_activity WHERE query LIKE 'COPY%'")
        .replace("null", "");
  }

  private static void assertEnded(Capture capture, String words) throws Exception {
    BackupException failure = assertInstanceOf(BackupException.class, capture.failure());
    assertTrue(failure.getMessage().contains(words), failure::getMessage);
    assertNotEquals(Kind.DAMAGED, failure.kind());
  }

  /** A capture on a thread of its own. */
  private final class Capture {

    private final Thread thread;
    private Throwable failure;

    Capture(PostgresLogicalSource source) {
      thread =
          new Thread(
              () -> {
                try {
                  repository.backup(source);
                } catch (Exception e) {
                  failure = e;
                }
              },
              "capture");
      thread.start();
    }

    void interrupt() {
      thread.interrupt();
    }

    Throwable failure() throws InterruptedException {
      thread.join(LIMIT.toMillis());
      assertFalse(thread.isAlive(), "the capture does not end");
      return failure;
    }
  }
}
