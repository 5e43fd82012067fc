package dev.copperplate.backup.postgres.archive;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** How long to wait before the next attempt: growing, and by chance, so that many do not meet. */
final class Pauses {

  private static final long FIRST_MILLIS = 100;
  private static final long LONGEST_MILLIS = 30_000;

  private long next = FIRST_MILLIS;

  /** It has worked: the next pause is a short one again. */
  void reset() {
    next = FIRST_MILLIS;
  }

  Duration next() {
    long most = next;
    next = Math.min(2 * next, LONGEST_MILLIS);
    return Duration.ofMillis(ThreadLocalRandom.current().nextLong(most / 2, most + 1));
  }
}
