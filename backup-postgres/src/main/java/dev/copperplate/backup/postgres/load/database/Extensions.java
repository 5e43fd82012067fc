package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.postgres.load.script.ScriptStatement;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;

/**
 * Extensions belong to no schema, but may be put into one. Where single schemas are restored, those
 * come along whose schema is there, or that are there already.
 */
final class Extensions {

  private Extensions() {}

  /** Whether what a statement is about can be made; true if it is about no extension. */
  static boolean isFit(ScriptStatement statement, TargetSession session) throws SQLException {
    if (statement.begins("comment", "on", "extension")) {
      return has(session, "pg_extension", "extname", statement.name(3));
    }
    if (statement.begins("create", "extension")) {
      int last = statement.tokens().size() - 1;
      String schema = statement.has(last - 2, "with", "schema") ? statement.name(last) : "";
      return schema.isEmpty() || has(session, "pg_namespace", "nspname", schema);
    }
    return true;
  }

  private static boolean has(TargetSession session, String catalog, String column, String name)
      throws SQLException {
    return session.has(
        "SELECT 1 FROM pg_catalog." + catalog + " WHERE " + column + " = " + SqlText.literal(name));
  }
}
