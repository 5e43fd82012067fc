package dev.copperplate.backup.kafka.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.time.Duration;

/** When a drill has to be over. */
final class Deadline {

  private static final long PAUSE_MILLIS = 20;

  private final Duration limit;
  private final long end;

  Deadline(Duration limit) {
    this.limit = limit;
    this.end = System.nanoTime() + limit.toNanos();
  }

  /**
   * Looks whether there is time left.
   *
   * @throws BackupException {@code UNAVAILABLE} if there is none
   */
  void check(String doing) throws BackupException {
    if (System.nanoTime() - end > 0) {
      throw new BackupException(
          Kind.UNAVAILABLE,
          "The drill was not over within "
              + limit
              + ", and was ended while "
              + doing
              + ". Allow it more time, or choose fewer topics");
    }
  }

  /** Waits a little, if there is time left. */
  void pause(String doing) throws BackupException, InterruptedException {
    check(doing);
    Thread.sleep(PAUSE_MILLIS);
  }
}
