package dev.copperplate.backup.postgres.load.table;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;

/** Asks what belongs to a table that is partitioned. */
public final class PartitionTree {

  private static final String NAMES =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname)
      FROM pg_catalog.pg_partition_tree(pg_catalog.to_regclass(?)) t
        JOIN pg_catalog.pg_class c ON c.oid = t.relid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relkind IN ('r', 'p') AND t.level > 0\
      """;

  private PartitionTree() {}

  /** The table itself, there or not, and its partitions, as SQL. */
  public static List<String> names(TableName table, Connection connection) throws SQLException {
    List<String> names = new ArrayList<>(List.of(table.sql()));
    try (PreparedStatement statement = connection.prepareStatement(NAMES)) {
      statement.setString(1, table.sql());
      try (ResultSet rows = statement.executeQuery()) {
        while (rows.next()) {
          names.add(rows.getString(1));
        }
      }
    }
    return names;
  }
}
