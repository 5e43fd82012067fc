package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.sql.SQLException;
import java.util.List;

/** Whether the server itself survives a crash. */
final class DurabilityCheck implements PreflightCheck {

  private final Catalog catalog;

  DurabilityCheck(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public String subject() {
    return "durability";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    if (catalog.setting("fsync").equals("off")) {
      findings.add(
          Finding.error(
              subject(),
              "fsync is off: a crash of the machine damages the cluster without a trace, and"
                  + " backups hold the damage",
              Remedy.reloaded("fsync", "on")));
    }
    if (catalog.setting("full_page_writes").equals("off")) {
      findings.add(
          Finding.error(
              subject(),
              "full_page_writes is off: a crash can leave pages half written, and a standby gives"
                  + " no backups",
              Remedy.reloaded("full_page_writes", "on")));
    }
  }
}
