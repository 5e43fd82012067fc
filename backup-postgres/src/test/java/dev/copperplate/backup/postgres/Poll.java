package dev.copperplate.backup.postgres;

import java.time.Duration;
import java.util.concurrent.Callable;

/** Waits for what only a server knows. */
final class Poll {

  private static final Duration PATIENCE = Duration.ofSeconds(30);

  private Poll() {}

  static void until(Callable<Boolean> condition) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!condition.call()) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException("Not within " + PATIENCE);
      }
      Thread.sleep(20);
    }
  }
}
