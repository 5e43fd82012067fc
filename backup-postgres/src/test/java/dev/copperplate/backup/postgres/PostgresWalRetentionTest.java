package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PostgresWalRetentionTest {

  private static final Instant BEGIN = Instant.parse("2026-03-01T00:00:00Z");
  private static final PostgresWalRetention ALL = PostgresWalRetention.of(SyntheticSnapshots.NAME);
  private static final PostgresWalRetention WEEK = ALL.recoveryWindow(Duration.ofDays(7));

  private final SyntheticSnapshots stored = new SyntheticSnapshots();

  @Test
  void theNewestBaseFromBeforeTheWindowIsTheFirstThatIsRecoveredForward() throws Exception {
    dailyBasesAndWal(14);
    // The last commit is at noon of day 13, so the window began at noon of day 6.
    assertEquals(List.of(13, 12, 11, 10, 9, 8, 7, 6), keptDays(WEEK, 14));
    Decision gone = decision(WEEK, 14, walOf(5));
    assertEquals(
        List.of(
            "before the start of base run-13 at 0/6000028 on timeline 1, where recovery begins"),
        gone.reasons());
    Decision kept = decision(WEEK, 14, walOf(6));
    assertEquals(
        List.of(
            "ends at 0/7000000 on timeline 1, behind the start of base run-13 at 0/6000028 on"
                + " timeline 1"),
        kept.reasons());
  }

  @Test
  void withoutAWindowWalIsKeptFromTheOldestBaseAndGoesWithIt() throws Exception {
    dailyBasesAndWal(5);
    assertEquals(List.of(4, 3, 2, 1, 0), keptDays(ALL, 5));
    stored.remove(List.of(base(0), base(1)));
    assertEquals(List.of(4, 3, 2), keptDays(ALL, 5));
  }

  @Test
  void whereAllBasesAreYoungerTheOldestIsTheFirst() throws Exception {
    stored.wal(day(0), 1, lsn(1));
    stored.base(day(1), 1, lsn(1), lsn(1) + 100);
    stored.wal(day(2), 1, lsn(2));
    assertEquals(List.of(2), keptDays(WEEK, 3));
  }

  @Test
  void beforeTheFirstBaseOnlyTheReplacedGo() throws Exception {
    Snapshot minute = stored.wal(day(0), 1, lsn(1));
    Snapshot hour = stored.wal(day(1), 1, lsn(2), Optional.of(minute), Optional.empty());
    assertEquals(List.of("there is no base of its system yet"), decision(WEEK, 40, hour).reasons());
    Decision replaced = decision(WEEK, 40, minute);
    assertEquals(List.of("another commit holds all of it"), replaced.reasons());
    assertTrue(!replaced.keep());
  }

  @Test
  void theWindowIsSeenFromTheNewestCommitSoThatNothingGoesWhenTheArchiverStops() throws Exception {
    dailyBasesAndWal(14);
    assertEquals(keptDays(WEEK, 14), keptDays(WEEK, 100));
  }

  @Test
  void aCommitThatCannotBeReadOrLacksFactsStaysWithWhatItReplaces() throws Exception {
    Snapshot minute = stored.wal(day(0), 1, lsn(1));
    Snapshot hour = stored.wal(day(1), 1, lsn(2), Optional.of(minute), Optional.empty());
    Snapshot other = stored.wal(day(2), 1, lsn(3));
    stored.base(day(3), 1, lsn(4), lsn(4) + 100);
    stored.damage(hour);
    stored.fact(other, "end-lsn", "");
    assertReason("cannot be read, so nobody knows whether it is needed: its tree is damaged", hour);
    assertReason(
        "cannot be read, so nobody knows whether it is needed: its manifest has no end-lsn", other);
    // What the damaged one replaces is looked at for itself.
    assertTrue(!decision(ALL, 4, minute).keep());
    assertTrue(decision(ALL, 4, minute).reasons().get(0).startsWith("before the start"));
    stored.remove(List.of(base(3)));
    assertReason("there is no base of its system yet", minute);
  }

  @Test
  void aBaseThatCannotBeReadKeepsEverything() throws Exception {
    dailyBasesAndWal(3);
    stored.damage(base(1));
    assertEquals(List.of(2, 1, 0), keptDays(WEEK, 40));
    assertTrue(
        decision(WEEK, 40, walOf(0)).reasons().get(0).contains("cannot be read"),
        "says why everything stays");
  }

  @Test
  void aBaseWhoseChainIsBrokenIsNoneToBeginWith() throws Exception {
    Snapshot full = stored.base(day(0), 1, lsn(0) + 40, lsn(0) + 100);
    stored.wal(day(0).plusSeconds(43_200), 1, lsn(1));
    stored.base(day(1), 1, lsn(1) + 40, lsn(1) + 100, full);
    stored.wal(day(9), 1, lsn(2));
    assertEquals(List.of(9), keptDays(WEEK, 10));
    Snapshot whole = stored.base(day(1).plusSeconds(7200), 1, lsn(1) + 200, lsn(1) + 300);
    stored.remove(List.of(full));
    assertEquals(List.of(9), keptDays(WEEK, 10));
    stored.remove(List.of(whole));
    // One base is left, and it cannot be restored.
    assertEquals(List.of(9, 0), keptDays(WEEK, 10));
  }

  @Test
  void bothArchiversOfAServerAreJudgedByTheirOwnCommits() throws Exception {
    Snapshot first = stored.wal(day(0), 1, lsn(1));
    Snapshot second = stored.wal(day(0).plusSeconds(1), 1, lsn(1) + 100);
    Snapshot next = stored.wal(day(0).plusSeconds(60), 1, lsn(2), Optional.of(first), none());
    Snapshot late =
        stored.wal(day(0).plusSeconds(61), 1, lsn(2) + 500, Optional.of(second), none());
    stored.base(day(1), 1, lsn(2) + 40, lsn(2) + 100);
    assertEquals(
        List.of(true, false, false, false),
        List.of(late, next, second, first).stream().map(each -> keeps(ALL, 2, each)).toList());
  }

  @Test
  void anotherSystemOfTheSameNameIsKeptApart() throws Exception {
    Snapshot old = stored.wal(day(0), 1, lsn(1));
    stored.base(day(3), 1, lsn(9), lsn(9) + 100);
    stored.fact(old, "identity", "42");
    assertReason("there is no base of its system yet", old);
  }

  @Test
  void aServerThatWasPutBackIsRecoverableFromABaseOfItsOldTimeline() throws Exception {
    dailyBasesAndWal(9);
    // Back to noon of day 2, and another timeline from there: the bases of days 3 to 8 do not lead
    // to it, though that of day 3 had ended before the window.
    TimelineHistory history =
        new TimelineHistory(
            2, List.of(new TimelineHistory.Ancestor(1, new Lsn(lsn(3)), "put back")));
    stored.wal(day(10).plusSeconds(7200), 2, lsn(3) + 500, none(), Optional.of(history));
    assertTrue(keeps(WEEK, 11, walOf(2)));
    assertTrue(!keeps(WEEK, 11, walOf(1)));
    // Nobody knows where a timeline came from whose history is not there.
    stored.wal(day(10).plusSeconds(7260), 3, lsn(3) + 600);
    assertTrue(keeps(WEEK, 11, walOf(1)));
  }

  @Test
  void theWalOfATimelineThatWasLeftBeforeTheWindowGoes() throws Exception {
    dailyBasesAndWal(3);
    TimelineHistory history =
        new TimelineHistory(
            2, List.of(new TimelineHistory.Ancestor(1, new Lsn(lsn(3) - 500), "failover")));
    stored.wal(day(4), 2, lsn(4), none(), Optional.of(history));
    assertTrue(keeps(WEEK, 5, walOf(2)));
    stored.base(day(5), 2, lsn(4) + 40, lsn(4) + 100);
    assertTrue(keeps(WEEK, 6, walOf(2)));
    stored.wal(day(14), 2, lsn(5));
    assertEquals(List.of(14), keptDays(WEEK, 15));
  }

  @Test
  void whatCameAfterThePolicyWasMadeStays() throws Exception {
    dailyBasesAndWal(3);
    RetentionPolicy policy = WEEK.policy(stored, day(3));
    Snapshot late = stored.wal(day(0).plusSeconds(1), 1, lsn(0) + 1);
    Decision decision =
        policy.decide(stored.wal(), day(3)).stream()
            .filter(each -> each.snapshot().equals(late))
            .findFirst()
            .orElseThrow();
    assertEquals(List.of("came after the policy was made"), decision.reasons());
  }

  @Test
  void snapshotsOfOtherSourcesStay() throws Exception {
    dailyBasesAndWal(1);
    Decision decision = WEEK.policy(stored, day(1)).decide(List.of(base(0)), day(1)).get(0);
    assertEquals(List.of("is not of postgres-wal:shop"), decision.reasons());
    assertTrue(decision.keep());
  }

  /** A thousand: sixteen hours, each with its minutes. */
  @Test
  void ofAThousandCommitsOnlyTheLastOfEachHourIsOpened() throws Exception {
    Optional<Snapshot> last = none();
    for (int i = 0; i < 1_000; i++) {
      Optional<Snapshot> replaced = i % 60 == 0 ? none() : last;
      last =
          Optional.of(
              stored.wal(day(0).plusSeconds(60L * i), 1, lsn(0) + 100 * i, replaced, none()));
    }
    stored.base(day(1), 1, lsn(1), lsn(1) + 100);
    RetentionPolicy policy = WEEK.policy(stored, day(2));
    assertEquals(17 + 1, stored.opened());
    assertEquals(0, policy.decide(stored.wal(), day(2)).stream().filter(Decision::keep).count());
    assertEquals(17 + 1, stored.opened(), "a policy is pure");
  }

  @Test
  void aWindowOfNothingIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> ALL.recoveryWindow(Duration.ZERO));
  }

  // ---- what the tests do

  private static <T> Optional<T> none() {
    return Optional.empty();
  }

  private static Instant day(int day) {
    return BEGIN.plus(Duration.ofDays(day));
  }

  private static long lsn(int day) {
    return (long) day << 24;
  }

  /** Each day a base at midnight that needs forty bytes, and a commit at noon. */
  private void dailyBasesAndWal(int days) {
    for (int i = 0; i < days; i++) {
      stored.base(day(i), 1, lsn(i) + 40, lsn(i) + 100);
      stored.wal(day(i).plusSeconds(43_200), 1, lsn(i + 1));
    }
  }

  private Snapshot base(int day) {
    return only(SyntheticSnapshots.BASES, day);
  }

  private Snapshot walOf(int day) {
    return only(SyntheticSnapshots.WAL, day);
  }

  private Snapshot only(SourceId source, int day) {
    return stored.list(SnapshotFilter.of(source)).stream()
        .filter(each -> dayOf(each) == day)
        .findFirst()
        .orElseThrow();
  }

  private static int dayOf(Snapshot snapshot) {
    return (int) Duration.between(BEGIN, snapshot.time()).toDays();
  }

  private List<Integer> keptDays(PostgresWalRetention retention, int now) throws IOException {
    return retention.policy(stored, day(now)).decide(stored.wal(), day(now)).stream()
        .filter(Decision::keep)
        .map(each -> dayOf(each.snapshot()))
        .toList();
  }

  private Decision decision(PostgresWalRetention retention, int now, Snapshot commit)
      throws IOException {
    return retention.policy(stored, day(now)).decide(stored.wal(), day(now)).stream()
        .filter(each -> each.snapshot().equals(commit))
        .findFirst()
        .orElseThrow();
  }

  private boolean keeps(PostgresWalRetention retention, int now, Snapshot commit) {
    try {
      return decision(retention, now, commit).keep();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  private void assertReason(String reason, Snapshot commit) throws IOException {
    Decision decision = decision(ALL, 4, commit);
    assertTrue(decision.keep());
    assertEquals(List.of(reason), decision.reasons());
  }
}
