package dev.copperplate.backup.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.Snapshot;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

  @Property(tries = 1)
  void noSnapshotsNeedNoDecision(@ForAll("times") Instant now) {
    assertEquals(List.of(), policy().decide(List.of(), now));
  }
}
