package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.wal.WalRange;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The time in which each commit takes over what the one before it held.
 *
 * @param began when
 * @param start the first segment's beginning; empty before its first commit
 * @param gaps what is missing in it
 * @param last its newest commit, if it has one
 */
record Window(
    Instant began, Optional<WalPosition> start, List<WalRange> gaps, Optional<Snapshot> last) {

  Window {
    gaps = List.copyOf(gaps);
  }

  static Window beginning(Instant now) {
    return new Window(now, Optional.empty(), List.of(), Optional.empty());
  }

  /** The window of a commit, if it goes on. */
  static Optional<Window> of(StoredCommits.Commit commit) {
    WalFacts facts = commit.facts();
    return facts.closed()
        ? Optional.empty()
        : Optional.of(
            new Window(
                facts.began(),
                Optional.of(facts.start()),
                facts.gaps(),
                Optional.of(commit.snapshot())));
  }

  boolean isOver(Instant now, Duration length) {
    return Duration.between(began, now).compareTo(length) >= 0;
  }

  /** Where it begins if this is its first commit. */
  WalPosition startWith(Cut cut) {
    return start.orElseGet(() -> begin(cut));
  }

  private static WalPosition begin(Cut cut) {
    if (cut.pieces().isEmpty()) {
      return cut.end();
    }
    Cut.Piece first = cut.pieces().get(0);
    return new WalPosition(first.segment().start(), first.segment().timeline());
  }

  List<WalRange> gapsWith(List<WalRange> more) {
    List<WalRange> all = new ArrayList<>(gaps);
    all.addAll(more);
    return all;
  }

  /** After a commit. */
  Window with(Snapshot commit, WalFacts facts) {
    return new Window(began, Optional.of(facts.start()), facts.gaps(), Optional.of(commit));
  }
}
