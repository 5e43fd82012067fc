package dev.copperplate.backup.s3;

import java.time.Duration;
import java.util.concurrent.TimeUnit;

/**
 * How many requests a second are made, by all threads together. Requests are spread evenly; a time
 * without any saves up nothing. Thread-safe.
 */
final class RequestRate {

  private final long nanosBetween;
  private long next = System.nanoTime();

  /**
   * @param perSecond 0 for no limit
   */
  RequestRate(int perSecond) {
    this.nanosBetween = perSecond == 0 ? 0 : Duration.ofSeconds(1).toNanos() / perSecond;
  }

  /** Waits for the turn of one request; who was interrupted already does not get one. */
  void await() throws InterruptedException {
    TimeUnit.NANOSECONDS.sleep(reserve(System.nanoTime()));
    if (Thread.interrupted()) {
      throw new InterruptedException("Interrupted before a request");
    }
  }

  /** Takes the next turn and tells how many nanoseconds it is away. */
  synchronized long reserve(long now) {
    long turn = now - next > 0 ? now : next;
    next = turn + nanosBetween;
    return turn - now;
  }
}
