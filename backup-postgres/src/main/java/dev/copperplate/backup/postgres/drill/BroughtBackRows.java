package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.List;

/**
 * Compares a restored database with what its snapshot says: how many rows each table has, and which
 * constraints nobody ever compared with them.
 */
final class BroughtBackRows {

  private static final String UNVALIDATED =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname), k.conname
      FROM pg_catalog.pg_constraint k
        JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE NOT k.convalidated ORDER BY 1, 2\
      """;

  private final String database;
  private final DrillConnections connections;
  private final RestoreContext context;
  private long tables;
  private long rows;

  BroughtBackRows(String database, DrillConnections connections, RestoreContext context) {
    this.database = database;
    this.connections = connections;
    this.context = context;
  }

  long tables() {
    return tables;
  }

  long rows() {
    return rows;
  }

  void compare(List<DumpedTable> stored) throws IOException, InterruptedException {
    try (Connection connection = connections.openPlain(database);
        Statement statement = connection.createStatement()) {
      for (DumpedTable each : stored) {
        if (!each.files().isEmpty()) {
          compare(each, statement);
        }
      }
      unvalidated(statement);
    } catch (SQLException e) {
      wrong(
          database, "Rows cannot be counted: " + CheckedRelations.words(DrillChecks.cancelled(e)));
    }
  }

  private void compare(DumpedTable table, Statement statement) throws SQLException {
    String name = SqlText.name(table.schema(), table.name());
    long count = count(name, statement);
    tables++;
    rows += count;
    if (count != table.rows()) {
      wrong(
          database + ": " + name,
          "The table has " + count + " rows, and " + table.rows() + " were captured");
    }
  }

  private static long count(String name, Statement statement) throws SQLException {
    try (ResultSet counted = statement.executeQuery("SELECT count(*) FROM ONLY " + name)) {
      counted.next();
      return counted.getLong(1);
    }
  }

  private void unvalidated(Statement statement) throws SQLException {
    try (ResultSet found = statement.executeQuery(UNVALIDATED)) {
      while (found.next()) {
        context.report(
            Finding.info(
                database + ": " + found.getString(1),
                "Constraint "
                    + SqlText.name(found.getString(2))
                    + " was not compared with the rows: it was not valid, or not enforced, in the"
                    + " source"));
      }
    }
  }

  private void wrong(String subject, String message) {
    context.report(
        Finding.error(
            subject,
            message,
            "Look for a trigger, rule or function that changes rows while others are restored; else"
                + " use another snapshot"));
  }
}
