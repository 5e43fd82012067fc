package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.sql.SQLException;
import java.util.List;

/** What is different where the server follows another one. */
final class StandbyCheck implements PreflightCheck {

  private final Catalog catalog;

  StandbyCheck(Catalog catalog) {
    this.catalog = catalog;
  }

  @Override
  public String subject() {
    return "standby";
  }

  @Override
  public void look(List<Finding> findings) throws SQLException {
    if (!catalog.holds("SELECT pg_catalog.pg_is_in_recovery()")) {
      return;
    }
    findings.add(
        Finding.info(
            subject(),
            "It is a standby: a backup holds what was replayed, and waits for the primary's next"
                + " checkpoint"));
    if (!catalog.text("SELECT pg_catalog.pg_get_wal_replay_pause_state()").equals("not paused")) {
      findings.add(
          Finding.warning(
              subject(),
              "Its replay is paused: backups hold ever older data",
              "SELECT pg_wal_replay_resume();"));
    }
    if (catalog.setting("hot_standby_feedback").equals("off")) {
      findings.add(
          new Finding(
              Finding.Severity.INFO,
              subject(),
              "hot_standby_feedback is off: backups are not touched by that, but long queries on it"
                  + " are cancelled",
              Remedy.reloaded("hot_standby_feedback", "on")));
    }
  }
}
