package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Whether a cloud runs the server. Told by the role that each has for its customers, and by
 * settings of its own. A dump that was loaded elsewhere brings the role along, so that alone it is
 * an error only where replication is refused.
 */
final class ManagedCheck implements PreflightCheck {

  /** Roles of services that give no base backups. */
  private static final Map<String, String> ROLES =
      new TreeMap<>(
          Map.of(
              "rds_superuser", "Amazon RDS or Aurora",
              "cloudsqlsuperuser", "Google Cloud SQL",
              "alloydbsuperuser", "Google AlloyDB",
              "azure_pg_admin", "Azure Database for PostgreSQL"));

  private static final String SETTINGS =
      "SELECT pg_catalog.count(*) FROM pg_catalog.pg_settings"
          + " WHERE name ~ '^(rds|cloudsql|alloydb|azure)[.]'";

  private static final String ROLE =
      "SELECT pg_catalog.count(*) FROM pg_catalog.pg_roles WHERE rolname = ?";

  private final Catalog catalog;
  private final boolean replicates;

  ManagedCheck(Catalog catalog, boolean replicates) {
    this.catalog = catalog;
    this.replicates = replicates;
  }

  @Override
  public String subject() {
    return "managed service";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    for (Map.Entry<String, String> each : ROLES.entrySet()) {
      if (catalog.count(ROLE, each.getKey()) > 0) {
        findings.add(managed(each.getKey(), each.getValue()));
      }
    }
  }

  private Finding managed(String role, String service) throws SQLException {
    if (replicates && catalog.count(SETTINGS) == 0) {
      return Finding.info(
          subject(),
          "There is a role " + role + " as in " + service + ", but the server replicates as any");
    }
    return new Finding(
        replicates ? Severity.WARNING : Severity.ERROR,
        subject(),
        "This looks like "
            + service
            + " (role "
            + role
            + "), which gives nobody base backups or its WAL. What works there: dumps by SQL,"
            + " logical slots, and the service's own snapshots",
        "-- nothing mends it; elsewhere, DROP ROLE " + role + " if a dump brought it along");
  }
}
