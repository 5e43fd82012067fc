package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.sql.SQLException;
import java.util.List;

/** Whether a full backup fits where it is to go. */
final class SizeCheck implements PreflightCheck {

  /** What rows compress to at best, for sure. */
  private static final int COMPRESSION = 4;

  private static final String SIZE =
      """
      SELECT coalesce(sum(pg_catalog.pg_database_size(oid)), 0)::bigint FROM pg_catalog.pg_database
      WHERE pg_catalog.has_database_privilege(oid, 'CONNECT')
        OR pg_catalog.pg_has_role(CURRENT_USER, 'pg_read_all_stats', 'USAGE')\
      """;

  private final Catalog catalog;
  private final long free;

  SizeCheck(Catalog catalog, long free) {
    this.catalog = catalog;
    this.free = free;
  }

  @Override
  public String subject() {
    return "size";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    long size = catalog.count(SIZE);
    if (size / COMPRESSION > free) {
      findings.add(finding(Finding.Severity.ERROR, size, "do not fit into "));
    } else if (size > free) {
      findings.add(finding(Finding.Severity.WARNING, size, "may not fit, even compressed, into "));
    }
  }

  private Finding finding(Finding.Severity severity, long size, String how) {
    return new Finding(
        severity,
        subject(),
        size + " bytes of databases " + how + free + " bytes",
        "-- give the target room for a full backup, and for those that are kept");
  }
}
