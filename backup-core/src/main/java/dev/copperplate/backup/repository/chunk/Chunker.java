package dev.copperplate.backup.repository.chunk;

import java.util.Locale;

/**
 * Finds where one stream of content is cut into chunks: at the borders that restic finds with the
 * same polynomial, whatever the sizes in which the content arrives.
 *
 * <p>The caller collects the current chunk in a buffer of its own and asks after each append:
 *
 * <pre>{@code
 * int border;
 * while ((border = chunker.scan(buffer, length)) != -1) {
 *   store(buffer, border); // buffer[0..border) is a chunk
 *   length -= border;
 *   System.arraycopy(buffer, border, buffer, 0, length); // the next one begins
 * }
 * }</pre>
 *
 * <p>When the content ends, what is left in the buffer is the last chunk, of any size; nothing left
 * is no chunk, and empty content has none at all. {@link #reset()} then makes the chunker ready for
 * other content.
 *
 * <p><b>Sizes.</b> A chunk that ends at a border has {@link #MIN_SIZE} to {@link #MAX_SIZE} bytes;
 * random content averages about 1.5 MiB. A buffer of {@code MAX_SIZE} is always enough: full, it
 * holds a border.
 *
 * <p><b>Cost.</b> The first 512 KiB of a chunk, less 65 bytes, are never looked at. After that each
 * byte is digested once, and the few KiB before a border twice. Appends of 8 KiB and more go
 * through a loop of about twice the speed of that for smaller ones. A chunker is three fields and
 * keeps no content and no reference to the buffer, which may be another one in every call.
 *
 * <p><b>Threading.</b> A chunker is for one thread at a time. Chunkers of one polynomial share its
 * tables and nothing else.
 *
 * <p><b>Format.</b> <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic's
 * reference</a>, "Backups and Deduplication": a chunk ends after the first byte with which it has
 * at least the minimum size and the Rabin fingerprint of its last 64 bytes ends in 20 zero bits, or
 * with which it has the maximum size.
 */
public final class Chunker {
  /** The least number of bytes before a border: 512 KiB. Only the last chunk may be shorter. */
  public static final int MIN_SIZE = 512 << 10;

  /** The greatest number of bytes in a chunk: 8 MiB. */
  public static final int MAX_SIZE = 8 << 20;

  private static final int NO_BORDER = -1;
  private static final long BORDER_MASK = (1L << 20) - 1;

  // Short enough that the four lanes fit into an append of 8 KiB, long enough that starting them
  // costs little.
  private static final int LANE = 2 << 10;

  private final ChunkerTables tables;

  // No border lies in the first `scanned` bytes of the chunk; `digest` is that of the window before
  // them. 0 until the chunk has its minimum size.
  private int scanned;
  private long digest;

  /** Makes a chunker that stands at the beginning of its content. Cheap: one for each file. */
  public Chunker(Polynomial polynomial) {
    this.tables = polynomial.tables();
  }

  /**
   * Returns the size of the chunk at the beginning of {@code chunk}, or -1 if it needs more bytes.
   *
   * <p>A returned size ends the chunk. The bytes behind it begin the next one: move them to the
   * front of a buffer and call again, since they may hold another border. After -1, call again when
   * more bytes stand behind those given now, which must not change meanwhile.
   *
   * @param chunk the bytes of the current chunk from its first byte on; read, never kept
   * @param length how many bytes of {@code chunk} are content so far
   * @throws IllegalArgumentException if {@code length} is negative, beyond the end of {@code
   *     chunk}, or takes back bytes of the current chunk that were scanned before
   */
  public int scan(byte[] chunk, int length) {
    requirePlausible(chunk, length);
    if (length < MIN_SIZE) {
      return NO_BORDER;
    }
    if (scanned == 0) {
      skipToFirstCandidate(chunk);
    }
    int border = nextBorder(chunk, Math.min(length, MAX_SIZE));
    if (border != NO_BORDER) {
      reset();
    }
    return border;
  }

  /** Forgets the current chunk: the next call of {@link #scan} begins other content. */
  public void reset() {
    scanned = 0;
    digest = 0;
  }

  private void requirePlausible(byte[] chunk, int length) {
    if (length < scanned || length > chunk.length) {
      throw new IllegalArgumentException(
          String.format(
              Locale.ROOT,
              "Chunk length %d: expected %d (scanned before) to %d (size of the buffer)",
              length,
              scanned,
              chunk.length));
    }
  }

  // restic slides a byte 1 into an empty window here. It has left the window again when the chunk
  // reaches its minimum size, so that the digest is of the chunk's own bytes at every candidate.
  private void skipToFirstCandidate(byte[] chunk) {
    scanned = MIN_SIZE - 1;
    digest = tables.digest(chunk, scanned);
  }

  private int nextBorder(byte[] chunk, int end) {
    while (end - scanned >= 4 * LANE && fourLanesPass(chunk)) {
      scanned += 4 * LANE;
    }
    return scanByteByByte(chunk, end);
  }

  /**
   * Returns whether the next four lanes hold no border, and leaves the digest at their end; if they
   * hold one, changes nothing. A digest waits for the one before it, so a processor has time for
   * four independent ones. The lanes behind the first can start on their own because a window of
   * bytes is all that a digest depends on.
   */
  private boolean fourLanesPass(byte[] chunk) {
    ChunkerTables t = tables;
    int start = scanned;
    long first = digest;
    long second = t.digest(chunk, start + LANE);
    long third = t.digest(chunk, start + 2 * LANE);
    long fourth = t.digest(chunk, start + 3 * LANE);
    for (int i = start; i < start + LANE; i++) {
      first = t.slide(first, chunk, i);
      second = t.slide(second, chunk, i + LANE);
      third = t.slide(third, chunk, i + 2 * LANE);
      fourth = t.slide(fourth, chunk, i + 3 * LANE);
      if (isBorder(first) || isBorder(second) || isBorder(third) || isBorder(fourth)) {
        return false;
      }
    }
    digest = fourth;
    return true;
  }

  private int scanByteByByte(byte[] chunk, int end) {
    long rolling = digest;
    for (int i = scanned; i < end; i++) {
      rolling = tables.slide(rolling, chunk, i);
      if (isBorder(rolling)) {
        return i + 1;
      }
    }
    digest = rolling;
    scanned = end;
    return end == MAX_SIZE ? MAX_SIZE : NO_BORDER;
  }

  private static boolean isBorder(long digest) {
    return (digest & BORDER_MASK) == 0;
  }
}
