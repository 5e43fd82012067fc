package dev.copperplate.backup.postgres.archive;

import java.time.Duration;

/** Wakes the one that waits; rung before, it does not let it wait. */
final class Bell {

  private boolean rung;

  synchronized void ring() {
    rung = true;
    notifyAll();
  }

  /** Waits until it is rung, so long at most. */
  synchronized void await(Duration limit) throws InterruptedException {
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); !rung && left > 0; left = end - System.nanoTime()) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
    }
    rung = false;
  }
}
