package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.retention.RetentionPolicies;
import java.time.Duration;
import java.time.Instant;
import java.time.Period;
import java.time.ZoneId;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Laws of the policies that come with the library, beyond those of every policy. */
class RetentionPoliciesProperties {

  private static final ZoneId ZONE = ZoneId.of("Pacific/Auckland");
  private static final Instant NOW = Instant.parse("2026-11-18T12:00:00Z");

  @Provide
  Arbitrary<List<Snapshot>> histories() {
    return SnapshotArbitraries.histories();
  }

  @Provide
  Arbitrary<Instant> times() {
    return SnapshotArbitraries.times();
  }

  /** Those that ask for the present time and those that may keep nothing are left out. */
  @Provide
  Arbitrary<RetentionPolicy> timeless() {
    return Arbitraries.integers()
        .between(1, 9)
        .flatMap(
            n ->
                Arbitraries.of(
                    RetentionPolicies.last(n),
                    RetentionPolicies.hourly(n, ZONE),
                    RetentionPolicies.daily(n, ZONE),
                    RetentionPolicies.weekly(n, ZONE),
                    RetentionPolicies.monthly(n, ZONE),
                    RetentionPolicies.yearly(n, ZONE),
                    RetentionPolicies.gfs(n, 0, 1, ZONE)));
  }

  @Provide
  Arbitrary<RetentionPolicy> within() {
    return Arbitraries.of(
        RetentionPolicies.within(Duration.ofNanos(1)),
        RetentionPolicies.within(Duration.ofDays(40)),
        RetentionPolicies.within(Period.ofDays(1), ZONE),
        RetentionPolicies.within(Period.of(2, 3, 4), ZONE));
  }

  @Provide
  Arbitrary<RetentionPolicy> policies() {
    return Arbitraries.oneOf(
        timeless(),
        within(),
        Arbitraries.of(
            RetentionPolicies.tagged("keep"),
            RetentionPolicies.tagged("keep", "audit"),
            RetentionPolicies.unreplaced()));
  }

  @Property(tries = 300)
  void theNewestIsKept(
      @ForAll("histories") List<Snapshot> snapshots, @ForAll("timeless") RetentionPolicy policy) {
    Assume.that(!snapshots.isEmpty());
    assertTrue(policy.decide(snapshots, NOW).get(0).keep());
  }

  @Property(tries = 300)
  void withinKeepsTheNewestAndTheNewestThatIsNotInTheFuture(
      @ForAll("histories") List<Snapshot> snapshots,
      @ForAll("within") RetentionPolicy policy,
      @ForAll("times") Instant now) {
    Assume.that(!snapshots.isEmpty());
    List<Decision> decisions = policy.decide(snapshots, now);
    assertTrue(decisions.get(0).keep());
    decisions.stream()
        .filter(each -> each.snapshot().time().isBefore(now))
        .findFirst()
        .ifPresent(newest -> assertTrue(newest.keep()));
  }

  @Property(tries = 100)
  void lastKeepsThatMany(
      @ForAll("histories") List<Snapshot> snapshots, @ForAll @IntRange(min = 1, max = 99) int n) {
    assertEquals(
        snapshots.subList(0, Math.min(n, snapshots.size())),
        List.copyOf(kept(RetentionPolicies.last(n), snapshots, NOW)));
  }

  @Property(tries = 300)
  void onlyWithinAsksForThePresentTime(
      @ForAll("histories") List<Snapshot> snapshots,
      @ForAll("timeless") RetentionPolicy policy,
      @ForAll("times") Instant one,
      @ForAll("times") Instant other) {
    assertEquals(policy.decide(snapshots, one), policy.decide(snapshots, other));
  }

  @Property(tries = 300)
  void withinAsksOnlyWhatIsInTheFuture(
      @ForAll("histories") List<Snapshot> snapshots,
      @ForAll("within") RetentionPolicy policy,
      @ForAll @IntRange(min = 1) int later) {
    Assume.that(!snapshots.isEmpty());
    Instant after = snapshots.get(0).time().plusNanos(1);
    assertEquals(
        policy.decide(snapshots, after), policy.decide(snapshots, after.plusSeconds(later)));
  }

  @Property(tries = 300)
  void anyIsTheUnion(
      @ForAll("histories") List<Snapshot> snapshots,
      @ForAll("policies") RetentionPolicy one,
      @ForAll("policies") RetentionPolicy other,
      @ForAll("times") Instant now) {
    List<Decision> united = RetentionPolicies.any(one, other).decide(snapshots, now);
    List<Decision> first = one.decide(snapshots, now);
    List<Decision> second = other.decide(snapshots, now);
    for (int i = 0; i < snapshots.size(); i++) {
      assertEquals(first.get(i).keep() || second.get(i).keep(), united.get(i).keep());
      assertEquals(union(first.get(i).classes(), second.get(i).classes()), united.get(i).classes());
      assertEquals(
          union(first.get(i).reasons(), second.get(i).reasons()),
          new HashSet<>(united.get(i).reasons()));
    }
  }

  @Property(tries = 300)
  void anyKeepsWhatOneAloneKeepsInWhatIsLeft(
      @ForAll("histories") List<Snapshot> snapshots,
      @ForAll("policies") RetentionPolicy one,
      @ForAll("policies") RetentionPolicy other,
      @ForAll("times") Instant now) {
    List<Snapshot> left = List.copyOf(kept(RetentionPolicies.any(one, other), snapshots, now));
    assertTrue(kept(one, left, now).containsAll(kept(one, snapshots, now)));
  }

  @Property(tries = 300)
  void aPeriodStandsForTheSameWhetherItIsKeptOrNot(@ForAll("histories") List<Snapshot> snapshots) {
    assertEquals(
        classes(RetentionPolicies.weekly(1, ZONE), snapshots),
        classes(RetentionPolicies.weekly(1_000, ZONE), snapshots));
  }

  /** What goes is held, by way of others, by a snapshot that stays. */
  @Property(tries = 500)
  void whatIsReplacedIsHeldByWhatStays(@ForAll("histories") List<Snapshot> snapshots) {
    Map<RunId, Set<RunId>> replaces = new HashMap<>();
    for (Snapshot each : snapshots) {
      each.replaces()
          .ifPresent(run -> replaces.computeIfAbsent(each.run(), any -> new HashSet<>()).add(run));
    }
    Set<RunId> held = new HashSet<>();
    kept(RetentionPolicies.unreplaced(), snapshots, NOW)
        .forEach(each -> hold(each.run(), replaces, held));
    snapshots.forEach(each -> assertTrue(held.contains(each.run()), each::toString));
  }

  private static void hold(RunId run, Map<RunId, Set<RunId>> replaces, Set<RunId> held) {
    if (held.add(run)) {
      replaces.getOrDefault(run, Set.of()).forEach(each -> hold(each, replaces, held));
    }
  }

  private static Set<Snapshot> kept(RetentionPolicy policy, List<Snapshot> snapshots, Instant now) {
    Set<Snapshot> kept = new LinkedHashSet<>();
    for (Decision each : policy.decide(snapshots, now)) {
      if (each.keep()) {
        kept.add(each.snapshot());
      }
    }
    return kept;
  }

  private static List<Set<String>> classes(RetentionPolicy policy, List<Snapshot> snapshots) {
    return policy.decide(snapshots, NOW).stream().map(Decision::classes).toList();
  }

  private static <T> Set<T> union(Collection<T> one, Collection<T> other) {
    Set<T> union = new HashSet<>(one);
    union.addAll(other);
    return union;
  }
}
