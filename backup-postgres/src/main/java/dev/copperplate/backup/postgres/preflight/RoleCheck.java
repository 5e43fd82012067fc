package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;
import java.util.List;

/** Whether the role may do what is due, and no more. */
final class RoleCheck implements PreflightCheck {

  private static final String MINE = " FROM pg_catalog.pg_roles WHERE rolname = CURRENT_USER";

  private final Catalog catalog;

  RoleCheck(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public String subject() {
    return "role";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    String name = catalog.text("SELECT CURRENT_USER");
    expires(name, findings);
    if (catalog.holds("SELECT rolsuper" + MINE)) {
      findings.add(
          Finding.warning(
              subject(),
              name + " is a superuser, which is more than needed: backups need REPLICATION alone",
              "CREATE ROLE copperplate LOGIN REPLICATION;"
                  + " -- give it a password by \\password copperplate, and connect as it"));
      return;
    }
    if (!catalog.holds("SELECT rolreplication" + MINE)) {
      findings.add(
          Finding.error(
              subject(),
              name + " may not replicate",
              "ALTER ROLE " + SqlText.name(name) + " REPLICATION;"));
    }
    seesSettings(name, findings);
  }

  private void expires(String name, List<Finding> findings) throws SQLException {
    if (catalog.holds(
        "SELECT rolvaliduntil < pg_catalog.now() + pg_catalog.make_interval(days => 30)" + MINE)) {
      findings.add(
          Finding.warning(
              subject(),
              "The password of " + name + " expires within 30 days, and backups end then",
              "ALTER ROLE " + SqlText.name(name) + " VALID UNTIL 'infinity';"));
    }
  }

  private void seesSettings(String name, List<Finding> findings) throws SQLException {
    if (!catalog.holds(
        "SELECT pg_catalog.pg_has_role(CURRENT_USER, 'pg_read_all_settings', 'USAGE')")) {
      findings.add(
          new Finding(
              Finding.Severity.INFO,
              subject(),
              name
                  + " does not see every setting, so that the description beside backups lacks"
                  + " preloaded libraries",
              "GRANT pg_read_all_settings TO " + SqlText.name(name) + ";"));
    }
  }
}
