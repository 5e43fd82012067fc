package dev.copperplate.backup.postgres.wal;

import dev.copperplate.backup.postgres.Lsn;
import java.util.Locale;

/**
 * One file of the WAL.
 *
 * @param timeline the history that wrote it, from 1
 * @param number counted from the beginning of the WAL
 * @param size how long it is
 */
public record WalSegment(int timeline, long number, SegmentSize size) {

  /** What the name of a segment ends in that is not full yet, with {@code pg_receivewal} too. */
  public static final String PARTIAL = ".partial";

  public WalSegment {
    if (timeline <= 0) {
      throw new IllegalArgumentException("Timelines begin with 1: " + timeline);
    }
    if (!size.isNumber(number)) {
      throw new IllegalArgumentException("No segment has the number " + number);
    }
  }

  /** The server's name for it. */
  public String name() {
    long half = size.perHalf();
    return String.format(Locale.ROOT, "%08X%08X%08X", timeline, number / half, number % half);
  }

  /** Its name while it is not full. */
  public String partialName() {
    return name() + PARTIAL;
  }

  /** Where its first byte belongs. */
  public Lsn start() {
    return new Lsn(number * size.bytes());
  }

  /** Where its successor begins. */
  public Lsn end() {
    return start().plus(size.bytes());
  }

  /** Whether the byte at the position belongs into it. */
  public boolean contains(Lsn position) {
    return !position.isBefore(start()) && position.isBefore(end());
  }

  /**
   * Where in the file the byte at the position lies.
   *
   * @throws IllegalArgumentException if it is in another segment
   */
  public long offset(Lsn position) {
    if (!contains(position)) {
      throw new IllegalArgumentException(position + " is not in segment " + name());
    }
    return position.minus(start());
  }

  /** The one behind it, on the same timeline. */
  public WalSegment next() {
    return new WalSegment(timeline, number + 1, size);
  }

  /** The file with the same positions of another timeline. */
  public WalSegment on(int other) {
    return new WalSegment(other, number, size);
  }

  @Override
  public String toString() {
    return name();
  }
}
