package dev.copperplate.backup.target;

import java.security.SecureRandom;
import java.time.Duration;

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
        private final SecureRandom random = new SecureRandom();

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
          return random.nextDouble();
        }
      };
}
