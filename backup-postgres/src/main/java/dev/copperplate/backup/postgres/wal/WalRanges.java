package dev.copperplate.backup.postgres.wal;

import dev.copperplate.backup.postgres.Lsn;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which WAL there is: ranges that neither touch nor overlap, ascending.
 *
 * @param ranges ascending, none empty
 */
public record WalRanges(List<WalRange> ranges) {

  public static final WalRanges NONE = new WalRanges(List.of());

  public WalRanges {
    ranges = List.copyOf(ranges);
    for (int i = 0; i < ranges.size(); i++) {
      boolean apart = i == 0 || ranges.get(i - 1).to().isBefore(ranges.get(i).from());
      if (!apart || ranges.get(i).isEmpty()) {
        throw new IllegalArgumentException("Ranges of WAL out of order: " + ranges);
      }
    }
  }

  /** All of these together, in whatever order and however they overlap. */
  public static WalRanges of(List<WalRange> any) {
    List<WalRange> sorted = new ArrayList<>(any);
    sorted.removeIf(WalRange::isEmpty);
    sorted.sort(Comparator.comparing(WalRange::from));
    List<WalRange> joined = new ArrayList<>();
    for (WalRange each : sorted) {
      int last = joined.size() - 1;
      if (last < 0 || joined.get(last).to().isBefore(each.from())) {
        joined.add(each);
      } else {
        joined.set(last, joined(joined.get(last), each));
      }
    }
    return new WalRanges(joined);
  }

  private static WalRange joined(WalRange one, WalRange behind) {
    return one.to().isBefore(behind.to()) ? new WalRange(one.from(), behind.to()) : one;
  }

  /** What is in either. */
  public WalRanges and(WalRanges others) {
    List<WalRange> both = new ArrayList<>(ranges);
    both.addAll(others.ranges);
    return of(both);
  }

  /** What of it lies before the position. */
  public WalRanges before(Lsn end) {
    List<WalRange> kept = new ArrayList<>();
    for (WalRange each : ranges) {
      if (!each.to().isBefore(end) && each.from().isBefore(end)) {
        kept.add(new WalRange(each.from(), end));
      } else if (each.to().isBefore(end)) {
        kept.add(each);
      }
    }
    return new WalRanges(kept);
  }

  /** How far everything is there from a position on: that position itself, if nothing is. */
  public Lsn reach(Lsn from) {
    for (WalRange each : ranges) {
      if (!from.isBefore(each.from()) && !each.to().isBefore(from)) {
        return each.to();
      }
    }
    return from;
  }

  /** Whether every byte of the range is there. */
  public boolean hasAll(WalRange range) {
    return !reach(range.from()).isBefore(range.to());
  }

  /** What is missing in the range. */
  public List<WalRange> gaps(WalRange range) {
    List<WalRange> gaps = new ArrayList<>();
    Lsn at = range.from();
    for (WalRange each : before(range.to()).ranges) {
      if (at.isBefore(each.from())) {
        gaps.add(new WalRange(at, each.from()));
      }
      at = at.isBefore(each.to()) ? each.to() : at;
    }
    if (at.isBefore(range.to())) {
      gaps.add(new WalRange(at, range.to()));
    }
    return List.copyOf(gaps);
  }
}
