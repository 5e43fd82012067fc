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

/** Snapshots that no repository holds, for the properties of policies. */
public final class SnapshotArbitraries {

  private static final Instant FIRST = Instant.parse("2020-01-01T00:00:00Z");
  private static final Instant LAST = Instant.parse("2026-12-31T23:59:59Z");
  private static final SourceId SOURCE = new SourceId("postgres", "orders");
  private static final int LONGEST = 60;

  private SnapshotArbitraries() {}

  /** Undamaged snapshots of one source, newest first; some at the very same time. */
  public static Arbitrary<List<Snapshot>> histories() {
    return times().list().ofMaxSize(LONGEST).map(SnapshotArbitraries::history);
  }

  /** Times of some years, often close to each other. */
  public static Arbitrary<Instant> times() {
    Arbitrary<Long> anywhere =
        Arbitraries.longs().between(FIRST.getEpochSecond(), LAST.getEpochSecond());
    Arbitrary<Long> close =
        Arbitraries.longs().between(LAST.getEpochSecond() - 200_000, LAST.getEpochSecond());
    return Arbitraries.oneOf(anywhere, close).map(Instant::ofEpochSecond);
  }

  private static List<Snapshot> history(List<Instant> times) {
    List<Instant> newestFirst = new ArrayList<>(times);
    newestFirst.sort(Comparator.reverseOrder());
    List<Snapshot> snapshots = new ArrayList<>();
    for (int i = 0; i < newestFirst.size(); i++) {
      snapshots.add(snapshot(i, newestFirst.get(i)));
    }
    return List.copyOf(snapshots);
  }

  private static Snapshot snapshot(int number, Instant time) {
    String hex = String.format(Locale.ROOT, "%064x", number + 1);
    return new Snapshot(
        new SnapshotId(hex),
        new RunId("run-" + number),
        new ContentId(hex),
        SOURCE,
        "test",
        time,
        number % 7 == 3 ? SnapshotState.PARTIAL : SnapshotState.COMPLETE,
        List.of(),
        Optional.empty(),
        Optional.empty(),
        Set.of(),
        number,
        number * 1000L);
  }
}
