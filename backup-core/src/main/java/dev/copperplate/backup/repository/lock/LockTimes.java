package dev.copperplate.backup.repository.lock;

import java.time.Duration;

/**
 * How long locks take.
 *
 * @param settle how long a lock lies before it is looked whether it is alone; not shorter than the
 *     store may take to list it to others
 * @param renewal how often a lock is written anew while it is held
 */
public record LockTimes(Duration settle, Duration renewal) {

  /** 200 ms and five minutes, as restic does. */
  public static final LockTimes DEFAULT =
      new LockTimes(Duration.ofMillis(200), Duration.ofMinutes(5));

  public LockTimes {
    if (settle.isNegative() || renewal.isNegative() || renewal.isZero()) {
      throw new IllegalArgumentException("Locks take time: " + settle + ", " + renewal);
    }
  }
}
