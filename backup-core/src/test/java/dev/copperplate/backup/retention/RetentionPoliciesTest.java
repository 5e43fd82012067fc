package dev.copperplate.backup.retention;

import static dev.copperplate.backup.retention.History.run;
import static dev.copperplate.backup.retention.History.snapshot;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import java.time.Duration;
import java.time.Period;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

class RetentionPoliciesTest {

  private static final ZoneId BERLIN = ZoneId.of("Europe/Berlin");
  private static final ZoneId LOS_ANGELES = ZoneId.of("America/Los_Angeles");

  @Test
  void reasonsSayWhatASnapshotStandsFor() {
    History history =
        History.at("2026-11-18T11:30:00Z", "2026-11-18T10:00:00Z", "2025-12-31T23:30:00Z");
    assertEquals(
        List.of("hourly 1 of 2: 2026-11-18 12:00", "hourly 2 of 2: 2026-11-18 11:00"),
        history.reasons(RetentionPolicies.hourly(2, BERLIN)));
    assertEquals(
        List.of("daily 1 of 7: 2026-11-18", "daily 2 of 7: 2026-01-01"),
        history.reasons(RetentionPolicies.daily(7, BERLIN)));
    assertEquals(
        List.of("weekly 1 of 4: 2026-W47", "weekly 2 of 4: 2026-W01"),
        history.reasons(RetentionPolicies.weekly(4, BERLIN)));
    assertEquals(
        List.of("monthly 1 of 12: 2026-11", "monthly 2 of 12: 2026-01"),
        history.reasons(RetentionPolicies.monthly(12, BERLIN)));
    assertEquals(
        List.of("yearly 1 of 3: 2026", "yearly 2 of 3: 2025"),
        history.reasons(RetentionPolicies.yearly(3, ZoneOffset.UTC)));
    assertEquals(List.of("last 1 of 2", "last 2 of 2"), history.reasons(RetentionPolicies.last(2)));
    assertEquals(
        List.of("within PT1H of the newest: 2026-11-18T11:30:00Z", "daily 1 of 1: 2026-11-18"),
        history.reasons(
            RetentionPolicies.any(
                RetentionPolicies.within(Duration.ofHours(1)),
                RetentionPolicies.daily(1, BERLIN))));
  }

  @Test
  void whatLeavesItsWindowStillSaysWhatItStoodFor() {
    // Wednesday, Tuesday, and the Sunday and Saturday before.
    History history =
        History.at(
            "2026-11-18T12:00:00Z",
            "2026-11-17T12:00:00Z",
            "2026-11-15T12:00:00Z",
            "2026-11-14T12:00:00Z");
    List<Decision> decisions = history.decided(RetentionPolicies.weekly(1, BERLIN));
    assertEquals(List.of("2026-11-18"), history.daysKept(RetentionPolicies.weekly(1, BERLIN)));
    assertEquals(
        List.of(Set.of("weekly"), Set.of(), Set.of("weekly"), Set.of()),
        decisions.stream().map(Decision::classes).toList());
  }

  @Test
  void theOldestIsKeptWhileThereAreTooFewPeriods() {
    History history =
        History.at("2026-11-18T12:00:00Z", "2026-11-17T12:00:00Z", "2026-11-17T03:00:00Z");
    assertEquals(
        List.of("2026-11-18T12:00:00Z", "2026-11-17T12:00:00Z"),
        history.timesKept(RetentionPolicies.daily(2, BERLIN)));
    assertEquals(
        List.of(
            "daily 1 of 3: 2026-11-18",
            "daily 2 of 3: 2026-11-17",
            "daily 3 of 3: 2026-11-17, the oldest of all"),
        history.reasons(RetentionPolicies.daily(3, BERLIN)));
    assertEquals(Set.of(), history.decided(RetentionPolicies.daily(3, BERLIN)).get(2).classes());
  }

