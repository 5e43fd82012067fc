package dev.copperplate.backup.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.DoubleRange;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class RetryPolicyTest {

  @Property
  void aPauseIsBetweenHalfAndAllOfTheDoubledPauseAndNeverAboveTheLongest(
      @ForAll @IntRange(min = 1, max = 10_000) int failures,
      @ForAll @DoubleRange(min = 0, max = 1) double chance,
      @ForAll @LongRange(min = 0, max = 3_600_000) long first,
      @ForAll @LongRange(min = 0, max = 3_600_000) long more) {
    RetryPolicy policy =
        new RetryPolicy(
            3, Duration.ofMillis(first), Duration.ofMillis(first + more), Duration.ofHours(1));
    double whole =
        Math.min((double) first * Math.pow(2, Math.min(failures - 1, 60)), (double) (first + more));
    double pause = (double) policy.pause(failures, chance).toMillis();
    assertTrue(pause <= whole && pause >= Math.floor(whole / 2) - 1, () -> pause + " of " + whole);
  }

  @Test
  void theDefaultOutlivesARestart() {
    assertEquals(Duration.ofMillis(250), RetryPolicy.DEFAULT.pause(1, 1));
    assertEquals(Duration.ofSeconds(30), RetryPolicy.DEFAULT.pause(9, 1));
  }

  @Test
  void nonsenseIsRefused() {
    Duration second = Duration.ofSeconds(1);
    Duration week = Duration.ofDays(7);
    assertRefused(0, second, second, second);
    assertRefused(1, second.negated(), second, second);
    assertRefused(1, second, Duration.ZERO, second);
    assertRefused(1, second, week, second);
    assertRefused(1, second, second, second.negated());
    assertRefused(1, second, second, week);
  }

  private static void assertRefused(
      int attempts, Duration firstPause, Duration longestPause, Duration longestTime) {
    assertThrows(
        IllegalArgumentException.class,
        () -> new RetryPolicy(attempts, firstPause, longestPause, longestTime));
  }
}
