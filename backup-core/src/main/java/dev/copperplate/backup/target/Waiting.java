package dev.copperplate.backup.target;

import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Time and chance, as far as repeating needs them; tests bring their own. */
interface Waiting {

  /** As {@link System#nanoTime}. */
  long nanoTime();

  void sleep(Duration pause) throws InterruptedException;

  /** Between 0 and 1. */
  double chance();

  /** The real ones. */
  Waiting REAL =
      new Waiting() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        public void sleep(Duration pause) throws InterruptedException {
          Thread.sleep(pause.toMillis());
        }

        @Override
        public double chance() {
          return ThreadLocalRandom.current().nextDouble();
        }
      };
}
