package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.TestHistory.Item;
import dev.copperplate.backup.repository.TestHistory.Planned;
import dev.copperplate.backup.repository.expiry.RemovalOrder;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.function.Predicate;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Whatever the history and the policy: what is protected is not lost. */
class RetentionProperties {

  private static final int MOST = 40;

  @Property(tries = 1000)
  void nothingProtectedIsLost(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    TestHistory history = history(random);
    Planned plan = history.plan(policy(random));
    Set<String> kept = plan.kept();
    for (String name : history.items.keySet()) {
      Snapshot snapshot = history.snapshot(name);
      if (history.holds.containsKey(snapshot.run())
          || history.leased.contains(snapshot.run())
          || snapshot.tags().contains("pinned")
          || isNewest(history, name, each -> true)
          || isNewest(history, name, history.proofs::containsKey)) {
        assertTrue(kept.contains(name), () -> name + " is lost");
      }
      if (kept.contains(name)) {
        assertTrue(!plan.reasons(name).isEmpty(), () -> name + " has no reason");
      }
    }
  }

  @Property(tries = 500)
  void noSnapshotLosesWhatItNeedsHoweverFarTheRemovalGets(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    TestHistory history = history(random);
    Planned plan = history.plan(policy(random));
    Set<String> whole = gone(history);
    List<List<Snapshot>> rounds =
        RemovalOrder.rounds(plan.removed().stream().map(history::snapshot).toList());
    assertEquals(plan.removed().size(), rounds.stream().mapToInt(List::size).sum());
    for (List<Snapshot> round : rounds) {
      for (Snapshot each : round) {
        history.remove(Set.of(plan.names().get(each.id())));
        assertEquals(Set.of(), newlyGone(history, whole), "with " + each.run());
      }
    }
  }

  @Property(tries = 500)
  void aPlanThatWasCarriedOutLeavesNothingToRemove(@ForAll long seed) throws IOException {
    Random random = new Random(seed);
    TestHistory history = history(random);
    // Answers the same whatever else is there, as policies that look at each by itself do.
    Set<String> wanted = new HashSet<>(history.items.keySet());
    wanted.removeIf(each -> random.nextBoolean());
    RetentionPolicy policy = TestHistory.keeping(each -> wanted.contains(each.run().value()));
    history.remove(history.plan(policy).removed());
    assertEquals(Set.of(), history.plan(policy).removed());
  }

  private static boolean isNewest(TestHistory history, String name, Predicate<String> such) {
    Snapshot snapshot = history.snapshot(name);
    if (snapshot.state() == SnapshotState.DAMAGED || !such.test(name)) {
      return false;
    }
    return history.items.keySet().stream()
        .filter(each -> isSameGroup(history.snapshot(each), snapshot))
        .filter(each -> history.snapshot(each).state() != SnapshotState.DAMAGED)
        .filter(such)
        .allMatch(
            each -> SnapshotCatalog.NEWEST_FIRST.compare(snapshot, history.snapshot(each)) <= 0);
  }

  private static boolean isSameGroup(Snapshot one, Snapshot other) {
    return one.source().equals(other.source()) && one.environment().equals(other.environment());
  }

  private static Set<String> gone(TestHistory history) {
    Set<String> broken = new HashSet<>();
    history.items.forEach(
        (name, item) -> {
          if (!history.items.keySet().containsAll(item.needs)) {
            broken.add(name);
          }
        });
    return broken;
  }

  private static Set<String> newlyGone(TestHistory history, Set<String> before) {
    Set<String> now = gone(history);
    now.removeAll(before);
    return now;
  }

  /** Every snapshot needs only earlier ones, as captures make them; some are gone. */
  private static TestHistory history(Random random) {
    TestHistory history = new TestHistory();
    int count = 1 + random.nextInt(MOST);
    for (int i = 0; i < count; i++) {
      String name = "s" + i;
      Item item = history.add(name).of("source" + random.nextInt(3));
      item.environment = random.nextInt(4) == 0 ? "staging" : "default";
      item.time = item.time.plus(Duration.ofMinutes(random.nextInt(90)));
      item.state = random.nextInt(5) == 0 ? SnapshotState.DAMAGED : SnapshotState.COMPLETE;
      item.tags = random.nextInt(12) == 0 ? Set.of("pinned") : Set.of();
      item.needs = needs(random, i);
      protect(history, name, random);
    }
    return history;
  }

  private static List<String> needs(Random random, int number) {
    List<String> needs = new ArrayList<>();
    for (int i = random.nextInt(3); i > 0 && number > 0; i--) {
      needs.add(random.nextInt(20) == 0 ? "gone" : "s" + random.nextInt(number));
    }
    return List.copyOf(new HashSet<>(needs));
  }

  private static void protect(TestHistory history, String name, Random random) {
    switch (random.nextInt(12)) {
      case 0 -> history.holds.put(new RunId(name), List.of("held"));
      case 1 -> history.leased.add(new RunId(name));
      case 2, 3, 4, 5, 6 -> history.proofs.put(name, Proof.values()[random.nextInt(3)]);
      default -> {}
    }
  }

  private static RetentionPolicy policy(Random random) {
    if (random.nextInt(3) == 0) {
      return TestHistory.NOTHING;
    }
    if (random.nextBoolean()) {
      return TestHistory.last(random.nextInt(4));
    }
    Set<String> kept = new HashSet<>();
    for (int i = 0; i < MOST; i++) {
      Optional.of("s" + i).filter(each -> random.nextInt(3) == 0).ifPresent(kept::add);
    }
    return TestHistory.keeping(each -> kept.contains(each.run().value()));
  }
}