  @Test
  void theHourThatClocksShowTwiceIsOneHour() {
    // Clocks in Berlin go back from 3:00 to 2:00 at 1:00 UTC.
    History history =
        History.at(
            "2026-10-25T02:10:00Z",
            "2026-10-25T01:50:00Z",
            "2026-10-25T00:50:00Z",
            "2026-10-24T23:50:00Z");
    assertEquals(
        List.of(
            "hourly 1 of 9: 2026-10-25 03:00",
            "hourly 2 of 9: 2026-10-25 02:00",
            "hourly 3 of 9: 2026-10-25 01:00"),
        history.reasons(RetentionPolicies.hourly(9, BERLIN)));
    assertEquals(4, history.reasons(RetentionPolicies.hourly(9, ZoneOffset.UTC)).size());
  }

  @Test
  void weeksGoFromMondayToSundayOverTheTurnOfTheYear() {
    History history =
        History.at(
            "2021-01-04T00:00:00Z", // Monday of W01
            "2021-01-03T23:59:59Z", // Sunday of W53
            "2020-12-28T00:00:00Z", // Monday of W53
            "2020-12-27T23:59:59Z"); // Sunday of W52
    assertEquals(
        List.of("weekly 1 of 9: 2021-W01", "weekly 2 of 9: 2020-W53", "weekly 3 of 9: 2020-W52"),
        history.reasons(RetentionPolicies.weekly(9, ZoneOffset.UTC)));
  }

  @Test
  void anAgeIsSeenFromTheNewestThatIsNotInTheFuture() {
    History history =
        History.at(
            "2027-01-01T00:00:00Z",
            "2026-11-10T12:00:00Z",
            "2026-11-09T12:00:01Z",
            "2026-11-09T12:00:00Z");
    assertEquals(
        List.of("2027-01-01T00:00:00Z", "2026-11-10T12:00:00Z", "2026-11-09T12:00:01Z"),
        history.timesKept(RetentionPolicies.within(Duration.ofDays(1))));
    assertEquals(
        "in the future: 2027-01-01T00:00:00Z",
        history.reasons(RetentionPolicies.within(Duration.ofDays(1))).get(0));
  }

  @Test
  void whereAllIsInTheFutureAnAgeKeepsAll() {
    History history = History.at("2031-01-01T00:00:00Z", "2027-01-01T00:00:00Z");
    assertEquals(2, history.reasons(RetentionPolicies.within(Duration.ofNanos(1))).size());
    assertEquals(2, history.reasons(RetentionPolicies.within(Period.ofDays(1), BERLIN)).size());
  }

  @Test
  void anAgeMayBeLongerThanTime() {
    History history = History.at("2026-11-10T12:00:00Z", "1970-01-01T00:00:00Z");
    assertEquals(
        2, history.reasons(RetentionPolicies.within(ChronoUnit.FOREVER.getDuration())).size());
    assertEquals(
        2, history.reasons(RetentionPolicies.within(Period.ofYears(10_000), BERLIN)).size());
  }

  @Test
  void aDayBackIsTheSameTimeOfTheDayBefore() {
    History history =
        History.at("2026-10-25T12:00:00Z", "2026-10-24T11:30:00Z", "2026-10-24T11:00:00Z");
    assertEquals(2, history.reasons(RetentionPolicies.within(Period.ofDays(1), BERLIN)).size());
    assertEquals(1, history.reasons(RetentionPolicies.within(Duration.ofDays(1))).size());
  }

  @Test
  void daysThatDoNotExistRunOverIntoTheNextMonth() {
    // A month before 31 March is 31 February, that is 3 March.
    History history =
        History.at("2026-03-31T12:00:00Z", "2026-03-03T12:00:01Z", "2026-03-03T12:00:00Z");
    assertEquals(
        2, history.reasons(RetentionPolicies.within(Period.ofMonths(1), ZoneOffset.UTC)).size());
  }

  @Test
  void hoursThatDoNotExistLieWhereResticPutsThem() {
    // 2:30 of 8 March 2026 is skipped in Los Angeles; a day later it is 9:30 UTC.
    History history =
        History.at("2026-03-09T09:30:00Z", "2026-03-08T09:30:01Z", "2026-03-08T09:30:00Z");
    assertEquals(
        2, history.reasons(RetentionPolicies.within(Period.ofDays(1), LOS_ANGELES)).size());
  }

