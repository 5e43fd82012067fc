package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.postgres.sql.SqlText;

/**
 * Remedies of findings: scripts that {@code psql} runs as they are, for a superuser. What SQL
 * cannot do stands in a comment at the end of a line.
 */
final class Remedy {

  private static final String RELOAD = "SELECT pg_reload_conf();";

  private Remedy() {}

  /** Sets what a reload is enough for. */
  static String reloaded(String setting, String value) {
    return set(setting, value) + " " + RELOAD;
  }

  /** Sets what only a start looks at. */
  static String restarted(String setting, String value) {
    return set(setting, value) + " -- and restart the server";
  }

  /** Lets somebody in. */
  static String admitted(String database, String user, String client, boolean encrypted) {
    return "-- pg_hba.conf: "
        + (encrypted ? "hostssl " : "host ")
        + (database.equals("replication") ? database : SqlText.name(database))
        + " "
        + SqlText.name(user)
        + " "
        + client
        + " scram-sha-256\n"
        + RELOAD;
  }

  private static String set(String setting, String value) {
    return "ALTER SYSTEM SET " + setting + " = '" + value + "';";
  }
}
