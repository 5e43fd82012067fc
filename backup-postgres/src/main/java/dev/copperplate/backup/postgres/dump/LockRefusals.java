package dev.copperplate.backup.postgres.dump;

import java.sql.SQLException;
import java.util.Set;

/** What a server answers who does not give a lock. */
final class LockRefusals {

  private static final String NOT_AVAILABLE = "55P03";

  /** No such table, schema or number; a deadlock: the list of tables was too old. */
  private static final Set<String> OUTDATED = Set.of("42P01", "3F000", "42704", "40P01", "42809");

  private static final String OUT_OF_MEMORY = "53200";

  private LockRefusals() {}

  static boolean isLockRefused(SQLException e) {
    return NOT_AVAILABLE.equals(e.getSQLState());
  }

  static boolean isOutdated(SQLException e) {
    return e.getSQLState() != null && OUTDATED.contains(e.getSQLState());
  }

  /** More tables than the server can lock. */
  static boolean isTooMany(SQLException e) {
    return OUT_OF_MEMORY.equals(e.getSQLState());
  }
}
