package dev.copperplate.backup.postgres;

import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A position in the write-ahead log: the number of bytes that were written before it, without a
 * sign.
 *
 * @see <a href="https://www.postgresql.org/docs/17/datatype-pg-lsn.html">PostgreSQL, "pg_lsn
 *     Type"</a>
 */
public record Lsn(long position) implements Comparable<Lsn> {

  /** The position that is none. */
  public static final Lsn NONE = new Lsn(0);

  private static final Pattern TEXT = Pattern.compile("([0-9A-Fa-f]{1,8})/([0-9A-Fa-f]{1,8})");

  /**
   * Reads the server's form, such as {@code 16/B374D848}.
   *
   * @throws IllegalArgumentException if it is none
   */
  public static Lsn parse(String text) {
    Matcher halves = TEXT.matcher(text);
    if (!halves.matches()) {
      throw new IllegalArgumentException("Not a position in the WAL: '" + text + "'");
    }
    return new Lsn(Long.parseLong(halves.group(1), 16) << 32 | Long.parseLong(halves.group(2), 16));
  }

  public Lsn plus(long bytes) {
    return new Lsn(position + bytes);
  }

  /** How many bytes lie between the earlier position and this one. */
  public long minus(Lsn earlier) {
    return position - earlier.position;
  }

  public boolean isBefore(Lsn other) {
    return compareTo(other) < 0;
  }

  @Override
  public int compareTo(Lsn other) {
    return Long.compareUnsigned(position, other.position);
  }

  /** The server's form. */
  @Override
  public String toString() {
    return (Long.toHexString(position >>> 32) + "/" + Long.toHexString(position & 0xffff_ffffL))
        .toUpperCase(Locale.ROOT);
  }
}
