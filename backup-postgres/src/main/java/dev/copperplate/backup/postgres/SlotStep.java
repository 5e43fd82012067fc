package dev.copperplate.backup.postgres;

/**
 * One thing that can be done for a slot. Its SQL does nothing if the slot is no longer as it was
 * when it was looked at, also when a person runs it.
 *
 * @param name by which it is confirmed, such as {@code advance orders to 0/15D5B38}
 * @param database in which its SQL runs; empty if any will do
 * @param sql a query that gives a row if it did something; empty for what only people can do
 * @param effect what it does, and what is lost by it
 * @param position of the consumer when the slot was looked at
 */
public record SlotStep(
    Kind kind, String slot, String name, String database, String sql, String effect, Lsn position) {

  /** What it does. */
  public enum Kind {
    /** Ends a transaction by ending its session: what it wrote is rolled back. */
    END_TRANSACTION,
    /** Ends the connection of the consumer, which loses nothing and connects again. */
    DISCONNECT,
    /** Starts the consumer again, which people do. */
    RESUME,
    /** Passes over what the consumer has not taken. */
    ADVANCE,
    /** Removes the slot. */
    DROP,
    /** Creates it again, beginning now. */
    CREATE
  }

  /** Whether changes never reach the consumer, or a transaction is lost, when it is carried out. */
  public boolean isDestructive() {
    return kind != Kind.DISCONNECT && kind != Kind.RESUME;
  }

  @Override
  public String toString() {
    return name + ": " + effect;
  }
}
