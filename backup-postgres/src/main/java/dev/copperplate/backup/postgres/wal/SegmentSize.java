package dev.copperplate.backup.postgres.wal;

import dev.copperplate.backup.postgres.Lsn;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a cluster cuts its WAL into files. Chosen once, by {@code initdb --wal-segsize}.
 *
 * @param bytes a power of two, from 1 MiB to 1 GiB
 * @see <a href="https://www.postgresql.org/docs/17/app-initdb.html">PostgreSQL, "initdb"</a>
 */
public record SegmentSize(long bytes) {

  /** What a cluster has unless somebody chose: 16 MiB. */
  public static final SegmentSize DEFAULT = new SegmentSize(16 << 20);

  private static final long SMALLEST = 1 << 20;
  private static final long LARGEST = 1 << 30;
  private static final Pattern NAME = Pattern.compile("([0-9A-F]{8})([0-9A-F]{8})([0-9A-F]{8})");

  public SegmentSize {
    if (bytes < SMALLEST || bytes > LARGEST || Long.bitCount(bytes) != 1) {
      throw new IllegalArgumentException("Not a size of WAL segments: " + bytes);
    }
  }

  /** The segment that holds the byte at the position. */
  public WalSegment holding(int timeline, Lsn position) {
    return new WalSegment(timeline, Long.divideUnsigned(position.position(), bytes), this);
  }

  /** Whether it can be the name of a segment in clusters of this size. */
  public boolean isName(String text) {
    Matcher parts = NAME.matcher(text);
    return parts.matches() && isTimeline(parts.group(1)) && isNumber(number(parts));
  }

  /**
   * Reads a name of 24 upper-case hexadecimal digits, as the server gives it.
   *
   * @throws IllegalArgumentException if it is none, or none in clusters of this size
   */
  public WalSegment segment(String name) {
    Matcher parts = NAME.matcher(name);
    if (!parts.matches() || !isTimeline(parts.group(1)) || !isNumber(number(parts))) {
      throw new IllegalArgumentException(
          "Not the name of a WAL segment of " + bytes + " bytes: '" + name + "'");
    }
    return new WalSegment(Integer.parseInt(parts.group(1), 16), number(parts), this);
  }

  /** How many segments have the same upper half of the position. */
  long perHalf() {
    return (1L << 32) / bytes;
  }

  /** The last of all has no end that is a position; no server writes it. */
  boolean isNumber(long number) {
    return number >= 0 && number < Long.divideUnsigned(-1L, bytes);
  }

  private static boolean isTimeline(String digits) {
    long timeline = Long.parseLong(digits, 16);
    return timeline > 0 && timeline <= Integer.MAX_VALUE;
  }

  private long number(Matcher parts) {
    long low = Long.parseLong(parts.group(3), 16);
    return low < perHalf() ? Long.parseLong(parts.group(2), 16) * perHalf() + low : -1;
  }
}
