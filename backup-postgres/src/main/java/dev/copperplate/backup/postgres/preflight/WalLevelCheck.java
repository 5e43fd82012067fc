package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.sql.SQLException;
import java.util.List;

/** Whether the log holds what a replay needs. */
final class WalLevelCheck implements PreflightCheck {

  private final Catalog catalog;

  WalLevelCheck(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public String subject() {
    return "wal_level";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    if (catalog.setting(subject()).equals("minimal")) {
      findings.add(
          Finding.error(
              subject(),
              "The WAL is not enough to replay: wal_level is minimal",
              Remedy.restarted(subject(), "replica")));
    }
  }
}
