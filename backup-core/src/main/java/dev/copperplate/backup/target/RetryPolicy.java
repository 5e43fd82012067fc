package dev.copperplate.backup.target;

import java.time.Duration;

/**
 * How often and how long a failed call is repeated.
 *
 * <p>The pause before the n-th repetition is twice the one before it, from {@code firstPause} up to
 * {@code longestPause}, of which between half and all is waited, by chance, so that many clients do
 * not come back at the same moment. Where the store says how long it wants to be left alone, that
 * is waited too, if it is more.
 *
 * @param attempts how often a call is tried at most, the first time included
 * @param firstPause before the first repetition
 * @param longestPause before any repetition
 * @param longestTime from the first failure of a call to its last repetition
 */
public record RetryPolicy(
    int attempts, Duration firstPause, Duration longestPause, Duration longestTime) {

  /** A day: above it a pause is a mistake, and its nanoseconds stay far from overflowing. */
  private static final Duration LIMIT = Duration.ofDays(1);

  /** Ten attempts within five minutes: outlives a restart of the store. */
  public static final RetryPolicy DEFAULT =
      new RetryPolicy(10, Duration.ofMillis(250), Duration.ofSeconds(30), Duration.ofMinutes(5));

  public RetryPolicy {
    if (attempts < 1) {
      throw new IllegalArgumentException("Less than one attempt: " + attempts);
    }
    if (firstPause.isNegative()
        || longestPause.compareTo(firstPause) < 0
        || longestPause.compareTo(LIMIT) > 0) {
      throw new IllegalArgumentException(
          "Not a first and a longest pause of at most a day: " + firstPause + ", " + longestPause);
    }
    if (longestTime.isNegative() || longestTime.compareTo(LIMIT) > 0) {
      throw new IllegalArgumentException("Not a time of at most a day: " + longestTime);
    }
  }

  /**
   * How long to wait after so many failures.
   *
   * @param chance from 0 to 1
   */
  Duration pause(int failures, double chance) {
    double doubled = (double) firstPause.toNanos() * Math.pow(2, Math.min(failures - 1, 60));
    double whole = Math.min(doubled, (double) longestPause.toNanos());
    return Duration.ofNanos((long) (whole * (0.5 + 0.5 * chance)));
  }
}
