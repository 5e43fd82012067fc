package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.TestHistory.NOTHING;
import static dev.copperplate.backup.repository.TestHistory.ORDERS;
import static dev.copperplate.backup.repository.TestHistory.START;
import static dev.copperplate.backup.repository.TestHistory.classed;
import static dev.copperplate.backup.repository.TestHistory.keeping;
import static dev.copperplate.backup.repository.TestHistory.last;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.TestHistory.Planned;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What keeps a snapshot that a policy would remove, each by its reason. */
class RetentionPlannerTest {

  private final TestHistory history = new TestHistory();

  @Test
  void theNewestUndamagedSnapshotOfEachSourceAndEnvironmentStaysWhateverThePolicySays()
      throws IOException {
    history.add("old");
    history.add("new").state(SnapshotState.PARTIAL);
    history.add("damaged").state(SnapshotState.DAMAGED);
    history.add("staging").environment = "staging";
    history.add("other").of("other");
    Planned plan = history.plan(NOTHING);
    assertEquals(Set.of("new", "damaged", "staging", "other"), plan.kept());
    assertEquals(
        List.of("the newest undamaged snapshot of map:orders in default"), plan.reasons("new"));
    assertEquals(
        List.of("the newest undamaged snapshot of map:orders in staging"), plan.reasons("staging"));
  }

  @Test
  void eachGroupIsDecidedOnByItself() throws IOException {
    history.add("a1");
    history.add("b1").of("b");
    history.add("a2");
    history.add("b2").of("b");
    Planned plan = history.plan(last(1));
    assertEquals(Set.of("a2", "b2"), plan.kept());
    assertEquals("last 1", plan.reasons("a2").get(0));
  }

  @Test
  void aDamagedSnapshotGoesOnlyWhenANewerUndamagedOneExists() throws IOException {
    history.add("good");
    history.add("damaged").state(SnapshotState.DAMAGED);
    Planned before = history.plan(last(5));
    assertEquals(Set.of("good", "damaged"), before.kept());
    assertEquals(
        List.of("damaged, but there is no newer undamaged snapshot of map:orders in default"),
        before.reasons("damaged"));
    history.add("newer").state(SnapshotState.PARTIAL);
    Planned after = history.plan(last(5));
    assertEquals(Set.of("damaged"), after.removed());
    assertTrue(after.reasons("damaged").get(0).contains("is newer and is not"));
  }

  @Test
  void damagedSnapshotsTakeNoPlaceInThePolicy() throws IOException {
    history.add("first");
    history.add("second");
    history.add("damaged").state(SnapshotState.DAMAGED);
    history.add("third");
    assertEquals(Set.of("second", "third"), history.plan(last(2)).kept());
  }

  @Test
  void whatAKeptSnapshotNeedsStaysAcrossGroups() throws IOException {
    history.add("base");
    history.add("later base");
    history.items.remove("later base");
    history.add("baseTwo");
    history.add("middle").of("middle").needs("base");
    history.add("middleTwo").of("middle");
    history.add("top").of("top").needs("middle");
    Planned plan = history.plan(NOTHING);
    assertEquals(Set.of("base", "baseTwo", "middle", "middleTwo", "top"), plan.kept());
    assertEquals(
        List.of("needed by snapshot " + history.snapshot("top").id().shortHex() + " of map:top"),
        plan.reasons("middle"));
    assertTrue(plan.reasons("base").get(0).startsWith("needed by snapshot "));
  }

  @Test
  void whatASnapshotOutsideTheFilterNeedsStays() throws IOException {
    history.add("base");
    history.add("newBase");
    history.add("child").of("child").needs("base");
    history.add("unneeded").of("child");
    history.add("newChild").of("child");
    Planned plan = history.plan(NOTHING, each -> each.source().equals(ORDERS));
    assertEquals(Set.of("base", "newBase"), plan.kept());
    assertEquals(2, plan.outcome().decisions().size());
  }

  @Test
  void theNewestMayLieOutsideTheFilter() throws IOException {
    history.add("tagged").tags = Set.of("nightly");
    history.add("newest");
    Planned plan = history.plan(NOTHING, each -> each.tags().contains("nightly"));
    assertEquals(Set.of("tagged"), plan.removed());
  }

