package dev.copperplate.backup.repository.run;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import org.jspecify.annotations.Nullable;

/**
 * Large arrays that are used again: new ones have to be cleared, moved into the heap by the
 * operating system and collected, all of which costs more than much that is done with them.
 *
 * <p>Arrays have one of a few sizes, from {@link #LEAST} to {@link #MOST} bytes; smaller and larger
 * ones are made and forgotten as asked for. What lies idle is bounded, and what nobody asks for
 * makes room for what comes back: a few large arrays would otherwise lie in the place of all
 * others. An array that never comes back is only collected; one that comes back while somebody
 * still uses it corrupts what is stored, so whoever gives one back is its only owner. Thread-safe.
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
  // Which came back last is the first.
  private final Deque<byte[]> idle = new ArrayDeque<>();
  private long idleBytes;

  /**
   * @param mostIdle how much may lie idle, in bytes; in a small heap less, a sixteenth of it
   */
  public Buffers(long mostIdle) {
    this.mostIdle = Math.min(mostIdle, Runtime.getRuntime().maxMemory() / SHARE_OF_HEAP);
  }

  /** An array of at least that size, with anything in it. */
  public byte[] take(int size) {
    if (size < LEAST || size > MOST) {
      return new byte[size];
    }
    int found = Arrays.binarySearch(SIZES, size);
    int length = SIZES[found >= 0 ? found : -found - 1];
    byte[] used = idle(length);
    return used != null ? used : new byte[length];
  }

  private synchronized byte @Nullable [] idle(int length) {
    for (Iterator<byte[]> each = idle.iterator(); each.hasNext(); ) {
      byte[] buffer = each.next();
      if (buffer.length == length) {
        each.remove();
        idleBytes -= length;
        return buffer;
      }
    }
    return null;
  }

  /** Takes an array back from its only owner, who forgets it. */
  public synchronized void give(byte[] buffer) {
    if (Arrays.binarySearch(SIZES, buffer.length) >= 0) {
      idle.addFirst(buffer);
      idleBytes += buffer.length;
      while (idleBytes > mostIdle) {
        idleBytes -= idle.removeLast().length;
      }
    }
  }

  synchronized long idleBytes() {
    return idleBytes;
  }
}
