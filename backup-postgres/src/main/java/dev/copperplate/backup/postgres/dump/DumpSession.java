package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.replication.CopyStream;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/**
 * A connection in one transaction that only reads. What it sets holds for the transaction alone, so
 * that a pool gets back what it gave. Not thread-safe, but for {@link #abort}.
 */
final class DumpSession implements AutoCloseable {

  private static final String POINT = "copperplate";

  /** Whatever shapes text or order is the same each time, and no query runs into a limit. */
  private static final String SETTINGS =
      """
      SET LOCAL search_path = '';
      SET LOCAL statement_timeout = 0;
      SET LOCAL idle_in_transaction_session_timeout = 0;
      SET LOCAL row_security = off;
      SET LOCAL DateStyle = 'ISO, YMD';
      SET LOCAL IntervalStyle = 'postgres';
      SET LOCAL TimeZone = 'UTC';
      SET LOCAL extra_float_digits = 3;
      SET LOCAL bytea_output = 'hex';
      SET LOCAL xmloption = 'content';
      SET LOCAL quote_all_identifiers = off;
      SET LOCAL standard_conforming_strings = on;
      SET LOCAL synchronize_seqscans = off;
      SET LOCAL max_parallel_workers_per_gather = 0;
      SET LOCAL jit = off;
      """;

  /**
   * Nobody's view stands in for what we meant to read, where the server knows how to refuse it.
   *
   * @see <a href="https://www.postgresql.org/support/security/CVE-2024-7348/">CVE-2024-7348</a>
   */
  private static final String NO_VIEWS =
      "SET LOCAL restrict_nonsystem_relation_kind = 'view, foreign-table'";

  private static final int NO_VIEWS_SINCE = 160_004;
  private static final int NO_VIEWS_SINCE_OF_15 = 150_008;

  private static final int TRANSACTION_TIMEOUT_SINCE = 170_000;

  private final Connection connection;
  private final int version;
  private final boolean autoCommit;
  private boolean clean = true;
  private volatile boolean closed;

  DumpSession(Connection connection, int version) throws SQLException {
    this.connection = connection;
    this.version = version;
    this.autoCommit = connection.getAutoCommit();
    connection.setAutoCommit(false);
  }

  /** Begins to look at what is committed from statement to statement. */
  void look() throws SQLException {
    begin("READ COMMITTED");
  }

  /** Begins a transaction whose moment is that of its first query. */
  void begin() throws SQLException {
    begin("REPEATABLE READ");
  }

  /** Begins a transaction at the moment of another session. */
  void join(String snapshot) throws SQLException {
    begin("REPEATABLE READ");
    execute("SET TRANSACTION SNAPSHOT " + SqlText.literal(snapshot));
  }

  private void begin(String isolation) throws SQLException {
    clean = false;
    connection.rollback();
    execute("SET TRANSACTION ISOLATION LEVEL " + isolation + " READ ONLY");
    execute(SETTINGS);
    if (version >= TRANSACTION_TIMEOUT_SINCE) {
      execute("SET LOCAL transaction_timeout = 0");
    }
    if (version >= (version < 160_000 ? NO_VIEWS_SINCE_OF_15 : NO_VIEWS_SINCE)) {
      execute(NO_VIEWS);
    }
  }

  /** Makes the moment of this transaction that of others. */
  String export() throws SQLException {
    return value("SELECT pg_catalog.pg_export_snapshot()");
  }

  /** Limits how long a lock is waited for, until the end of the transaction. */
  void limitLocks(Duration limit) throws SQLException {
    execute("SET LOCAL lock_timeout = " + Math.max(1, limit.toMillis()));
  }

  /** Locks tables against being altered, those that there are. */
  void lock(List<TableRef> tables) throws SQLException {
    if (tables.isEmpty() || attempt(lockStatement(tables, ""), LockRefusals::isOutdated)) {
      return;
    }
    for (TableRef each : tables) {
      attempt(lockStatement(List.of(each), ""), LockRefusals::isOutdated);
    }
  }

  private static String lockStatement(List<TableRef> tables, String how) {
    return tables.stream()
        .map(each -> "ONLY " + each.sql())
        .collect(Collectors.joining(", ", "LOCK TABLE ", " IN ACCESS SHARE MODE" + how));
  }

  /** Locks one table if nobody is in the way. */
  boolean tryLock(TableRef table) throws SQLException {
    return attempt(lockStatement(List.of(table), " NOWAIT"), LockRefusals::isLockRefused);
  }

  private boolean attempt(String sql, Predicate<SQLException> expected) throws SQLException {
    return attempt(() -> execute(sql), expected);
  }

  /** What may fail. */
  @FunctionalInterface
  interface Attempt {
    void run() throws SQLException;
  }

  /** Whether it succeeded; the transaction goes on where a failure is one that is expected. */
  boolean attempt(Attempt attempt, Predicate<SQLException> expected) throws SQLException {
    execute("SAVEPOINT " + POINT);
    try {
      attempt.run();
      execute("RELEASE SAVEPOINT " + POINT);
      return true;
    } catch (SQLException refused) {
      if (!expected.test(refused)) {
        throw refused;
      }
      execute("ROLLBACK TO SAVEPOINT " + POINT + "; RELEASE SAVEPOINT " + POINT);
      return false;
    }
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /** The first value of the first row. */
  String value(String query) throws SQLException {
    try (Statement statement = connection.createStatement();
        ResultSet rows = statement.executeQuery(query)) {
      if (!rows.next()) {
        throw new SQLException("No row", "02000");
      }
      return String.valueOf(rows.getString(1));
    }
  }

  /** For queries; rows come by the thousand. The caller closes it. */
  Statement statement() throws SQLException {
    Statement statement = connection.createStatement();
    statement.setFetchSize(1000);
    return statement;
  }

  /** Starts a {@code COPY … TO STDOUT}. */
  CopyStream copy(String doing, String sql) throws IOException {
    return CopyStream.begin(connection, doing, sql);
  }

  Connection connection() {
    return connection;
  }

  /** Ends the transaction, and the session unless that failed. */
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
        connection.setAutoCommit(autoCommit);
      }
      connection.close();
    } catch (SQLException e) {
      throw Connections.failure("Closing a connection", e);
    }
  }
}
