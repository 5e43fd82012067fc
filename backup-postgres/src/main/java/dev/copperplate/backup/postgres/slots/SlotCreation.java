package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.SlotHolder;
import dev.copperplate.backup.postgres.replication.Connections;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.stream.Collectors;

/** Creates slots, and says what keeps one from being created. */
final class SlotCreation {

  private static final String CANCELED = "57014";
  private static final String EXISTS = "42710";
  private static final String DENIED = "42501";
  private static final String TOO_MANY = "53400";
  private static final String NOT_IN_STATE = "55000";
  private static final String UNDEFINED_FILE = "58P01";

  private final Session session;
  private final Duration limit;

  /**
   * @param limit how long transactions are waited for
   */
  SlotCreation(Session session, Duration limit) {
    this.session = session;
    this.limit = limit;
  }

  /**
   * Creates it in the session's database.
   *
   * @return as it is now
   */
  Slot create(Slot slot) throws BackupException {
    try {
      session.limit(limit);
      session.rows(Statements.create(slot));
      return new Catalog(session)
          .slot(slot.name())
          .orElseThrow(
              () ->
                  new BackupException(
                      Kind.CONFLICT, "The slot " + slot.name() + " was dropped meanwhile"));
    } catch (SQLException e) {
      throw failure(slot, e);
    }
  }

  private BackupException failure(Slot slot, SQLException e) {
    String state = e.getSQLState() == null ? "" : e.getSQLState();
    String doing = "Creating the slot " + slot.name();
    return switch (state) {
      case CANCELED ->
          new BackupException(
              Kind.UNAVAILABLE,
              doing
                  + " took longer than "
                  + limit
                  + ": it waits until older transactions have ended. "
                  + holders());
      case EXISTS -> new BackupException(Kind.ALREADY_EXISTS, doing + " failed: it exists now");
      case DENIED ->
          new BackupException(
              Kind.DENIED, doing + " is not allowed: ALTER ROLE … REPLICATION for the role");
      case TOO_MANY ->
          new BackupException(
              Kind.FULL,
              doing
                  + " failed: no slot is free. Raise max_replication_slots and restart the server");
      case NOT_IN_STATE ->
          new BackupException(
              Kind.UNSUPPORTED,
              doing
                  + " is not possible as the server is set: ALTER SYSTEM SET wal_level = logical, and restart it");
      case UNDEFINED_FILE ->
          new BackupException(
              Kind.UNSUPPORTED,
              doing
                  + " failed: the server has no plug-in '"
                  + slot.plugin()
                  + "'. Install it there");
      default -> Connections.failure(doing, e);
    };
  }

  private String holders() {
    try {
      List<SlotHolder> holders = Holders.transactions(session);
      return holders.isEmpty()
          ? "None is left now: try again"
          : "Oldest first: "
              + holders.stream().map(SlotHolder::toString).collect(Collectors.joining("; "))
              + ". End the oldest, or wait, and try again";
    } catch (SQLException e) {
      return "Which ones could not be asked (" + e.getSQLState() + ")";
    }
  }
}
