package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

/**
 * What every {@link RetentionPolicy} promises, for any history of snapshots.
 *
 * <p>A policy's test extends this and supplies the policy.
 */
public abstract class RetentionPolicyContract {

  /** The policy under test. */
  protected abstract RetentionPolicy policy();

  /**
   * Histories of one source, newest first. Override to make those that matter to the policy
   * likelier.
   */
  @Provide
  protected Arbitrary<List<Snapshot>> histories() {
    return SnapshotArbitraries.histories();
  }

  /** Times to decide for, before and after everything that happened. */
  @Provide
  protected Arbitrary<Instant> times() {
    return SnapshotArbitraries.times();
  }

  @Property(tries = 200)
  void everySnapshotIsDecidedOnOnceAndInOrder(
      @ForAll("histories") List<Snapshot> snapshots, @ForAll("times") Instant now) {
    List<Snapshot> decided =
        policy().decide(snapshots, now).stream().map(Decision::snapshot).toList();
    assertEquals(snapshots, decided);
  }

  @Property(tries = 200)
  void theSameQuestionHasTheSameAnswer(
      @ForAll("histories") List<Snapshot> snapshots, @ForAll("times") Instant now) {
    assertEquals(policy().decide(snapshots, now), policy().decide(snapshots, now));
  }

  @Property(tries = 50)
  void theSnapshotsAreLeftAsTheyAre(
      @ForAll("histories") List<Snapshot> snapshots, @ForAll("times") Instant now) {
    List<Snapshot> given = new ArrayList<>(snapshots);
    policy().decide(Collections.unmodifiableList(given), now);
    assertEquals(snapshots, given);
  }

  @Property(tries = 100)
  void whatIsKeptHasAReason(
      @ForAll("histories") List<Snapshot> snapshots, @ForAll("times") Instant now) {
    for (Decision each : policy().decide(snapshots, now)) {
      assertFalse(each.keep() && each.reasons().isEmpty(), () -> "kept without a reason: " + each);
    }
  }

  /**
   * Nothing is gained by asking again: otherwise each day's plan would thin out what the one before
   * has left.
   */
  @Property(tries = 200)
  void whatWasKeptIsKeptAgainWhenTheOthersAreGone(
      @ForAll("histories") List<Snapshot> snapshots, @ForAll("times") Instant now) {
    List<Snapshot> kept = kept(snapshots, now);
    assertEquals(kept, kept(kept, now));
  }

  /** The repository keeps more than the policy: what is depended on, held, or not yet approved. */
  @Property(tries = 200)
  void whatWasKeptIsKeptAgainWhateverElseStays(
      @ForAll("histories") List<Snapshot> snapshots, @ForAll("times") Instant now) {
    Set<Snapshot> kept = new HashSet<>(kept(snapshots, now));
    List<Snapshot> left = new ArrayList<>();
    for (int i = 0; i < snapshots.size(); i++) {
      if (kept.contains(snapshots.get(i)) || i % 3 == 0) {
        left.add(snapshots.get(i));
      }
    }
    kept.removeAll(kept(left, now));
    assertEquals(Set.of(), kept);
  }

  private List<Snapshot> kept(List<Snapshot> snapshots, Instant now) {
    return policy().decide(snapshots, now).stream()
        .filter(Decision::keep)
        .map(Decision::snapshot)
        .toList();
  }

  @Property(tries = 1)
  void noSnapshotsNeedNoDecision(@ForAll("times") Instant now) {
    assertEquals(List.of(), policy().decide(List.of(), now));
  }
}
