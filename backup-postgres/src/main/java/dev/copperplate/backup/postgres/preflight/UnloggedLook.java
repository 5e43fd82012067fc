package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which tables a backup holds without their rows. */
final class UnloggedLook implements Databases.Look {

  /** So many are told by name. */
  private static final int NAMED = 20;

  private static final String TABLES =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.relname) FROM pg_catalog.pg_class c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
      WHERE c.relpersistence = 'u' AND c.relkind IN ('r', 'm') ORDER BY 1\
      """;

  @Override
  public String subject() {
    return "unlogged tables";
  }

  @Override
  public void into(String database, Catalog catalog, List<Finding> findings) throws SQLException {
    List<@Nullable String> tables = catalog.texts(TABLES);
    for (@Nullable String table : tables.subList(0, Math.min(NAMED, tables.size()))) {
      findings.add(
          Finding.warning(
              subject(),
              table + " in " + database + " is not captured: it is empty after a restore",
              "ALTER TABLE " + table + " SET LOGGED; -- in " + SqlText.name(database)));
    }
    if (tables.size() > NAMED) {
      findings.add(
          Finding.warning(
              subject(), tables.size() - NAMED + " more in " + database + " are not captured", ""));
    }
  }
}
