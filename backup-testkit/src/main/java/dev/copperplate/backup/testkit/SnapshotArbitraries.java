package dev.copperplate.backup.testkit;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SourceId;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;

/** Snapshots that no repository holds, for the properties of policies. */
public final class SnapshotArbitraries {

  /** Tags that some of the snapshots carry. */
  public static final List<String> TAGS = List.of("keep", "audit");

  private static final SourceId SOURCE = new SourceId("postgres", "orders");

  private SnapshotArbitraries() {}

  /** What is drawn of a snapshot besides its time. */
  private record Traits(Set<String> tags, Optional<Integer> replaces, boolean sameRun) {}

  /**
   * Undamaged snapshots of one source, newest first; at most 80.
   *
   * <p>They come in bursts, some within one second or at the very same time, and in series of
   * hours, days, weeks or months, with gaps of up to years between. Many lie around the borders of
   * days, ISO weeks, months and years, and where clocks change, in Europe/Berlin,
   * America/Los_Angeles, Pacific/Auckland and Australia/Lord_Howe; some in 1970 or far in the
   * future. Some carry {@link #TAGS}, or are of the same run as their neighbour, as after stock
   * restic has rewritten one. What they replace need not be there, nor be older, and they may
   * replace each other in a ring.
   */
  public static Arbitrary<List<Snapshot>> histories() {
    return NastyTimes.histories()
        .flatMap(
            times ->
                traits(times.size()).list().ofSize(times.size()).map(all -> history(times, all)));
  }

  /** Times to decide for: those at which snapshots are made, and times before and after them. */
  public static Arbitrary<Instant> times() {
    return NastyTimes.instants();
  }

  private static Arbitrary<Traits> traits(int snapshots) {
    Arbitrary<Set<String>> untagged = Arbitraries.just(Set.of());
    Arbitrary<Set<String>> tagged = Arbitraries.of(TAGS).set().ofMinSize(1);
    Arbitrary<Optional<Integer>> nothing = Arbitraries.just(Optional.empty());
    Arbitrary<Optional<Integer>> any =
        Arbitraries.integers().between(0, snapshots).map(Optional::of);
    return Combinators.combine(
            Arbitraries.oneOf(untagged, untagged, untagged, tagged),
            Arbitraries.oneOf(nothing, any),
            Arbitraries.integers().between(1, 8).map(each -> each == 8))
        .as(Traits::new);
  }

  private static List<Snapshot> history(List<Instant> times, List<Traits> traits) {
    List<Instant> newestFirst = new ArrayList<>(times);
    newestFirst.sort(Comparator.reverseOrder());
    List<Snapshot> snapshots = new ArrayList<>();
    for (int i = 0; i < newestFirst.size(); i++) {
      snapshots.add(snapshot(i, newestFirst.get(i), traits.get(i)));
    }
    return List.copyOf(snapshots);
  }

  private static Snapshot snapshot(int number, Instant time, Traits traits) {
    String hex = String.format(Locale.ROOT, "%064x", number + 1);
    return new Snapshot(
        new SnapshotId(hex),
        run(traits.sameRun() && number > 0 ? number - 1 : number),
        new ContentId(hex),
        SOURCE,
        "test",
        time,
        number % 7 == 3 ? SnapshotState.PARTIAL : SnapshotState.COMPLETE,
        List.of(),
        traits.replaces().map(SnapshotArbitraries::run),
        Optional.empty(),
        traits.tags(),
        number,
        number * 1000L);
  }

  private static RunId run(int number) {
    return new RunId("run-" + number);
  }
}
