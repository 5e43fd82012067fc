package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** What a slot may do to the primary, and how long it lives. */
final class SlotLimitCheck implements PreflightCheck {

  /** Of 18. In earlier versions nothing. */
  private static final String IDLE = "idle_replication_slot_timeout";

  private final Catalog catalog;
  private final Optional<String> slot;

  SlotLimitCheck(Catalog catalog, Optional<String> slot) {
    this.catalog = catalog;
    this.slot = slot;
  }

  @Override
  public String subject() {
    return "max_slot_wal_keep_size";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    if (catalog.number(subject()) < 0) {
      findings.add(
          Finding.warning(
              subject(),
              "It is without a limit: a slot that nobody reads from keeps WAL until the disk of the"
                  + " primary is full and the primary stops",
              Remedy.reloaded(subject(), "20GB")
                  + " -- or another part of what pg_wal's disk has free"));
    }
    String idle = catalog.setting(IDLE);
    if (slot.isPresent() && !idle.isEmpty() && !idle.equals("0")) {
      findings.add(
          Finding.warning(
              subject(),
              "An archiver that rests for " + idle + " loses its slot, and a full backup is due",
              Remedy.reloaded(IDLE, "0")));
    }
  }
}
