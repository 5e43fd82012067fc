package dev.copperplate.backup.repository.run;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Large arrays that are used again: new ones have to be cleared, moved into the heap by the
 * operating system and collected, all of which costs more than much that is done with them.
 *
 * <p>Sizes are powers of two from {@link #LEAST} to {@link #MOST} bytes; smaller and larger arrays
 * are made and forgotten as asked for. What lies idle is bounded. An array that never comes back is
 * only collected; one that comes back while somebody still uses it corrupts what is stored, so
 * whoever gives one back is its only owner. Thread-safe.
 */
public final class Buffers {

  /** Up to here arrays are cheap to make: 64 KiB. */
  public static final int LEAST = 1 << 16;

  /** The largest that are kept: 8 MiB. */
  public static final int MOST = 8 << 20;

  private static final int LEAST_BITS = Integer.numberOfTrailingZeros(LEAST);
  private static final int CLASSES = Integer.numberOfTrailingZeros(MOST) - LEAST_BITS + 1;

  private final long mostIdle;
  private final List<Deque<byte[]>> idle = new ArrayList<>();
  private long idleBytes;

  /**
   * @param mostIdle how much may lie idle, in bytes
   */
  public Buffers(long mostIdle) {
    this.mostIdle = mostIdle;
    for (int i = 0; i < CLASSES; i++) {
      idle.add(new ArrayDeque<>());
    }
  }

  /** An array of at least that size, with anything in it. */
  public byte[] take(int size) {
    if (size < LEAST || size > MOST) {
      return new byte[size];
    }
    int order = order(size);
    synchronized (this) {
      byte[] used = idle.get(order).poll();
      if (used != null) {
        idleBytes -= used.length;
        return used;
      }
    }
    return new byte[LEAST << order];
  }

  /** Takes an array back from its only owner, who forgets it. */
  public synchronized void give(byte[] buffer) {
    if (buffer.length < LEAST || buffer.length > MOST || idleBytes + buffer.length > mostIdle) {
      return;
    }
    int order = order(buffer.length);
    if (buffer.length == LEAST << order) {
      idle.get(order).push(buffer);
      idleBytes += buffer.length;
    }
  }

  synchronized long idleBytes() {
    return idleBytes;
  }

  /** Of the smallest class that is large enough. */
  private static int order(int size) {
    return Integer.SIZE - Integer.numberOfLeadingZeros(size - 1) - LEAST_BITS;
  }
}