  @Test
  void allSnapshotsOfANeededRunStay() throws IOException {
    history.add("base");
    history.add("rewritten").run = Optional.of("base");
    history.add("newBase");
    history.add("child").of("child").needs("base");
    assertEquals(Set.of("base", "rewritten", "newBase", "child"), history.plan(NOTHING).kept());
  }

  @Test
  void snapshotsThatNeedEachOtherInACircleEndNoPlan() throws IOException {
    history.add("a").needs("b", "a");
    history.add("b").needs("a");
    history.add("new");
    assertEquals(Set.of("a", "b"), history.plan(NOTHING).removed());
    history.holds.put(new RunId("a"), List.of("audit"));
    assertEquals(Set.of("a", "b", "new"), history.plan(NOTHING).kept());
  }

  @Test
  void aSnapshotWhoseParentIsGoneSaysSoAndIsTreatedLikeAnyOther() throws IOException {
    history.add("orphan").needs("nobody", "none");
    history.add("newest");
    Planned plan = history.plan(NOTHING);
    assertEquals(Set.of("orphan"), plan.removed());
    assertEquals(
        List.of("it depends on run nobody, and 1 more, which is gone"), plan.reasons("orphan"));
  }

  @Test
  void theNewestProvedSnapshotOfEachStrengthStays() throws IOException {
    for (String each : List.of("restored1", "restored2", "data1", "data2", "unproved", "newest")) {
      history.add(each);
    }
    history.proofs.put("restored1", Proof.RESTORED);
    history.proofs.put("restored2", Proof.RESTORED);
    history.proofs.put("data1", Proof.DATA);
    history.proofs.put("data2", Proof.DATA);
    Planned plan = history.plan(NOTHING);
    assertEquals(Set.of("restored2", "data2", "newest"), plan.kept());
    assertEquals(
        List.of("the newest proved snapshot of map:orders in default (restored)"),
        plan.reasons("restored2"));
  }

  @Test
  void aDamagedSnapshotIsNeverTheProvedOne() throws IOException {
    history.add("damaged").state(SnapshotState.DAMAGED);
    history.add("newest");
    history.proofs.put("damaged", Proof.RESTORED);
    assertEquals(Set.of("damaged"), history.plan(NOTHING).removed());
  }

  @Test
  void holdsPinsAndLeasesKeep() throws IOException {
    history.add("held");
    history.add("pinned").tags = Set.of("pinned", "blue");
    history.add("leased");
    history.add("other");
    history.add("newest");
    history.holds.put(new RunId("held"), List.of("audit of May", "law suit"));
    history.leased.add(new RunId("leased"));
    Planned plan = history.plan(NOTHING);
    assertEquals(Set.of("other"), plan.removed());
    assertEquals(List.of("held: audit of May", "held: law suit"), plan.reasons("held"));
    assertEquals(List.of("it has the tag pinned"), plan.reasons("pinned"));
    assertEquals(List.of("a snapshot that depends on it is being made"), plan.reasons("leased"));
  }

  @Test
  void whatTheStoreRetainsStaysUntilThen() throws IOException {
    Instant until = history.now.plus(Duration.ofDays(1));
    history.add("retained").retainedUntil = Optional.of(until);
    history.add("noLonger").retainedUntil = Optional.of(history.now);
    history.add("newest");
    Planned plan = history.plan(NOTHING);
    assertEquals(Set.of("noLonger"), plan.removed());
    assertEquals(List.of("the store retains it until " + until), plan.reasons("retained"));
  }

  @Test
  void protectedClassesNeedApprovalsOfSeveralPeopleThatHaveNotExpired() throws IOException {
    history.options =
        history.options.approvals(new ApprovalRule(Set.of("monthly"), 2, ZoneOffset.UTC));
    history.add("base");
    history.add("month").needs("base");
    history.add("newest");
    RetentionPolicy policy =
        (snapshots, now) ->
            snapshots.stream()
                .map(
                    each ->
                        new Decision(
                            each,
                            false,
                            List.of(),
                            each.run().value().equals("month") ? Set.of("monthly") : Set.of()))
                .toList();

    Planned none = history.plan(policy);
    assertEquals(Set.of("month"), none.needApproval());
    assertEquals(Set.of("base", "month", "newest"), none.kept());
    assertEquals(List.of("stands for monthly: 0 of 2 approvals given"), none.reasons("month"));

    approve("alice", START, history.now.plusSeconds(1));
    approve(" Alice", START, history.now.plusSeconds(2));
    approve("bob", START, history.now);
    approve("carol", history.now.plusSeconds(1), history.now.plusSeconds(2));
    Planned one = history.plan(policy);
    assertEquals(Set.of("month"), one.needApproval());
    assertEquals(
        List.of("stands for monthly: 1 of 2 approvals given (alice)"), one.reasons("month"));

    approve("dave", START, history.now.plusSeconds(1));
    Planned two = history.plan(policy);
    assertEquals(Set.of(), two.needApproval());
    assertEquals(Set.of("base", "month"), two.removed());
    assertEquals(
        List.of("stands for monthly; removal approved by alice, dave"), two.reasons("month"));
  }

