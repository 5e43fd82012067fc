package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.TestHistory.NOTHING;
import static dev.copperplate.backup.repository.TestHistory.START;
import static dev.copperplate.backup.repository.TestHistory.content;
import static dev.copperplate.backup.repository.TestHistory.last;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.TestHistory.Item;
import dev.copperplate.backup.repository.TestHistory.Planned;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What a plan stops at until a person has looked. */
class RetentionQuestionsTest {

  private final TestHistory history = new TestHistory();

  @Test
  void aFloodOfForgedSnapshotsPushesNothingOutUntilAPersonHasLooked() throws IOException {
    history.add("good1");
    history.add("good2");
    Instant flood = START.plus(Duration.ofDays(10));
    for (int i = 0; i < 2_500; i++) {
      history.add("forged" + i).time = flood.plusSeconds(i);
    }
    history.add("elsewhere1").of("elsewhere");
    history.add("elsewhere2").of("elsewhere");
    Planned plan = history.plan(last(5));
    assertEquals(
        List.of(
            "2500 snapshots arrived on 2026-01-11 (UTC), where up to 2000 are usual: were all of"
                + " them made on purpose?"),
        plan.questions());
    assertEquals(2_504, plan.kept().size());
    assertTrue(plan.reasons("good1").get(0).startsWith("a question is open: 2500 snapshots"));
    RetentionQuestion question = plan.outcome().questions().get(0);
    assertEquals(TestHistory.ORDERS, question.source());
    assertEquals("default", question.environment());

    Planned answered = history.plan(last(5), plan.asked());
    assertEquals(List.of(), answered.questions());
    assertEquals(7, answered.kept().size());
  }

  @Test
  void whatArrivesAfterTheAnswerIsAskedAboutAnew() throws IOException {
    history.options = history.options.limits(limits(2));
    history.add("a");
    history.add("b");
    history.add("c");
    Planned plan = history.plan(last(1));
    assertEquals(Set.of("a", "b"), history.plan(last(1), plan.asked()).removed());
    history.add("d");
    Planned later = history.plan(last(1), plan.asked());
    assertEquals(Set.of(), later.removed());
    assertFalse(plan.questions().equals(later.questions()));
  }

  @Test
  void nobodyIsAskedWhereNothingWouldBeRemoved() throws IOException {
    history.options = history.options.limits(limits(2));
    for (String each : List.of("a", "b", "c")) {
      history.add(each).time = START.plus(Duration.ofDays(9000));
      history.items.get(each).arrival = Optional.of(START);
    }
    assertEquals(List.of(), history.plan(last(3)).questions());
  }

  @Test
  void damagedSnapshotsMakeNoFlood() throws IOException {
    history.options = history.options.limits(limits(2));
    for (String each : List.of("a", "b", "c")) {
      history.add(each).state(SnapshotState.DAMAGED);
    }
    history.add("good");
    Planned plan = history.plan(last(3));
    assertEquals(List.of(), plan.questions());
    assertEquals(Set.of("good"), plan.kept());
  }

  @Test
  void snapshotsDatedInTheFutureAreAskedAboutAndThenCountAsOfTheirArrival() throws IOException {
    history.add("old");
    Item forged = history.add("forged");
    forged.arrival = Optional.of(forged.time);
    forged.time = Instant.parse("2099-01-01T00:00:00Z");
    history.add("good");
    history.add("better");
    Planned plan = history.plan(last(2));
    assertEquals(
        List.of(
            "1 of the snapshots that arrived on 2026-01-01 (UTC) bear a time that lies more than"
                + " 1 h after it. They will count as of their arrival: is that right?"),
        plan.questions());
    assertEquals(Set.of(), plan.removed());
    Planned answered = history.plan(last(2), plan.asked());
    assertEquals(Set.of("good", "better"), answered.kept());
    // Listed as it is stored, whatever it counts as.
    assertEquals(history.snapshot("forged"), answered.outcome().decisions().get(0).snapshot());
  }

  @Test
  void snapshotsDatedLongBeforeTheirArrivalAreAskedAbout() throws IOException {
    Instant arrival = START.plus(Duration.ofDays(20));
    history.add("day");
    Item forged = history.add("forged");
    forged.arrival = Optional.of(arrival);
    Item unknown = history.add("unknown");
    unknown.time = Instant.EPOCH;
    unknown.arrival = Optional.of(arrival);
    history.add("newest");
    Planned plan = history.plan(last(2));
    assertEquals(
        List.of(
            "2 of the snapshots that arrived on 2026-01-21 (UTC) bear a time that lies more than"
                + " 7 d before it. They will count as of that time: is that right?"),
        plan.questions());
    assertEquals(Set.of(), plan.removed());
    assertEquals(Set.of("forged", "newest"), history.plan(last(2), plan.asked()).kept());
  }

  @Test
  void clocksThatDifferALittleAndSlowUploadsAreUsual() throws IOException {
    Item ahead = history.add("ahead");
    ahead.arrival = Optional.of(ahead.time.minus(Duration.ofHours(1)));
    Item late = history.add("late");
    late.arrival = Optional.of(late.time.plus(Duration.ofDays(7)));
    history.add("newest");
    Planned plan = history.plan(NOTHING);
    assertEquals(List.of(), plan.questions());
    assertEquals(Set.of("newest"), plan.kept());
  }

  @Test
  void aChangedIdentityIsAskedAboutBeforeSnapshotsOfTheFormerSystemGo() throws IOException {
    for (String each : List.of("unknown", "a1", "a2", "b1", "b2")) {
      history.add(each);
      if (!each.equals("unknown")) {
        history.identities.put(content(each), each.substring(0, 1));
      }
    }
    Planned plan = history.plan(last(3));
    assertEquals(
        List.of("The system called itself a and is now b: may snapshots of the former be removed?"),
        plan.questions());
    assertEquals(Set.of(), plan.removed());
    assertEquals(Set.of("unknown", "a1"), history.plan(last(3), plan.asked()).removed());
  }

  @Test
  void identitiesAreReadOnlyOfTheNewestAndOfWhatWouldGo() throws IOException {
    history.add("gone");
    history.add("held");
    history.add("kept");
    history.add("newest");
    history.identities.put(content("held"), "another");
    history.identities.put(content("kept"), "another");
    history.identities.put(content("gone"), "same");
    history.identities.put(content("newest"), "same");
    history.holds.put(history.snapshot("held").run(), List.of("audit"));
    Planned plan = history.plan(last(2));
    assertEquals(List.of(), plan.questions());
    assertEquals(Set.of("gone"), plan.removed());
  }

  @Test
  void whatWaitsForAnAnswerKeepsWhatItNeeds() throws IOException {
    history.add("base").of("base");
    history.add("newBase").of("base");
    Item forged = history.add("child").needs("base");
    forged.arrival = Optional.of(START.plus(Duration.ofDays(30)));
    history.add("newest");
    Planned plan = history.plan(NOTHING);
    assertEquals(Set.of(), plan.removed());
    assertTrue(plan.reasons("base").get(0).startsWith("needed by snapshot "));
  }

  private static RetentionLimits limits(int perDay) {
    return new RetentionLimits(perDay, Duration.ofHours(1), Duration.ofDays(7));
  }
}
