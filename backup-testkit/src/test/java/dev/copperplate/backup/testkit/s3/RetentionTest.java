package dev.copperplate.backup.testkit.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What a retention may become, at noon of day 0, until day 10. */
class RetentionTest {

  private static final Instant NOON = Instant.parse("2026-11-26T12:00:00Z");

  private static Retention until(RetentionMode mode, int day) {
    return new Retention(mode, NOON.plusSeconds(86_400L * day));
  }

  @ParameterizedTest
  @CsvSource({
    "COMPLIANCE, COMPLIANCE, 10, false, true",
    "COMPLIANCE, COMPLIANCE, 11, false, true",
    "COMPLIANCE, COMPLIANCE, 9, true, false",
    "COMPLIANCE, GOVERNANCE, 11, true, false",
    "GOVERNANCE, GOVERNANCE, 11, false, true",
    "GOVERNANCE, GOVERNANCE, 9, false, false",
    "GOVERNANCE, GOVERNANCE, 9, true, true",
    "GOVERNANCE, COMPLIANCE, 10, false, true",
    "GOVERNANCE, COMPLIANCE, 9, false, false"
  })
  void itBecomesStrongerAndNeverWeakerByItself(
      RetentionMode from, RetentionMode to, int day, boolean bypass, boolean allowed) {
    assertEquals(allowed, until(from, 10).mayBecome(until(to, day), NOON, bypass));
  }

  @ParameterizedTest
  @CsvSource({"COMPLIANCE", "GOVERNANCE"})
  void onceItIsOverItMayBecomeAnything(RetentionMode mode) {
    Instant later = NOON.plusSeconds(86_400L * 10);
    assertTrue(until(mode, 10).mayBecome(until(RetentionMode.GOVERNANCE, 1), later, false));
  }
}
