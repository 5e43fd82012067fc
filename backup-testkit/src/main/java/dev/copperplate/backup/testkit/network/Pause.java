package dev.copperplate.backup.testkit.network;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** How connections wait. */
interface Pause {

  /** By the machine's clock. */
  Pause REAL =
      (duration, gone) -> {
        if (gone.await(duration.toNanos(), TimeUnit.NANOSECONDS)) {
          throw new InterruptedException("The connection has ended");
        }
      };

  /** Returns when the time is over, or throws as soon as the connection is gone. */
  void await(Duration duration, CountDownLatch gone) throws InterruptedException;
}
