package dev.copperplate.backup.postgres;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.temporal.ChronoUnit;

/**
 * How far recovery goes. Made by the methods of this interface.
 *
 * @see <a
 *     href="https://www.postgresql.org/docs/17/runtime-config-wal.html#RUNTIME-CONFIG-WAL-RECOVERY-TARGET">PostgreSQL,
 *     "Recovery Target"</a>
 */
public sealed interface RecoveryTarget {

  /** Everything that is stored. */
  static RecoveryTarget latest() {
    return new Latest();
  }

  /** The end of the base: the first moment at which it is consistent. */
  static RecoveryTarget immediate() {
    return new Immediate();
  }

  /**
   * A point in time: what was committed by then is there. The server compares the times of commits,
   * of its own clock and in microseconds; finer parts are cut off. If nothing was committed after
   * the point, the server refuses to end recovery there ("recovery ended before configured recovery
   * target was reached"), and {@link #latest} gives the same state.
   */
  static Time time(Instant instant) {
    return new Time(instant, true);
  }

  /** A position in the WAL: what was written up to the record there, that one included. */
  static Position lsn(Lsn position) {
    return new Position(position, true);
  }

  /** The end of a transaction, which is there. Later ones that ended before it are there too. */
  static Transaction transaction(long id) {
    return new Transaction(id, true);
  }

  /** A point that {@code pg_create_restore_point} made, the last one of that name. */
  static RecoveryTarget restorePoint(String name) {
    return new RestorePoint(name);
  }

  /** See {@link RecoveryTarget#latest}. */
  record Latest() implements RecoveryTarget {
    @Override
    public String toString() {
      return "the end of the WAL";
    }
  }

  /** See {@link RecoveryTarget#immediate}. */
  record Immediate() implements RecoveryTarget {
    @Override
    public String toString() {
      return "the end of the base";
    }
  }

  /**
   * See {@link RecoveryTarget#time}.
   *
   * @param instant in microseconds, of the years 1 to 9999
   * @param inclusive whether what was committed at that very microsecond is there
   */
  record Time(Instant instant, boolean inclusive) implements RecoveryTarget {
    private static final Instant FIRST = Instant.parse("0001-01-01T00:00:00Z");
    private static final Instant LAST = Instant.parse("9999-12-31T23:59:59.999999Z");

    public Time {
      if (instant.isBefore(FIRST) || instant.isAfter(LAST)) {
        throw new IllegalArgumentException("Not a time to recover to: " + instant);
      }
      instant = instant.truncatedTo(ChronoUnit.MICROS);
    }

    /** Without what was committed at that very microsecond. */
    public Time exclusive() {
      return new Time(instant, false);
    }

    @Override
    public String toString() {
      return (inclusive ? "the time " : "before the time ") + instant;
    }
  }

  /**
   * See {@link RecoveryTarget#lsn}.
   *
   * @param lsn where a record begins
   * @param inclusive whether that record is there
   */
  record Position(Lsn lsn, boolean inclusive) implements RecoveryTarget {

    /** Without the record that begins there. */
    public Position exclusive() {
      return new Position(lsn, false);
    }

    @Override
    public String toString() {
      return (inclusive ? "the position " : "before the position ") + lsn;
    }
  }

  /**
   * See {@link RecoveryTarget#transaction}.
   *
   * @param id as {@code pg_current_xact_id} gives it
   * @param inclusive whether it is there
   */
  record Transaction(long id, boolean inclusive) implements RecoveryTarget {
    public Transaction {
      if (id <= 0) {
        throw new IllegalArgumentException("Not a transaction: " + id);
      }
    }

    /** Without the transaction itself. */
    public Transaction exclusive() {
      return new Transaction(id, false);
    }

    @Override
    public String toString() {
      return (inclusive ? "transaction " : "before transaction ") + id;
    }
  }

  /**
   * See {@link RecoveryTarget#restorePoint}.
   *
   * @param name at most 63 bytes
   */
  record RestorePoint(String name) implements RecoveryTarget {
    private static final int LONGEST = 63;

    public RestorePoint {
      boolean control = name.chars().anyMatch(Character::isISOControl);
      int length = name.getBytes(StandardCharsets.UTF_8).length;
      if (length == 0 || length > LONGEST || control) {
        throw new IllegalArgumentException("Not the name of a restore point: '" + name + "'");
      }
    }

    @Override
    public String toString() {
      return "the restore point " + name;
    }
  }
}
