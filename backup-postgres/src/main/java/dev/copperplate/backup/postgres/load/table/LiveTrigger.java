package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.sql.SqlText;

/**
 * A trigger that would fire.
 *
 * @param when as in {@code pg_trigger.tgenabled}
 */
record LiveTrigger(TableName table, String name, char when) {

  String disable() {
    return alter("DISABLE");
  }

  /** Enables it as it was. */
  String enable() {
    return alter(when == 'A' ? "ENABLE ALWAYS" : when == 'R' ? "ENABLE REPLICA" : "ENABLE");
  }

  private String alter(String how) {
    return "ALTER TABLE ONLY " + table.sql() + " " + how + " TRIGGER " + SqlText.name(name);
  }

  @Override
  public String toString() {
    return SqlText.name(name) + " on " + table;
  }
}
