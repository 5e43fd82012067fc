package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.sql.SQLException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Whether the archiver's slot, where it exists already, still keeps the log. */
final class ArchiverSlotCheck implements PreflightCheck {

  private final Catalog catalog;
  private final String slot;

  ArchiverSlotCheck(Catalog catalog, String slot) {
    this.catalog = catalog;
    this.slot = slot;
  }

  @Override
  public String subject() {
    return "slot";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    if ("logical".equals(column("slot_type"))) {
      findings.add(
          Finding.error(
              subject(),
              slot + " is a slot of logical replication, which an archiver cannot use",
              "-- choose another name"));
    } else if ("lost".equals(column("wal_status"))) {
      findings.add(
          Finding.error(
              subject(),
              slot + " is lost: the server has removed WAL that was not archived",
              "SELECT pg_drop_replication_slot("
                  + SqlText.literal(slot)
                  + "); -- the archiver creates it anew; take a full backup then"));
    }
  }

  private @Nullable String column(String column) throws SQLException {
    return catalog.value(
        "SELECT " + column + " FROM pg_catalog.pg_replication_slots WHERE slot_name = ?", slot);
  }
}
