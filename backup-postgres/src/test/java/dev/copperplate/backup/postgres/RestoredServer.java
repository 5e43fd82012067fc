package dev.copperplate.backup.postgres;

import dev.copperplate.backup.postgres.scratch.ScratchServer;
import dev.copperplate.backup.postgres.scratch.ServerLaunch;
import dev.copperplate.backup.postgres.scratch.ServerUser;
import java.io.IOException;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Properties;
import org.postgresql.PGProperty;

/** A server on a restored data directory, which has recovered. */
final class RestoredServer implements AutoCloseable {

  private final ScratchServer server;
  private final String options;

  private RestoredServer(ScratchServer server, String options) {
    this.server = server;
    this.options = options;
  }

  /**
   * Gives the directories to the server's user, and starts it with nothing but its own settings.
   */
  static RestoredServer start(int version, Path data, Path... others)
      throws IOException, InterruptedException, SQLException {
    return startAndAsk("", version, data, others);
  }

  /**
   * The same, and never connects but with options.
   *
   * @param options of the form of {@code PGOPTIONS}
   */
  static RestoredServer startAndAsk(String options, int version, Path data, Path... others)
      throws IOException, InterruptedException, SQLException {
    ServerUser user = ServerUser.unprivileged();
    user.own(data);
    for (Path each : others) {
      user.own(each);
    }
    ServerLaunch launch = ServerLaunch.of(Clusters.binaries(version), data, user);
    RestoredServer restored = new RestoredServer(launch.start(), options);
    try {
      restored.awaitPromotion();
      return restored;
    } catch (InterruptedException | SQLException | RuntimeException e) {
      restored.close();
      throw e;
    }
  }

  private void awaitPromotion() throws SQLException, InterruptedException {
    long end = System.nanoTime() + 60_000_000_000L;
    while (!sql("SELECT pg_is_in_recovery()").get(0).equals("f")) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("Still in recovery: " + server.log());
      }
      Thread.sleep(10);
    }
  }

  /** The first column of all rows. */
  List<String> sql(String statement) throws SQLException {
    return sqlIn("postgres", statement);
  }

  /** The same in another database. */
  List<String> sqlIn(String database, String statement) throws SQLException {
    return ask(database, options, statement);
  }

  /** The same as a client that says no options. */
  List<String> sqlOfAnyClient(String database, String statement) throws SQLException {
    return ask(database, "", statement);
  }

  private List<String> ask(String database, String said, String statement) throws SQLException {
    Properties properties = server.properties(database, EmbeddedPostgres.SUPERUSER);
    PGProperty.OPTIONS.set(properties, said.isEmpty() ? null : said);
    List<String> values = new ArrayList<>();
    try (Connection connection = DriverManager.getConnection(server.url(), properties);
        Statement running = connection.createStatement()) {
      if (running.execute(statement)) {
        ResultSet rows = running.getResultSet();
        while (rows.next()) {
          values.add(rows.getString(1));
        }
      }
    }
    return values;
  }

  String log() {
    return server.log();
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
