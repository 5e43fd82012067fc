package dev.copperplate.backup.postgres.wal;

import dev.copperplate.backup.postgres.Lsn;

/**
 * A stretch of WAL, half open.
 *
 * @param from its first byte
 * @param to the byte behind its last; not before {@code from}
 */
public record WalRange(Lsn from, Lsn to) {

  public WalRange {
    if (to.isBefore(from)) {
      throw new IllegalArgumentException("Not a range of WAL: " + from + " to " + to);
    }
  }

  public boolean isEmpty() {
    return from.equals(to);
  }

  /** How many bytes. */
  public long bytes() {
    return to.minus(from);
  }

  /** Both positions, as messages have them. */
  @Override
  public String toString() {
    return from + " to " + to;
  }
}
