package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;
import java.util.StringJoiner;
import java.util.stream.Collectors;

/** Names who has, or waits for, a lock of tables. */
public final class LockHolders {

  /** Of a query only its first word: the others may be data. */
  private static final String HOLDERS =
      """
      SELECT n.nspname, c.relname, l.pid, l.granted, coalesce(a.application_name, '') AS application,
        coalesce(a.usename::text, '') AS role, coalesce(a.state, '') AS state,
        upper(coalesce(substring(a.query FROM '^\\s*([A-Za-z]+)'), '')) AS command
      FROM pg_catalog.pg_locks l
        JOIN pg_catalog.pg_class c ON c.oid = l.relation
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        LEFT JOIN pg_catalog.pg_stat_activity a ON a.pid = l.pid
      WHERE l.locktype = 'relation' AND :mode AND l.pid <> pg_catalog.pg_backend_pid()
        AND l.database = (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())
        AND l.relation = ANY (:tables)
      ORDER BY l.granted DESC, l.pid LIMIT 3\
      """;

  private static final String KEEPS_READERS_OUT = "l.mode = 'AccessExclusiveLock'";

  private static final String KEEPS_WRITERS_OUT =
      "l.mode NOT IN ('AccessShareLock', 'RowShareLock')";

  private LockHolders() {}

  /** In words; asks in a transaction of its own. */
  static String find(DumpSession session, List<TableRef> tables) throws SQLException {
    session.look();
    String found =
        words(session.connection(), tables.stream().map(TableRef::oid).toList(), KEEPS_READERS_OUT);
    session.rollback();
    return found;
  }

  /**
   * The same of locks that keep out who wants to write a whole table, in the connection's
   * transaction.
   *
   * @param readers whether those of readers do, too
   */
  public static String of(Connection connection, List<Long> tables, boolean readers)
      throws SQLException {
    return words(connection, tables, readers ? "true" : KEEPS_WRITERS_OUT);
  }

  private static String words(Connection connection, List<Long> tables, String mode)
      throws SQLException {
    String numbers =
        tables.stream()
            .map(each -> Long.toString(each))
            .collect(Collectors.joining(",", "'{", "}'"));
    StringJoiner found = new StringJoiner("; ");
    try (Statement statement = connection.createStatement();
        ResultSet rows =
            statement.executeQuery(HOLDERS.replace(":mode", mode).replace(":tables", numbers))) {
      while (rows.next()) {
        found.add(words(rows));
      }
    }
    return found.length() == 0 ? "nobody holds one any more" : found.toString();
  }

  private static String words(ResultSet row) throws SQLException {
    String command = row.getString("command");
    return SqlText.name(row.getString("nspname"), row.getString("relname"))
        + (row.getBoolean("granted") ? " is locked by process " : " is awaited by process ")
        + row.getLong("pid")
        + ", application '"
        + row.getString("application")
        + "', role '"
        + row.getString("role")
        + "', "
        + (command.isEmpty() ? "whose command it may not see" : command)
        + (row.getString("state").isEmpty() ? "" : ", " + row.getString("state"));
  }
}
