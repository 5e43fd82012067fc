package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Whether slots are left. */
final class SlotsCheck implements PreflightCheck {

  private static final String ALL =
      "SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots";

  /** For the others that will want one. */
  private static final int SPARE = 2;

  private final Catalog catalog;
  private final Optional<String> slot;

  SlotsCheck(Catalog catalog, Optional<String> slot) {
    this.catalog = catalog;
    this.slot = slot;
  }

  @Override
  public String subject() {
    return "max_replication_slots";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    long most = catalog.number(subject());
    long used = catalog.count(ALL);
    long needed = 1 + archiver(); // each capture holds the log by a slot of its own
    if (most - used < needed) {
      findings.add(
          Finding.error(
              subject(),
              used + " of " + most + " are used, and " + needed + " are needed",
              Remedy.restarted(subject(), Long.toString(used + needed + SPARE))));
    }
  }

  private long archiver() throws SQLException {
    return slot.isPresent() ? 1 - catalog.count(ALL + " WHERE slot_name = ?", slot.get()) : 0;
  }
}
