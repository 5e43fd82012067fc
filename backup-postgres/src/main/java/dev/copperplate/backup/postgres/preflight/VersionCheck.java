package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import java.util.List;

/** Whether the server is new enough. */
final class VersionCheck implements PreflightCheck {

  static final int OLDEST = 150_000;
  static final int INCREMENTAL = 170_000;

  private final int version;

  VersionCheck(int version) {
    this.version = version;
  }

  @Override
  public String subject() {
    return "version";
  }

  @Override
  public void look(List<Finding> findings) {
    if (version < OLDEST) {
      findings.add(
          Finding.error(
              subject(),
              "PostgreSQL " + version / 10_000 + " is too old: 15 is the oldest",
              "-- pg_upgrade to 17 or newer, which also has incrementals"));
    }
  }
}
