package dev.copperplate.backup;

/**
 * A part of an object or file, half open.
 *
 * @param from the first byte, counted from 0
 * @param to the byte behind the last, {@link Long#MAX_VALUE} for the end
 */
public record ByteRange(long from, long to) {

  public static final ByteRange ALL = new ByteRange(0, Long.MAX_VALUE);

  public ByteRange {
    if (from < 0 || to < from) {
      throw new IllegalArgumentException("Not a range of bytes: " + from + " to " + to);
    }
  }

  /** Everything from a byte on. */
  public static ByteRange from(long from) {
    return new ByteRange(from, Long.MAX_VALUE);
  }

  /** How many bytes of something with that size lie in the range. */
  public long within(long size) {
    return Math.max(0, Math.min(to, size) - from);
  }
}
