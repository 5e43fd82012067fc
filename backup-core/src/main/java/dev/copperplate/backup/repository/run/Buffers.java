package dev.copperplate.backup.repository.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Large arrays that are used again: new ones have to be cleared, moved into the heap by the
 * operating system and collected, all of which costs more than much that is done with them.
 *
 * <p>Arrays have one of a few sizes, from {@link #LEAST} to {@link #MOST} bytes; smaller and larger
 * ones are made and forgotten as asked for. What lies idle is bounded. An array that never comes
 * back is only collected; one that comes back while somebody still uses it corrupts what is stored,
 * so whoever gives one back is its only owner. Thread-safe.
 */
public final class Buffers {

  /**
   * How much less than a power of two the sizes are: with its header such an array fills regions of
   * the garbage collector, and a full power of two would waste nearly one.
   */
  public static final int HEADER = 32;

  /** Up to here arrays are cheap to make. */
  public static final int LEAST = (64 << 10) - HEADER;

  /** The largest that are kept. */
  public static final int MOST = 8 << 20;

  private static final int SHARE_OF_HEAP = 16;

  private static final int[] SIZES = {
    LEAST,
    (128 << 10) - HEADER,
    (256 << 10) - HEADER,
    (512 << 10) - HEADER,
    (1 << 20) - HEADER,
    (2 << 20) - HEADER,
    (4 << 20) - HEADER,
    MOST
  };

  private final long mostIdle;
  private final List<Deque<byte[]>> idle = new ArrayList<>();
  private long idleBytes;

  /**
   * @param mostIdle how much may lie idle, in bytes; in a small heap less, a sixteenth of it
   */
  public Buffers(long mostIdle) {
    this.mostIdle = Math.min(mostIdle, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
    for (int i = 0; i < SIZES.length; i++) {
      idle.add(new ArrayDeque<>());
    }
  }

  /** An array of at least that size, with anything in it. */
  public byte[] take(int size) {
    if (size < LEAST || size > MOST) {
      return new byte[size];
    }
    int found = Arrays.binarySearch(SIZES, size);
    int order = found >= 0 ? found : -found - 1;
    synchronized (this) {
      byte[] used = idle.get(order).poll();
      if (used != null) {
        idleBytes -= used.length;
        return used;
      }
    }
    return new byte[SIZES[order]];
  }

  /** Takes an array back from its only owner, who forgets it. */
  public synchronized void give(byte[] buffer) {
    int order = Arrays.binarySearch(SIZES, buffer.length);
    if (order >= 0 && idleBytes + buffer.length <= mostIdle) {
      idle.get(order).push(buffer);
      idleBytes += buffer.length;
    }
  }

  synchronized long idleBytes() {
    return idleBytes;
  }
}
