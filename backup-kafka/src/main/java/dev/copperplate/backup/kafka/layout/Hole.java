package dev.copperplate.backup.kafka.layout;

/**
 * Offsets that the snapshot does not hold, or not as they were written.
 *
 * @param from the first of them
 * @param to the first behind them
 */
public record Hole(long from, long to, Reason reason) {

  /** Why they are missing. */
  public enum Reason {
    /** The broker had deleted them before they were read. */
    RETENTION,
    /** The broker sent bytes whose checksum is wrong; they are stored as they came. */
    CHECKSUM
  }

  public Hole {
    if (from < 0 || to <= from) {
      throw new IllegalArgumentException("No hole from " + from + " to " + to);
    }
  }
}
