package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.postgres.replication.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.postgresql.core.Parser;

/**
 * A connection of our own, each statement a transaction, and none longer than a limit. Not
 * thread-safe, but for {@link #close}.
 */
public final class Session implements AutoCloseable {

  private static final String SETTINGS =
      """
      SET search_path = '';
      SET DateStyle = 'ISO, YMD';
      SET TimeZone = 'UTC';
      SET standard_conforming_strings = on;
      SET quote_all_identifiers = off;
      SET default_transaction_read_only = off;
      """;

  private final Connection connection;

  /**
   * Owns the connection.
   *
   * @param limit of each statement and of each lock that it waits for
   */
  public Session(Connection connection, Duration limit) throws SQLException {
    this.connection = connection;
    try {
      execute(SETTINGS);
      limit(limit);
    } catch (SQLException e) {
      close();
      throw e;
    }
  }

  /** Sets another limit for what follows. */
  void limit(Duration limit) throws SQLException {
    long most = Math.min(Integer.MAX_VALUE, Math.max(1, limit.toMillis()));
    execute("SET statement_timeout = " + most + "; SET lock_timeout = " + most);
  }

  void execute(String sql) throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute(sql);
    }
  }

  /**
   * Runs what was made of texts from a snapshot.
   *
   * @throws SQLException of code 42601, and nothing is run, if it is more than one statement
   */
  void executeOne(String sql) throws SQLException {
    if (Parser.parseJdbcSql(sql, true, false, true, false, false).size() != 1) {
      throw new SQLException("Not one statement", "42601");
    }
    execute(sql);
  }

  /** All rows of a query, which are few. */
  List<Row> rows(String query, String... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      return rows(statement);
    }
  }

  private static List<Row> rows(PreparedStatement statement) throws SQLException {
    List<Row> rows = new ArrayList<>();
    try (ResultSet results = statement.executeQuery()) {
      while (results.next()) {
        rows.add(Row.of(results));
      }
    }
    return rows;
  }

  /** The first row, or one without values. */
  Row row(String query, String... parameters) throws SQLException {
    List<Row> rows = rows(query, parameters);
    return rows.isEmpty() ? new Row(Map.of()) : rows.get(0);
  }

  /** Ends it at once, from any thread. */
  @Override
  public void close() {
    Connections.close(connection);
  }
}
