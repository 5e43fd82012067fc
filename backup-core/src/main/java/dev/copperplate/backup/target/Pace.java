package dev.copperplate.backup.target;

import java.util.concurrent.locks.Condition;

/** Time as far as a {@link Bandwidth} needs it; tests bring their own. */
interface Pace {

  /** As {@link System#nanoTime}. */
  long nanoTime();

  /** Waits for the signal, at most so long; may end early. The condition's lock is held. */
  void await(Condition signal, long nanos) throws InterruptedException;

  /** The real one. */
  Pace REAL =
      new Pace() {
        @Override
        public long nanoTime() {
          return System.nanoTime();
        }

        @Override
        @SuppressWarnings("WaitNotInLoop") // The caller looks again.
        public void await(Condition signal, long nanos) throws InterruptedException {
          var unused = signal.awaitNanos(nanos);
        }
      };
}
