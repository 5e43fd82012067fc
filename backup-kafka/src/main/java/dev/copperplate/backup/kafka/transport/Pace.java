package dev.copperplate.backup.kafka.transport;

import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/** Keeps all who read or write together below a rate. Thread-safe. */
public final class Pace {

  private final long bytesPerSecond;
  private final LongSupplier nanoTime;
  private long free;

  /**
   * @param bytesPerSecond 0 for as fast as they can
   * @param nanoTime as {@link System#nanoTime}
   */
  public Pace(long bytesPerSecond, LongSupplier nanoTime) {
    this.bytesPerSecond = bytesPerSecond;
    this.nanoTime = nanoTime;
    free = nanoTime.getAsLong();
  }

  /** Waits until what was moved so far fits the rate, and counts these bytes. */
  public void read(long bytes) throws InterruptedException {
    if (bytesPerSecond > 0) {
      TimeUnit.NANOSECONDS.sleep(delay(bytes));
    }
  }

  /** How long to wait. What was not used is not saved up. */
  synchronized long delay(long bytes) {
    long now = nanoTime.getAsLong();
    long delay = Math.max(0, free - now);
    free = now + delay + (long) (1e9 * bytes / bytesPerSecond);
    return delay;
  }
}