  @Test
  void tagsMustAllBeThere() {
    History history =
        History.of(
            snapshot("2026-11-18T12:00:00Z", "release"),
            snapshot("2026-11-17T12:00:00Z", "release", "audit"),
            snapshot("2026-11-16T12:00:00Z"));
    assertEquals(
        List.of("tagged audit, release"),
        history.reasons(RetentionPolicies.tagged("release", "audit")));
    assertEquals(
        List.of("2026-11-18", "2026-11-17"),
        history.daysKept(
            RetentionPolicies.any(
                RetentionPolicies.tagged("release"), RetentionPolicies.tagged("audit"))));
  }

  @Test
  void bothHeadsOfLineagesThatOverlapStay() {
    History history =
        History.of(run("b3", "b2"), run("a2", "a1"), run("b2", "b1"), run("a1"), run("b1"));
    assertEquals(List.of("b3", "a2"), history.runsKept(RetentionPolicies.unreplaced()));
    assertEquals(
        List.of("a2"), History.of(run("a2", "a1")).runsKept(RetentionPolicies.unreplaced()));
  }

  @Test
  void nobodyHoldsTheDataOfALaterRun() {
    History ring = History.of(run("c", "b"), run("b", "a"), run("a", "c"), run("old", "b"));
    assertEquals(List.of("c", "old"), ring.runsKept(RetentionPolicies.unreplaced()));
    History alone = History.of(run("b", "a"), run("a", "c"), run("c", "b"), run("d", "d"));
    assertEquals(List.of("b", "d"), alone.runsKept(RetentionPolicies.unreplaced()));
  }

  @Test
  void partsOfGrandfatherFatherSonMayBeNone() {
    History history = History.at("2026-11-18T12:00:00Z", "2026-11-17T12:00:00Z");
    assertEquals(
        List.of("2026-11-18", "2026-11-17"),
        history.daysKept(RetentionPolicies.gfs(7, 0, 0, BERLIN)));
    assertEquals(
        List.of("daily 1 of 1: 2026-11-18", "weekly 1 of 1: 2026-W47", "monthly 1 of 1: 2026-11"),
        history.reasons(RetentionPolicies.gfs(1, 1, 1, BERLIN)));
  }

  @Test
  void refusesWhatMakesNoSenseAndSaysTheValue() {
    refused("-1", () -> RetentionPolicies.last(-1));
    refused("0", () -> RetentionPolicies.last(0));
    refused("hourly, is at least 1: 0", () -> RetentionPolicies.hourly(0, BERLIN));
    refused("-7", () -> RetentionPolicies.daily(-7, BERLIN));
    refused("-2", () -> RetentionPolicies.weekly(-2, BERLIN));
    refused("-3", () -> RetentionPolicies.monthly(-3, BERLIN));
    refused("-4", () -> RetentionPolicies.yearly(-4, BERLIN));
    refused("0, 0, 0", () -> RetentionPolicies.gfs(0, 0, 0, BERLIN));
    refused("7, -4, 12", () -> RetentionPolicies.gfs(7, -4, 12, BERLIN));
    refused("PT-1S", () -> RetentionPolicies.within(Duration.ofSeconds(-1)));
    refused("PT0S", () -> RetentionPolicies.within(Duration.ZERO));
    refused("P1M-1D", () -> RetentionPolicies.within(Period.of(0, 1, -1), BERLIN));
    refused("P0D", () -> RetentionPolicies.within(Period.ZERO, BERLIN));
    refused("P10001Y", () -> RetentionPolicies.within(Period.ofYears(10_001), BERLIN));
    refused("''", () -> RetentionPolicies.tagged(""));
    refused("No tag", () -> RetentionPolicies.tagged());
    refused("'run=x'", () -> RetentionPolicies.tagged("run=x"));
    refused("No policy", () -> RetentionPolicies.any());
  }

  @Test
  void aPolicyThatForgetsASnapshotIsNotBelieved() {
    RetentionPolicy forgetful = (snapshots, now) -> List.of();
    History history = History.at("2026-11-18T12:00:00Z");
    assertThrows(
        IllegalStateException.class, () -> history.decided(RetentionPolicies.any(forgetful)));
  }

  private static void refused(String value, Executable call) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, call);
    String message = String.valueOf(refusal.getMessage());
    assertTrue(message.contains(value), message);
  }
}
