package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.postgres.replication.Connections;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.postgresql.PGStatement;

/**
 * What a server says of itself over SQL. Nothing is changed, and no answer is waited for long. Each
 * query is a transaction that leaves nothing behind in the session: behind a pooler the session is
 * somebody else's next.
 */
final class Catalog implements AutoCloseable {

  private static final int PATIENCE_SECONDS = 60;

  private final Connection connection;

  /** Owns the connection. */
  Catalog(Connection connection) throws SQLException {
    this.connection = connection;
    try {
      connection.setReadOnly(true);
      connection.setAutoCommit(false);
    } catch (SQLException e) {
      Connections.close(connection);
      throw e;
    }
  }

  /** The number of the version, such as 170011. */
  int version() throws SQLException {
    return Integer.parseInt(text("SELECT pg_catalog.current_setting('server_version_num')"));
  }

  /** A setting as {@code SHOW} would say it; empty if the server has none of the name. */
  String setting(String name) throws SQLException {
    String value = value("SELECT pg_catalog.current_setting(?, true)", name);
    return value == null ? "" : value;
  }

  /** A setting as a number of its unit. */
  long number(String name) throws SQLException {
    return Long.parseLong(text("SELECT setting FROM pg_catalog.pg_settings WHERE name = ?", name));
  }

  long count(String query, String... parameters) throws SQLException {
    return Long.parseLong(text(query, parameters));
  }

  boolean holds(String query, String... parameters) throws SQLException {
    return "t".equals(value(query, parameters));
  }

  /** The one value of a query that has one. */
  String text(String query, String... parameters) throws SQLException {
    String value = value(query, parameters);
    if (value == null) {
      throw new SQLException("No value", "02000");
    }
    return value;
  }

  /** The first value of a query; null if there is no row, or if it is null. */
  @Nullable String value(String query, String... parameters) throws SQLException {
    List<@Nullable String> values = texts(query, parameters);
    return values.isEmpty() ? null : values.get(0);
  }

  /** The first column of a query. */
  List<@Nullable String> texts(String query, String... parameters) throws SQLException {
    try (PreparedStatement statement = connection.prepareStatement(query)) {
      statement.unwrap(PGStatement.class).setPrepareThreshold(0); // poolers lose named ones
      statement.setQueryTimeout(PATIENCE_SECONDS);
      for (int i = 0; i < parameters.length; i++) {
        statement.setString(i + 1, parameters[i]);
      }
      emptySearchPath();
      return firsts(statement);
    } finally {
      connection.rollback();
    }
  }

  private void emptySearchPath() throws SQLException {
    try (Statement statement = connection.createStatement()) {
      statement.execute("SET LOCAL search_path = ''");
    }
  }

  private static List<@Nullable String> firsts(PreparedStatement statement) throws SQLException {
    List<@Nullable String> values = new ArrayList<>();
    try (ResultSet rows = statement.executeQuery()) {
      while (rows.next()) {
        values.add(rows.getString(1));
      }
    }
    return values;
  }

  /** The number that cancels a query of this connection: with nothing in between, its process. */
  int cancelledBy() throws SQLException {
    return connection.unwrap(PGConnection.class).getBackendPID();
  }

  @Override
  public void close() {
    Connections.close(connection);
  }
}
