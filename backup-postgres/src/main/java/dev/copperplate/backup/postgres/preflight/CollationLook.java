package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Whether indexes were built by another version of the collation library than the one that is
 * installed: they may miss rows, and a restore brings them back as they are.
 *
 * @see <a href="https://www.postgresql.org/docs/17/sql-altercollation.html">PostgreSQL, "ALTER
 *     COLLATION", notes</a>
 */
final class CollationLook implements Databases.Look {

  private static final String DATABASE =
      """
      SELECT datcollversion <> pg_catalog.pg_database_collation_actual_version(oid)
      FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database()\
      """;

  private static final String COLLATIONS =
      """
      SELECT pg_catalog.format('%I.%I', n.nspname, c.collname) FROM pg_catalog.pg_collation c
      JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
      WHERE c.collversion <> pg_catalog.pg_collation_actual_version(c.oid)
        AND EXISTS (SELECT FROM pg_catalog.pg_depend d WHERE d.refclassid = 'pg_catalog.pg_collation'::regclass
          AND d.refobjid = c.oid)
      ORDER BY 1\
      """;

  @Override
  public String subject() {
    return "collations";
  }

  @Override
  public void into(String database, Catalog catalog, List<Finding> findings) throws SQLException {
    String name = SqlText.name(database);
    if (catalog.holds(DATABASE)) {
      findings.add(
          mismatch(
              "The database " + database + " was",
              "REINDEX DATABASE " + name + "; ALTER DATABASE " + name + " REFRESH COLLATION",
              name));
    }
    for (@Nullable String collation : catalog.texts(COLLATIONS)) {
      findings.add(
          mismatch(
              "What uses the collation " + collation + " in " + database + " was",
              "REINDEX DATABASE " + name + "; ALTER COLLATION " + collation + " REFRESH",
              name));
    }
  }

  private Finding mismatch(String what, String statements, String database) {
    return Finding.warning(
        subject(),
        what + " built by another version of the collation library: indexes may miss rows",
        statements + " VERSION; -- in " + database);
  }
}
