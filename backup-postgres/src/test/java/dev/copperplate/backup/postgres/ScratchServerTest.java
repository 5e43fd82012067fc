package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.postgres.drill.DrillFolder;
import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import dev.copperplate.backup.postgres.scratch.ScratchServer;
import dev.copperplate.backup.postgres.scratch.ServerLaunch;
import dev.copperplate.backup.postgres.scratch.ServerStartException;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class ScratchServerTest {

  private static final int VERSION = 17;

  private Path folder;

  @BeforeEach
  void makeFolder() throws Exception {
    folder = Clusters.folder();
  }

  @AfterEach
  void removeFolder() throws IOException {
    Clusters.remove(folder);
  }

  @Test
  void itListensOnAUnixSocketAloneWhichIsGoneWithIt() throws Exception {
    ScratchServer server = launch().start();
    try (server) {
      assertEquals("", ask(server, "SHOW listen_addresses"));
      assertTrue(Files.isDirectory(server.socketDirectory()));
    }
    assertFalse(server.isAlive());
    assertFalse(Files.exists(server.socketDirectory()));
    assertFalse(Files.exists(folder.resolve("data/postmaster.pid")));
  }

  @Test
  void aStatementThatTakesTooLongFailsAndCanBeFreedFromAnotherThread() throws Exception {
    ExecutorService other = Executors.newSingleThreadExecutor();
    try (ScratchServer server = launch().start();
        Connection slow = connect(server);
        Connection stuck = connect(server)) {
      slow.setNetworkTimeout(Runnable::run, 200);
      assertThrows(SQLException.class, () -> run(slow, "SELECT pg_sleep(100)"));
      Future<?> waiting =
          other.submit(
              () -> assertThrows(SQLException.class, () -> run(stuck, "SELECT pg_sleep(100)")));
      stuck.abort(Runnable::run);
      waiting.get(30, TimeUnit.SECONDS);
    } finally {
      other.shutdownNow();
    }
  }

  @Test
  void aServerThatDoesNotStartSaysWhyAndLeavesNothing() throws Exception {
    ServerLaunch launch = launch();
    Files.writeString(
        folder.resolve("data/postgresql.conf"), "no_such = 1\n", StandardOpenOption.APPEND);
    ServerStartException failed = assertThrows(ServerStartException.class, launch::start);
    assertTrue(failed.getMessage().contains("no_such"), failed.getMessage());
    assertFalse(Files.exists(folder.resolve("data/postmaster.pid")));
  }

  @Test
  void programsOfADirectoryWithoutThemAreNamed() {
    BackupException missing =
        assertThrows(BackupException.class, () -> PostgresBinaries.at(folder));
    assertEquals(BackupException.Kind.NOT_FOUND, missing.kind());
    assertTrue(missing.getMessage().contains("No postgres in " + folder), missing.getMessage());
  }

  @Test
  void programsAreUnpackedOnceAndLeftoversRemoved(@TempDir Path place) throws Exception {
    Path cache = place.resolve("cache");
    Files.createDirectories(cache.resolve("unpacking-killed/bin"));
    Path jar = Path.of(System.getProperty("basedir", ""), "target/servers/postgres-17.jar");
    ExecutorService both = Executors.newFixedThreadPool(2);
    try {
      List<Future<PostgresBinaries>> unpacked =
          both.invokeAll(
              List.of(
                  () -> PostgresBinaries.ofJar(jar, cache),
                  () -> PostgresBinaries.ofJar(jar, cache)));
      assertEquals(unpacked.get(0).get(), unpacked.get(1).get());
      assertEquals(VERSION, unpacked.get(0).get().major());
    } finally {
      both.shutdownNow();
    }
    try (Stream<Path> files = Files.list(cache)) {
      assertEquals(2, files.count(), "the lock and the server");
    }
  }

  @Test
  void aServerEndsWithTheProcessThatStartedIt() throws Exception {
    launch();
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin/java").toString(),
                "-Dbasedir=" + System.getProperty("basedir", ""),
                "-Duser.home=" + System.getProperty("user.home"),
                "-cp",
                System.getProperty("java.class.path"),
                ForeverMain.class.getName(),
                folder.resolve("data").toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    ProcessHandle server;
    try (BufferedReader output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII))) {
      server = ProcessHandle.of(Long.parseLong(output.readLine())).orElseThrow();
    } finally {
      process.destroyForcibly();
    }
    server.onExit().get(60, TimeUnit.SECONDS);
  }

  @Test
  void whatAKilledDrillLeftIsEndedAndRemovedByTheNext() throws Exception {
    Path place = Files.createDirectory(folder.resolve("scratch"));
    Path killed = Files.createDirectory(place.resolve("copperplate-killed"));
    Path alive = Files.createDirectory(place.resolve("copperplate-alive"));
    DrillFolder.make(alive, ServerUser.unprivileged());
    DrillFolder left = DrillFolder.make(killed, ServerUser.unprivileged());
    Files.writeString(killed.resolve("postgres-drill-of"), endedProcess());
    Clusters.copyTemplate(VERSION, List.of(), left.data());
    ServerUser.unprivileged().own(folder);
    ServerUser self = ServerUser.unprivileged();
    try (ScratchServer server =
        ServerLaunch.of(Clusters.binaries(VERSION), left.data(), self).start()) {
      Program.run("chown", "-R", "--reference=/proc/self", place.toString()).orThrow();
      assertEquals(1, DrillFolder.removeAbandoned(place));
      assertFalse(server.isAlive());
    }
    assertFalse(Files.exists(killed));
    assertTrue(Files.exists(alive));
  }

  private static String endedProcess() throws Exception {
    Process process = new ProcessBuilder("true").start();
    String start = process.info().startInstant().map(Object::toString).orElse("");
    process.waitFor();
    return process.pid() + " " + start;
  }

  /** Starts a server, says its process, and waits. */
  static final class ForeverMain {
    public static void main(String[] arguments) throws Exception {
      ServerUser user = ServerUser.unprivileged();
      Path data = Path.of(arguments[0]);
      try (ScratchServer server = ServerLaunch.of(Clusters.binaries(VERSION), data, user).start()) {
        System.out.println(
            Files.readAllLines(data.resolve("postmaster.pid"), StandardCharsets.US_ASCII).get(0));
        Thread.sleep(TimeUnit.MINUTES.toMillis(5));
        assertTrue(server.isAlive());
      }
    }
  }

  private ServerLaunch launch() throws Exception {
    Clusters.copyTemplate(VERSION, List.of(), folder.resolve("data"));
    return ServerLaunch.of(
        Clusters.binaries(VERSION), folder.resolve("data"), ServerUser.unprivileged());
  }

  private static Connection connect(ScratchServer server) throws SQLException {
    return DriverManager.getConnection(server.url(), server.properties("postgres", "postgres"));
  }

  private static String ask(ScratchServer server, String query) throws SQLException {
    try (Connection connection = connect(server)) {
      return run(connection, query);
    }
  }

  private static String run(Connection connection, String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return rows.getString(1);
    }
  }
}
