package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.load.LoadFailure;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.core.Parser;
import org.postgresql.jdbc.PgConnection;
import org.postgresql.jdbc.PreferQueryMode;
import org.postgresql.util.PSQLException;
import org.postgresql.util.ServerErrorMessage;

/**
 * A connection to the database that tables come back to. What it sets holds for a transaction, so
 * that a pool gets back what it gave. Not thread-safe, but for {@link #abort}.
 */
final class LiveSession implements AutoCloseable {

  /** The code by which a server says that a lock did not come in time. */
  static final String LOCK_REFUSED = "55P03";

  /** Whatever shapes how text becomes a value is the same, and nothing is cut short. */
  private static final String SETTINGS =
      """
      SET LOCAL search_path = '';
      SET LOCAL statement_timeout = 0;
      SET LOCAL idle_in_transaction_session_timeout = 0;
      SET LOCAL row_security = off;
      SET LOCAL DateStyle = 'ISO, YMD';
      SET LOCAL IntervalStyle = 'postgres';
      SET LOCAL TimeZone = 'UTC';
      SET LOCAL array_nulls = on;
      SET LOCAL xmloption = 'content';
      SET LOCAL default_tablespace = '';
      SET LOCAL standard_conforming_strings = on;
      SET LOCAL client_min_messages = warning;
      """;

  private static final int OLDEST_VERSION = 15;
  private static final int TRANSACTION_TIMEOUT_SINCE = 17;

  /** How long the server may be silent over an index, a constraint or statistics. */
  private static final Duration LONGEST = Duration.ofHours(12);

  private final Connection connection;
  private final Duration lockTimeout;
  private final int version;
  private final boolean autoCommit;
  private final PreferQueryMode mode;
  private boolean clean = true;
  private volatile boolean closed;

  private LiveSession(Connection connection, Duration lockTimeout)
      throws SQLException, BackupException {
    this.connection = connection;
    this.lockTimeout = lockTimeout;
    this.version = connection.getMetaData().getDatabaseMajorVersion();
    if (version < OLDEST_VERSION) {
      throw new BackupException(
          Kind.UNSUPPORTED, "PostgreSQL " + version + " is too old: 15 is the oldest");
    }
    this.autoCommit = connection.getAutoCommit();
    this.mode = driver().getPreferQueryMode();
    // The server takes one statement at a time only in this protocol.
    driver().getQueryExecutor().setPreferQueryMode(PreferQueryMode.EXTENDED);
    connection.setAutoCommit(false);
  }

  /** Takes a connection over, which the session closes. */
  static LiveSession of(Connection connection, Duration lockTimeout) throws IOException {
    try {
      connection.unwrap(PGConnection.class);
      return new LiveSession(connection, lockTimeout);
    } catch (SQLException e) {
      Connections.close(connection);
      throw new BackupException(
          Kind.UNSUPPORTED,
          "The connection is none of the PostgreSQL driver, or broken",
          Connections.failure("Opening a session", e));
    } catch (IOException | RuntimeException e) {
      Connections.close(connection);
      throw e;
    }
  }

  private PgConnection driver() throws SQLException {
    return connection.unwrap(PgConnection.class);
  }

  int version() {
    return version;
  }

  Connection connection() {
    return connection;
  }

  /** Begins to look around. */
  void look() throws SQLException {
    begin("READ ONLY");
  }

  /** Begins to change something. */
  void begin() throws SQLException {
    begin("READ WRITE");
  }

  private void begin(String access) throws SQLException {
    clean = false;
    connection.rollback();
    execute("SET TRANSACTION ISOLATION LEVEL READ COMMITTED " + access);
    execute(SETTINGS);
    execute("SET LOCAL lock_timeout = " + Math.max(1, lockTimeout.toMillis()));
    if (version >= TRANSACTION_TIMEOUT_SINCE) {
      execute("SET LOCAL transaction_timeout = 0");
    }
  }

  /** Acts as a role from here to the end of the transaction. */
  void become(String role) throws SQLException {
    execute("SET LOCAL ROLE " + SqlText.name(role));
  }

  /** Runs statements of ours. */
  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.setEscapeProcessing(false);
      statement.execute(sql);
    }
  }

  /**
   * Runs a statement that holds expressions of the snapshot, if it is one and no more.
   *
   * @param what it is, for people
   * @param rows whether there are rows that the server could quote
   */
  void run(String what, String sql, boolean rows) throws IOException {
    try {
      if (Parser.parseJdbcSql(sql, true, false, true, false, false).size() != 1) {
        throw new BackupException(
            Kind.DAMAGED, what + " is not done: the snapshot holds more than one statement there");
      }
      slowly(sql);
    } catch (SQLException e) {
      throw failure(what, e, rows);
    }
  }

  /** Runs a statement that may be silent for long. */
  void slowly(String sql) throws SQLException {
    int limit = connection.getNetworkTimeout();
    connection.setNetworkTimeout(Runnable::run, (int) LONGEST.toMillis());
    execute(sql);
    connection.setNetworkTimeout(Runnable::run, limit);
  }

  private static BackupException failure(String what, SQLException e, boolean rows) {
    BackupException failure = LoadFailure.of(what, e);
    ServerErrorMessage said = e instanceof PSQLException p ? p.getServerErrorMessage() : null;
    // Without rows, what is unknown or wrong in a definition can be said.
    if (rows || said == null || !String.valueOf(e.getSQLState()).startsWith("42")) {
      return failure;
    }
    return new BackupException(
        failure.kind(), failure.getMessage() + ": " + said.getMessage(), failure.getCause());
  }

  /** The rows of a query, each a list of its values. */
  List<List<String>> rows(String query, Object... parameters) throws SQLException {
    List<List<String>> all = new ArrayList<>();
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setObject(i + 1, parameters[i]);
      }
      try (ResultSet rows = statement.executeQuery()) {
        int columns = rows.getMetaData().getColumnCount();
        while (rows.next()) {
          List<String> row = new ArrayList<>();
          for (int i = 1; i <= columns; i++) {
            String value = rows.getString(i);
            row.add(value == null ? "" : value);
          }
          all.add(row);
        }
      }
    }
    return all;
  }

  /** The first column. */
  List<String> values(String query, Object... parameters) throws SQLException {
    return rows(query, parameters).stream().map(each -> each.get(0)).toList();
  }

  /** The first value of the first row, empty where there is none. */
  String value(String query, Object... parameters) throws SQLException {
    List<String> values = values(query, parameters);
    return values.isEmpty() ? "" : values.get(0);
  }

  boolean is(String query, Object... parameters) throws SQLException {
    return value(query, parameters).equals("t");
  }

  void commit() throws SQLException {
    connection.commit();
    clean = true;
  }

  void rollback() throws SQLException {
    connection.rollback();
    clean = true;
  }

  /**
   * Ends it at once, from any thread; nothing once it was closed, when it may be somebody else's.
   */
  void abort() {
    if (!closed) {
      Connections.close(connection);
    }
  }

  /** Gives the connection back as it was, or ends it if something went wrong in it. */
  @Override
  public void close() throws IOException {
    if (!clean) {
      abort();
    }
    closed = true;
    try {
      if (clean) {
        driver().getQueryExecutor().setPreferQueryMode(mode);
        connection.setAutoCommit(autoCommit);
      }
      connection.close();
    } catch (SQLException e) {
      throw Connections.failure("Closing a connection", e);
    }
  }
}
