package dev.copperplate.samples;

import dev.copperplate.backup.postgres.PostgresServer;
import dev.copperplate.backup.postgres.scratch.LoopbackPorts;
import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import dev.copperplate.backup.postgres.scratch.ScratchServer;
import dev.copperplate.backup.postgres.scratch.ServerLaunch;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import dev.copperplate.backup.repository.Passwords;
import java.io.IOException;
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
import java.util.concurrent.TimeUnit;

/**
 * A PostgreSQL on 127.0.0.1 with a cluster of its own, run as an unprivileged user where this is
 * root. Production has its own; the quick start needs one that has not to be installed.
 */
final class DemonstrationServer implements AutoCloseable {

  private static final int INITDB_SECONDS = 120;

  private final ScratchServer server;
  private final int port;
  private final Path passwordFile;

  private DemonstrationServer(ScratchServer server, int port, Path passwordFile) {
    this.server = server;
    this.port = port;
    this.passwordFile = passwordFile;
  }

  /**
   * Makes a cluster in a directory and starts it.
   *
   * @param folder of the server's user, empty
   */
  static DemonstrationServer start(PostgresBinaries programs, Path folder)
      throws IOException, InterruptedException {
    ServerUser user = ServerUser.unprivileged();
    Path passwordFile = folder.resolve("password");
    PasswordFile.create(passwordFile);
    Path data = folder.resolve("data");
    user.own(folder);
    initialise(programs, user, folder, passwordFile);
    int port = LoopbackPorts.free();
    ScratchServer server = ServerLaunch.of(programs, data, user).port(port).start();
    return new DemonstrationServer(server, port, passwordFile);
  }

  private static void initialise(
      PostgresBinaries programs, ServerUser user, Path folder, Path passwordFile)
      throws IOException, InterruptedException {
    Path data = folder.resolve("data");
    Process initdb =
        new ProcessBuilder(
                user.running(
                    List.of(
                        programs.program("initdb"),
                        "--pgdata=" + data,
                        "--username=postgres",
                        "--pwfile=" + passwordFile,
                        "--auth=scram-sha-256",
                        "--encoding=UTF8",
                        "--locale=C",
                        "--data-checksums")))
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .directory(folder.toFile())
            .start();
    if (!initdb.waitFor(INITDB_SECONDS, TimeUnit.SECONDS) || initdb.exitValue() != 0) {
      initdb.destroyForcibly();
      throw new IOException("initdb made no cluster in " + data);
    }
    Files.writeString(
        data.resolve("postgresql.conf"),
        "summarize_wal = on\nlog_checkpoints = off\n",
        StandardCharsets.US_ASCII,
        StandardOpenOption.APPEND);
  }

  /** How the library reaches it. */
  PostgresServer server() {
    return PostgresServer.at(url("postgres"))
        .user("postgres")
        .password(Passwords.file(passwordFile));
  }

  /** Runs statements one after the other; returns the first value of the last one, if any. */
  String sql(String... statements) throws IOException {
    return sqlIn("postgres", statements);
  }

  /** The same in another database. */
  String sqlIn(String database, String... statements) throws IOException {
    String value = "";
    String password = Files.readString(passwordFile);
    try (Connection connection = DriverManager.getConnection(url(database), "postgres", password);
        Statement statement = connection.createStatement()) {
      for (String each : statements) {
        value = statement.execute(each) ? first(statement.getResultSet()) : "";
      }
    } catch (SQLException e) {
      throw new IOException("The server of the quick start did not do what it was asked", e);
    }
    return value;
  }

  private static String first(ResultSet rows) throws SQLException {
    return rows.next() ? String.valueOf(rows.getString(1)) : "";
  }

  /** The address of a database. */
  String url(String database) {
    return "jdbc:postgresql://127.0.0.1:" + port + "/" + database;
  }

  /** Holds the password of {@code postgres}. */
  Path passwordFile() {
    return passwordFile;
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
