package dev.copperplate.backup.postgres.retention;

import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.inventory.StoredBase;
import dev.copperplate.backup.postgres.inventory.WalCommit;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.time.Instant;
import java.util.Comparator;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What is stored of one cluster.
 *
 * @param bases those that can be restored
 * @param commits those that no other one replaces
 * @param histories of its timelines, as far as they are known
 */
public record ClusterSnapshots(
    List<StoredBase> bases, List<WalCommit> commits, Map<Integer, TimelineHistory> histories) {

  public ClusterSnapshots {
    bases = List.copyOf(bases);
    commits = List.copyOf(commits);
    histories = Map.copyOf(histories);
  }

  /**
   * The bases that recovery begins with, so that every point since some time can be reached. On the
   * way to each timeline that was written to since then: the newest base that had ended before, and
   * all later ones. The one that starts first comes first.
   */
  List<StoredBase> neededSince(Instant time) {
    Set<StoredBase> needed = new LinkedHashSet<>();
    for (int timeline : writtenSince(time)) {
      needed.addAll(neededSince(time, timeline));
    }
    return needed.stream().sorted(Comparator.comparing(each -> each.facts().start())).toList();
  }

  private Set<Integer> writtenSince(Instant time) {
    Set<Integer> timelines = new HashSet<>();
    Optional<Instant> newest = commits.stream().map(WalCommit::time).max(Comparator.naturalOrder());
    for (WalCommit each : commits) {
      if (!each.time().isBefore(time) || each.time().equals(newest.get())) {
        timelines.add(each.timeline());
      }
    }
    for (StoredBase each : bases) {
      if (!each.endedBefore(time)) {
        timelines.add(each.facts().timeline());
      }
    }
    return timelines;
  }

  private List<StoredBase> neededSince(Instant time, int timeline) {
    Optional<TimelineHistory> way =
        timeline == 1
            ? Optional.of(TimelineHistory.without(1))
            : Optional.ofNullable(histories.get(timeline));
    if (way.isEmpty()) {
      // Where it came from is not known: it may be from any.
      return bases.stream().filter(each -> each.facts().timeline() <= timeline).toList();
    }
    List<StoredBase> onIt = bases.stream().filter(each -> each.isOn(way.get())).toList();
    Optional<Lsn> newest =
        onIt.stream()
            .filter(each -> each.endedBefore(time))
            .map(each -> each.facts().end())
            .max(Comparator.naturalOrder());
    return onIt.stream()
        .filter(each -> newest.isEmpty() || !each.facts().end().isBefore(newest.get()))
        .toList();
  }
}
