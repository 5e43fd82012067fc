package dev.copperplate.backup.postgres;

import dev.copperplate.backup.postgres.scratch.LoopbackPorts;
import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import dev.copperplate.backup.postgres.scratch.ScratchServer;
import dev.copperplate.backup.postgres.scratch.ServerLaunch;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * A PostgreSQL of the tests, 15, 17 or 18, on 127.0.0.1 and a data directory of its own, which is
 * removed when it is closed. As root it runs as an unprivileged user.
 *
 * <p>Roles: {@link #SUPERUSER}, and {@link #BACKUP} with {@code LOGIN REPLICATION}; both have
 * {@link #PASSWORD}. {@code wal_level=replica}, ten senders and slots, page checksums, no fsync;
 * from 17 on {@code summarize_wal=on}. Clusters of one version are copies of one, with one system
 * identifier, unless {@link Settings#ofItsOwn} is said.
 */
public final class EmbeddedPostgres implements AutoCloseable {

  public static final String SUPERUSER = "postgres";
  public static final String BACKUP = "backup";
  public static final String PASSWORD = UUID.randomUUID().toString();

  private static final int PORTS = 5;
  private static final Duration CATCHING_UP = Duration.ofSeconds(30);

  private final Settings settings;
  private final Path folder;
  private final int port;
  private ScratchServer server;

  private EmbeddedPostgres(Settings settings, Path folder, int port)
      throws IOException, InterruptedException {
    this.settings = settings;
    this.folder = folder;
    this.port = port;
    this.server = launch().start();
  }

  /** One with nothing special. */
  public static EmbeddedPostgres start(int version) throws IOException, InterruptedException {
    return version(version).start();
  }

  /** One that is to be told more before it starts. */
  public static Settings version(int version) {
    return new Settings(version, Map.of(), List.of(), "scram-sha-256", false);
  }

  /**
   * What is special about a server. Immutable.
   *
   * @param version 15, 17 or 18
   * @param values lines of {@code postgresql.conf}
   * @param initdb more options of initdb, such as {@code --wal-segsize=1}
   * @param method of authentication over TCP
   * @param own whether it is a system of its own
   */
  public record Settings(
      int version, Map<String, String> values, List<String> initdb, String method, boolean own) {

    /** With a setting. */
    public Settings set(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(values);
      more.put(name, value);
      return new Settings(version, more, initdb, method, own);
    }

    /** With an option of initdb. */
    public Settings initdb(String option) {
      List<String> more = Stream.concat(initdb.stream(), Stream.of(option)).toList();
      return new Settings(version, values, more, method, own);
    }

    /** Without asking for passwords. */
    public Settings trust() {
      return new Settings(version, values, initdb, "trust", own);
    }

    /** With a system identifier of its own. Takes two seconds more. */
    public Settings ofItsOwn() {
      return new Settings(version, values, initdb, method, true);
    }

    public EmbeddedPostgres start() throws IOException, InterruptedException {
      Path folder = Clusters.folder();
      Path data = folder.resolve("data");
      if (own) {
        Clusters.initialise(version, initdb, data);
      } else {
        Clusters.copyTemplate(version, initdb, data);
      }
      write(data);
      return EmbeddedPostgres.on(this, folder);
    }

    private void write(Path data) throws IOException {
      List<String> lines = new ArrayList<>();
      values.forEach((name, value) -> lines.add(name + " = '" + value.replace("'", "''") + "'"));
      Files.write(data.resolve("postgresql.conf"), lines, StandardOpenOption.APPEND);
      Files.write(
          data.resolve("pg_hba.conf"),
          List.of(
              "local all all trust",
              "local replication all trust",
              "host all all 127.0.0.1/32 " + method,
              "host replication all 127.0.0.1/32 " + method));
    }
  }

  /** Somebody else may take the port first: then another one. */
  private static EmbeddedPostgres on(Settings settings, Path folder)
      throws IOException, InterruptedException {
    IOException taken = null;
    for (int i = 0; i < PORTS; i++) {
      try {
        return new EmbeddedPostgres(settings, folder, LoopbackPorts.free());
      } catch (IOException e) {
        taken = e;
        if (!e.getMessage().contains("could not bind")) {
          break;
        }
      }
    }
    Clusters.remove(folder);
    throw taken;
  }

  private ServerLaunch launch() throws IOException, InterruptedException {
    PostgresBinaries binaries = Clusters.binaries(settings.version());
    return ServerLaunch.of(binaries, data(), ServerUser.unprivileged()).port(port);
  }

  public int version() {
    return settings.version();
  }

  /** Its data directory; only its user can enter it. */
  public Path data() {
    return folder.resolve("data");
  }

  /** The programs that it runs: postgres, initdb and pg_ctl. */
  public PostgresBinaries binaries() throws IOException, InterruptedException {
    return Clusters.binaries(settings.version());
  }

  public int port() {
    return port;
  }

  /** The database {@code postgres}, without user and password. */
  public String jdbcUrl() {
    return jdbcUrl("postgres");
  }

  public String jdbcUrl(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** The role {@link #BACKUP} of this server, as the library is told. */
  public PostgresServer asBackup() {
    return as(BACKUP);
  }

  /** A role of this server, with {@link #PASSWORD}, as the library is told. */
  public PostgresServer as(String role) {
    return PostgresServer.at(jdbcUrl()).user(role).password(PASSWORD::toCharArray);
  }

  /** What libpq's programs read to reach it as superuser. */
  public Map<String, String> environment() {
    return environment(SUPERUSER);
  }

  public Map<String, String> environment(String role) {
    return Map.of(
        "PGHOST",
        "127.0.0.1",
        "PGPORT",
        Integer.toString(port),
        "PGUSER",
        role,
        "PGPASSWORD",
        PASSWORD,
        "PGDATABASE",
        "postgres");
  }

  /** As superuser; the caller closes it. */
  public Connection connection() throws SQLException {
    return connection("postgres", SUPERUSER);
  }

  public Connection connection(String database, String role) throws SQLException {
    return DriverManager.getConnection(jdbcUrl(database), role, PASSWORD);
  }

  /** Runs a statement as superuser: the first value of its first row, else nothing. */
  public String sql(String statement) throws SQLException {
    return sqlIn("postgres", statement);
  }

  /** The same in another database. */
  public String sqlIn(String database, String statement) throws SQLException {
    try (Connection connection = connection(database, SUPERUSER);
        Statement running = connection.createStatement()) {
      return running.execute(statement) ? first(running.getResultSet()) : "";
    }
  }

  private static String first(ResultSet rows) throws SQLException {
    try (rows) {
      return rows.next() ? String.valueOf(rows.getString(1)) : "";
    }
  }

  /** Where its WAL ends. */
  public Lsn lsn() throws SQLException {
    return Lsn.parse(sql("SELECT pg_current_wal_lsn()"));
  }

  /** The end of its log. */
  public String log() {
    return server.log();
  }

  /** Stops it fast. */
  public void stop() throws IOException {
    server.close();
  }

  /** Kills all its processes. */
  public void crash() throws IOException {
    server.kill();
  }

  /** Starts it again after {@link #stop} or {@link #crash}, on the same port. */
  public void startAgain() throws IOException, InterruptedException {
    server = launch().start();
  }

  public void restart() throws IOException, InterruptedException {
    stop();
    startAgain();
  }

  /** Makes a standby a primary, on the next timeline. */
  public void promote() throws SQLException {
    if (!sql("SELECT pg_promote(true, 60)").equals("t")) {
      throw new IllegalStateException("Not promoted: " + log());
    }
  }

  /** A standby of this server that follows it over TCP; the caller closes it, too. */
  public EmbeddedPostgres standby() throws IOException, InterruptedException, SQLException {
    Path copy = Clusters.folder();
    try (Connection connection = connection();
        Statement statement = connection.createStatement()) {
      statement.execute("SELECT pg_backup_start('standby', true)");
      copyWhileItRuns(copy.resolve("data"));
      Path label = copy.resolve("data/backup_label");
      Files.writeString(
          label, first(statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")));
    }
    follow(copy.resolve("data"));
    ServerUser.unprivileged().own(copy);
    return on(settings, copy);
  }

  /** Files that vanish meanwhile make cp say so, and are none that a standby needs. */
  private void copyWhileItRuns(Path to) throws IOException, InterruptedException {
    Program.Result copied =
        Program.run("cp", "-a", "--reflink=auto", data().toString(), to.toString());
    if (!copied.output().lines().allMatch(each -> each.endsWith("No such file or directory"))) {
      copied.orThrow();
    }
    Files.delete(to.resolve("postmaster.pid"));
    Program.run("find", to.resolve("pg_replslot").toString(), "-mindepth", "1", "-delete")
        .orThrow();
  }

  private void follow(Path data) throws IOException {
    String primary = "host=127.0.0.1 port=" + port + " user=" + BACKUP + " password=" + PASSWORD;
    Files.write(
        data.resolve("postgresql.auto.conf"),
        List.of("primary_conninfo = '" + primary + "'"),
        StandardOpenOption.APPEND);
    Files.createFile(data.resolve("standby.signal"));
  }

  /** Waits until this standby has replayed what the primary has written so far. */
  public void catchUp(EmbeddedPostgres primary) throws SQLException, InterruptedException {
    String lsn = primary.lsn().toString();
    long end = System.nanoTime() + CATCHING_UP.toNanos();
    while (!sql("SELECT pg_last_wal_replay_lsn() >= '" + lsn + "'").equals("t")) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("Not at " + lsn + ": " + log());
      }
      Thread.sleep(20);
    }
  }

  @Override
  public void close() throws IOException {
    server.close();
    Clusters.remove(folder);
  }
}
