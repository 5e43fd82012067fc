package dev.copperplate.backup.repository.run;

import java.io.InterruptedIOException;

/**
 * How many bytes of finished data may be in flight in one run. Fair enough: waiters are freed
 * whenever bytes come back. Thread-safe.
 */
public final class MemoryBudget {

  private final long limit;
  private long used;
  private boolean closed;

  public MemoryBudget(long limit) {
    this.limit = limit;
  }

  /**
   * Waits until the bytes fit. What is larger than the whole budget waits until nothing else is in
   * flight.
   *
   * @throws InterruptedIOException if the thread is interrupted, with its flag set, or the run ends
   */
  public synchronized void acquire(long bytes) throws InterruptedIOException {
    while (!closed && used > 0 && used + bytes > limit) {
      try {
        wait();
      } catch (InterruptedException cancelled) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("Interrupted while waiting for memory");
      }
    }
    if (closed) {
      throw new InterruptedIOException("The run has ended");
    }
    used += bytes;
  }

  /** Takes the bytes without waiting: for those who would otherwise wait for themselves. */
  public synchronized void charge(long bytes) {
    used += bytes;
  }

  /** Gives bytes back. */
  public synchronized void release(long bytes) {
    used -= bytes;
    notifyAll();
  }

  /** Frees all who wait, with an exception. */
  public synchronized void close() {
    closed = true;
    notifyAll();
  }

  synchronized long used() {
    return used;
  }
}
