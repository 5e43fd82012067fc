package dev.copperplate.backup.postgres;

import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import dev.copperplate.backup.postgres.scratch.ScratchServer;
import dev.copperplate.backup.postgres.scratch.ServerLaunch;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import dev.copperplate.backup.postgres.scratch.Trees;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Data directories of the tests: initialised once for each version and set of options, and copied.
 * They lie in the machine's folder of temporary files, since the server's user may not enter
 * others, and are removed with the JVM at the latest.
 */
final class Clusters {

  private static final Map<Integer, PostgresBinaries> BINARIES = new HashMap<>();
  private static final Map<Key, Path> TEMPLATES = new HashMap<>();
  private static final List<Path> FOLDERS = new ArrayList<>();

  static {
    Runtime.getRuntime().addShutdownHook(new Thread(Clusters::removeAll, "remove-clusters"));
  }

  private Clusters() {}

  private record Key(int version, List<String> options) {}

  static synchronized PostgresBinaries binaries(int version)
      throws IOException, InterruptedException {
    PostgresBinaries known = BINARIES.get(version);
    if (known == null) {
      Path module = Path.of(System.getProperty("basedir", "")).toAbsolutePath();
      Path jar = module.resolve("target/servers/postgres-" + version + ".jar");
      known = PostgresBinaries.ofJar(jar, PostgresBinaries.defaultCache());
      BINARIES.put(version, known);
    }
    return known;
  }

  /** A folder that only the server's user can enter. */
  static synchronized Path folder() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("copperplate-postgres-");
    FOLDERS.add(folder);
    ServerUser.unprivileged().own(folder);
    return folder;
  }

  static synchronized void remove(Path folder) throws IOException {
    if (FOLDERS.remove(folder)) {
      Trees.delete(folder);
    }
  }

  private static synchronized void removeAll() {
    try {
      for (Path each : List.copyOf(FOLDERS)) {
        remove(each);
      }
    } catch (IOException e) {
      throw new IllegalStateException("Left in the folder of temporary files: " + FOLDERS, e);
    }
  }

  /** A fresh cluster, which is the same system as every other one with these options. */
  static void copyTemplate(int version, List<String> options, Path data)
      throws IOException, InterruptedException {
    copy(template(new Key(version, options)), data);
  }

  static void copy(Path from, Path to) throws IOException, InterruptedException {
    Program.run("cp", "-a", "--reflink=auto", from.toString(), to.toString()).orThrow();
  }

  private static synchronized Path template(Key key) throws IOException, InterruptedException {
    Path known = TEMPLATES.get(key);
    if (known == null) {
      known = folder().resolve("template");
      initialise(key.version(), key.options(), known);
      TEMPLATES.put(key, known);
    }
    return known;
  }

  /** A cluster that is a system of its own. Takes about two seconds. */
  static void initialise(int version, List<String> options, Path data)
      throws IOException, InterruptedException {
    ServerUser user = ServerUser.unprivileged();
    PostgresBinaries binaries = binaries(version);
    List<String> words =
        new ArrayList<>(List.of(binaries.program("initdb"), "-D", data.toString()));
    words.addAll(List.of("-U", EmbeddedPostgres.SUPERUSER, "--auth=trust", "--encoding=UTF8"));
    words.addAll(List.of("--locale=C", "--data-checksums", "--no-sync", "--no-instructions"));
    words.addAll(options);
    Program.run(user.running(words), Map.of()).orThrow();
    configure(version, data);
    createRoles(ServerLaunch.of(binaries, data, user));
  }

  private static void configure(int version, Path data) throws IOException {
    List<String> lines = new ArrayList<>();
    lines.addAll(List.of("wal_level=replica", "max_wal_senders=10", "max_replication_slots=10"));
    lines.addAll(List.of("shared_buffers=16MB", "fsync=off", "jit=off", "hot_standby=on"));
    if (version >= 17) {
      lines.add("summarize_wal=on");
    }
    Files.write(data.resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
  }

  private static void createRoles(ServerLaunch launch) throws IOException, InterruptedException {
    try (ScratchServer server = launch.start();
        Connection connection =
            DriverManager.getConnection(
                server.url(), server.properties("postgres", EmbeddedPostgres.SUPERUSER));
        Statement statement = connection.createStatement()) {
      statement.execute("ALTER ROLE postgres PASSWORD '" + EmbeddedPostgres.PASSWORD + "'");
      statement.execute(
          "CREATE ROLE backup LOGIN REPLICATION PASSWORD '" + EmbeddedPostgres.PASSWORD + "'");
    } catch (SQLException e) {
      throw new IOException("Cannot prepare a cluster", e);
    }
  }
}
