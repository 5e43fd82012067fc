package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RunContext;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.dump.RowFile;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLWarning;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A connection that changes a database, in its own transaction for each statement unless told. The
 * driver sends statements as they are. Not thread-safe, but for {@link #abort}.
 */
final class TargetSession implements AutoCloseable {

  private static final Logger LOG = LoggerFactory.getLogger(TargetSession.class);

  /** How long a statement may run. An index of a large table is silent for hours. */
  private static final Duration LONGEST = Duration.ofDays(1);

  /** Nothing that is set for a role or a database changes what values mean, or ends a statement. */
  private static final String SETTINGS =
      """
      SET search_path = '';
      SET default_transaction_read_only = off;
      SET statement_timeout = 0;
      SET lock_timeout = 0;
      SET idle_in_transaction_session_timeout = 0;
      SET idle_session_timeout = 0;
      SET DateStyle = 'ISO, YMD';
      SET IntervalStyle = 'postgres';
      SET standard_conforming_strings = on;
      SET check_function_bodies = off;
      SET xmloption = content;
      SET client_min_messages = warning;
      SET row_security = off;
      SET default_tablespace = '';
      """;

  private final Connection connection;
  private final int version;

  private TargetSession(Connection connection, int version) {
    this.connection = connection;
    this.version = version;
  }

  /**
   * Connects; the end of the run closes it if the caller does not.
   *
   * @param role as whom; as the one that connects
   */
  static TargetSession open(
      Server server, String database, Optional<String> role, RunContext context)
      throws IOException {
    Connection connection = server.connect(database);
    try {
      connection.setNetworkTimeout(Runnable::run, (int) LONGEST.toMillis());
      int version = connection.getMetaData().getDatabaseMajorVersion() * 10_000;
      TargetSession session = new TargetSession(connection, version);
      context.attach(session::abort);
      session.execute(SETTINGS);
      if (role.isPresent()) {
        session.execute("SET ROLE " + SqlText.name(role.get()));
      }
      return session;
    } catch (SQLException e) {
      Connections.close(connection);
      throw Refusals.failure("Opening a session in database " + SqlText.name(database), e);
    } catch (RuntimeException e) {
      Connections.close(connection);
      throw e;
    }
  }

  Connection connection() {
    return connection;
  }

  /** As {@code server_version_num}. */
  int version() {
    return version;
  }

  /** Runs one or more statements. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /** The same: what the server warned of. */
  List<SQLWarning> warned(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
      List<SQLWarning> warnings = new ArrayList<>();
      for (SQLWarning each = statement.getWarnings(); each != null; each = each.getNextWarning()) {
        warnings.add(each);
      }
      return warnings;
    }
  }

  /** The first column of a query. */
  List<String> column(String query) throws SQLException {
    List<String> values = new ArrayList<>();
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      while (rows.next()) {
        values.add(String.valueOf(rows.getString(1)));
      }
    }
    return values;
  }

  /** Whether a query has a row. */
  boolean has(String query) throws SQLException {
    return !column(query).isEmpty();
  }

  /** Makes statements be of an encoding of scripts. */
  void encoding(String encoding) throws IOException, SQLException {
    if (encoding.equals(RowFile.UTF8)) {
      execute("SET client_encoding = 'UTF8'");
    } else if (column("SHOW server_encoding").equals(List.of(RowFile.RAW))) {
      execute("SET client_encoding = 'LATIN1'"); // each byte is a character of it, and none changes
    } else {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "The snapshot's database is in no encoding (SQL_ASCII), and its text fits into no other:"
              + " restore it into a database of that encoding");
    }
  }

  /** Whether backslashes stand for themselves in plain literals. */
  boolean standardStrings() throws SQLException {
    return !"off"
        .equals(
            connection
                .unwrap(PGConnection.class)
                .getParameterStatus("standard_conforming_strings"));
  }

  /** What is done in one transaction. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, SQLException;
  }

  /** Commits all of it. After a failure the session is to be closed, and nothing is left of it. */
  void together(Work work) throws IOException, SQLException {
    connection.setAutoCommit(false);
    work.run();
    connection.commit();
    connection.setAutoCommit(true);
  }

  /** Ends it, and what the server is doing for it, at once and from any thread. */
  void abort() {
    try {
      if (!connection.isClosed()) {
        connection.unwrap(PGConnection.class).cancelQuery();
      }
    } catch (SQLException e) {
      LOG.debug("A statement was not cancelled: {}", e.getSQLState());
    }
    Connections.close(connection);
  }

  /** Ends it; what is not committed is rolled back. */
  @Override
  public void close() {
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("A connection did not close: {}", e.getSQLState());
      Connections.close(connection);
    }
  }
}
