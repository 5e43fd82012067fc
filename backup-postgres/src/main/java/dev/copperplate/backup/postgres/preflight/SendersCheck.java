package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;

/** Whether connections for replication are left. */
final class SendersCheck implements PreflightCheck {

  /** One that holds the log, one that carries the data. */
  private static final int CAPTURE = 2;

  private static final String ACTIVE =
      "SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots"
          + " WHERE slot_name = ? AND active";

  private final Catalog catalog;
  private final long used;
  private final Optional<String> slot;

  SendersCheck(Catalog catalog, long used, Optional<String> slot) {
    this.catalog = catalog;
    this.used = used;
    this.slot = slot;
  }

  @Override
  public String subject() {
    return "max_wal_senders";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    long most = catalog.number(subject());
    long needed = CAPTURE + archiver();
    if (most - used < needed) {
      findings.add(
          Finding.error(
              subject(),
              used + " of " + most + " are used, and " + needed + " are needed",
              Remedy.restarted(subject(), Long.toString(used + needed + CAPTURE))));
    }
  }

  private long archiver() throws SQLException {
    return slot.isPresent() ? 1 - catalog.count(ACTIVE, slot.get()) : 0;
  }
}