  private void approve(String name, Instant from, Instant until) {
    history.approvals.add(
        new Approval(Set.of(new RunId("month")), name, from, until, Optional.empty()));
  }

  @Test
  void whatStaysAnywayNeedsNoApproval() throws IOException {
    history.options =
        history.options.approvals(new ApprovalRule(Set.of("daily"), 1, ZoneOffset.UTC));
    history.add("old");
    history.add("new");
    Planned plan = history.plan(classed(last(1), "daily"));
    assertEquals(Set.of("old"), plan.needApproval());
    assertEquals(Set.of("old", "new"), plan.kept());
  }

  @Test
  void aPolicyThatNamesNoClassesIsNoWayAroundApprovals() throws IOException {
    history.options =
        history.options.approvals(new ApprovalRule(Set.of("monthly"), 1, ZoneOffset.UTC));
    history.add("first").time = Instant.parse("2026-03-01T12:00:00Z");
    history.add("lastOfMarch").time = Instant.parse("2026-03-31T12:00:00Z");
    history.add("newest").time = Instant.parse("2026-04-02T12:00:00Z");
    history.now = Instant.parse("2026-04-03T12:00:00Z");
    history.options =
        history.options.limits(
            new RetentionLimits(100, Duration.ofDays(400), Duration.ofDays(400)));
    Planned plan = history.plan(last(1));
    assertEquals(Set.of("lastOfMarch"), plan.needApproval());
    assertEquals(Set.of("first"), plan.removed());
  }

  @Test
  void oneApproverUnderTwoSpellingsIsOne() throws IOException {
    history.options = history.options.approvals(new ApprovalRule(Set.of("x"), 2, ZoneOffset.UTC));
    history.add("month");
    history.add("newest");
    approve("alice", START, history.now.plusSeconds(1));
    approve(" Alice", START, history.now.plusSeconds(1));
    assertEquals(Set.of("month"), history.plan(classed(last(1), "x")).needApproval());
  }

  @Test
  void twoSnapshotsInOneSecondHaveOneOrderAndOneAnswer() throws IOException {
    history.add("a");
    history.add("b");
    history.items.values().forEach(each -> each.time = START);
    Set<String> kept = history.plan(last(1)).kept();
    assertEquals(1, kept.size());
    for (int i = 0; i < 5; i++) {
      assertEquals(kept, history.plan(last(1)).kept());
    }
  }

  @Test
  void aPlanMadeTwiceIsTheSame() throws IOException {
    history.add("base");
    history.add("child").needs("base");
    history.add("other");
    history.add("newest");
    assertEquals(history.plan(last(2)).outcome(), history.plan(last(2)).outcome());
  }

  @Test
  void aPolicyThatForgetsDoublesOrReordersSnapshotsIsNamed() {
    history.add("a");
    history.add("b");
    for (RetentionPolicy wrong : List.of(changed(1), changed(2), changed(3))) {
      IllegalStateException refused =
          assertThrows(IllegalStateException.class, () -> history.plan(wrong));
      assertTrue(refused.getMessage().contains("RetentionPlannerTest"), refused::getMessage);
      assertTrue(refused.getMessage().contains("map:orders in default"), refused::getMessage);
    }
  }

  private static RetentionPolicy changed(int how) {
    return (snapshots, now) -> {
      List<Decision> decisions = new ArrayList<>(keeping(e -> true).decide(snapshots, now));
      switch (how) {
        case 1 -> decisions.remove(0);
        case 2 -> Collections.reverse(decisions);
        default -> decisions.add(decisions.get(0));
      }
      return decisions;
    };
  }
}
