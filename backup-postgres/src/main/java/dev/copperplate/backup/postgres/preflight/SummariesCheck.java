package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;

/** Whether the server knows what changed since the backup before. */
final class SummariesCheck implements PreflightCheck {

  private static final String KEEP = "wal_summary_keep_time";

  private final Catalog catalog;
  private final int version;
  private final Duration between;

  SummariesCheck(Catalog catalog, int version, Duration between) {
    this.catalog = catalog;
    this.version = version;
    this.between = between;
  }

  @Override
  public String subject() {
    return "summarize_wal";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    if (version < VersionCheck.INCREMENTAL) {
      findings.add(
          Finding.warning(
              subject(),
              "PostgreSQL "
                  + version / 10_000
                  + " has no incrementals: each backup of the chain is a full",
              "-- pg_upgrade to 17 or newer"));
    } else if (catalog.setting(subject()).equals("off")) {
      findings.add(
          Finding.warning(
              subject(),
              "It is off: each backup of the chain is a full",
              Remedy.reloaded(subject(), "on")));
    } else {
      keepsEnough(findings);
    }
  }

  private void keepsEnough(List<Finding> findings) throws SQLException {
    Duration kept = Duration.ofMinutes(catalog.number(KEEP));
    Duration wanted = between.multipliedBy(2); // a backup may fail once
    if (!kept.isZero() && kept.compareTo(wanted) < 0) {
      findings.add(
          Finding.warning(
              subject(),
              "Summaries are kept for "
                  + kept.toMinutes()
                  + " minutes: a backup that is missed once ends the chain",
              Remedy.reloaded(KEEP, wanted.toMinutes() + 1 + "min")));
    }
  }
}
