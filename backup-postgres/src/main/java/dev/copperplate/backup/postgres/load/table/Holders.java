package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.postgres.dump.LockHolders;
import java.sql.SQLException;
import java.util.List;

/** Names who holds a lock that did not come. */
final class Holders {

  private Holders() {}

  /** In words; ends the session's transaction. */
  static String of(LiveSession session, LiveTable table, boolean readers) {
    try {
      session.look();
      String found = LockHolders.of(session.connection(), List.of(table.oid()), readers);
      session.rollback();
      return found;
    } catch (SQLException unknown) {
      return "who holds it could not be asked";
    }
  }
}
