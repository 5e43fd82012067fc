package dev.copperplate.backup.postgres.inventory;

import dev.copperplate.backup.postgres.wal.SegmentSize;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalRanges;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/**
 * All WAL of one cluster that is stored, in whatever commits. Memory: some hundred bytes for each
 * version of a segment.
 */
public final class StoredWal {

  private final SegmentSize size;
  private final List<WalCommit> commits = new ArrayList<>();
  private final Map<Integer, TimelineHistory> histories = new TreeMap<>();
  private final Map<WalSegment, List<StoredSegment>> segments =
      new TreeMap<>(Comparator.comparing(WalSegment::timeline).thenComparing(WalSegment::number));

  public StoredWal(SegmentSize size) {
    this.size = size;
  }

  public SegmentSize size() {
    return size;
  }

  void add(WalCommit commit) {
    commits.add(commit);
  }

  void add(StoredSegment version) {
    segments.computeIfAbsent(version.segment(), any -> new ArrayList<>()).add(version);
  }

  void add(TimelineHistory history) {
    histories.putIfAbsent(history.timeline(), history);
  }

  List<WalCommit> commits() {
    return List.copyOf(commits);
  }

  /** The timelines of which a history is stored. */
  List<TimelineHistory> histories() {
    return List.copyOf(histories.values());
  }

  public Optional<TimelineHistory> history(int timeline) {
    return Optional.ofNullable(histories.get(timeline));
  }

  /** The versions of a segment, the best one first; none if it is not stored. */
  public List<StoredSegment> versions(WalSegment segment) {
    List<StoredSegment> versions = new ArrayList<>(segments.getOrDefault(segment, List.of()));
    versions.sort(StoredSegment.BEST);
    return versions;
  }

  /** The segments of a timeline that are stored, ascending. */
  public List<WalSegment> segments(int timeline) {
    return segments.keySet().stream().filter(each -> each.timeline() == timeline).toList();
  }

  /** What is stored on the way to a timeline. */
  WalRanges along(TimelineHistory way) {
    List<WalRange> ranges = new ArrayList<>();
    for (int timeline : way.path()) {
      WalRanges all = of(timeline);
      ranges.addAll(way.endOf(timeline).map(all::before).orElse(all).ranges());
    }
    return WalRanges.of(ranges);
  }

  private WalRanges of(int timeline) {
    List<WalRange> ranges = new ArrayList<>();
    for (WalSegment each : segments(timeline)) {
      ranges.add(new WalRange(each.start(), versions(each).get(0).end()));
    }
    return WalRanges.of(ranges);
  }
}
