package dev.copperplate.backup.retention;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.time.ZoneOffset;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What counting periods means, and what counting time means, when backups have failed for long. */
class TenDayOutageTest {

  @Test
  void daysWithoutASnapshotAreNotCounted() {
    // @start region="outage"
    // A snapshot at every noon, but none from 6 to 15 November.
    History history = History.daily("2026-10-01", "2026-11-18", "2026-11-06", "2026-11-15");

    assertEquals(
        List.of(
            "2026-11-18",
            "2026-11-17",
            "2026-11-16", /* outage */
            "2026-11-05",
            "2026-11-04",
            "2026-11-03",
            "2026-11-02"),
        history.daysKept(RetentionPolicies.daily(7, ZoneOffset.UTC)));

    assertEquals(
        List.of("2026-11-18", "2026-11-17", "2026-11-16"),
        history.daysKept(RetentionPolicies.within(Duration.ofDays(7))));
    // @end
  }

  @Test
  void whileBackupsFailNothingGoes() {
    History before = History.daily("2026-10-01", "2026-11-05", "none", "none");
    assertEquals(
        List.of("2026-11-05", "2026-11-04", "2026-11-03"),
        before.daysKept(RetentionPolicies.within(Duration.ofDays(3))));
    assertEquals(
        List.of("2026-11-05", "2026-11-04", "2026-11-03"),
        before.daysKept(RetentionPolicies.daily(3, ZoneOffset.UTC)));
  }
}
