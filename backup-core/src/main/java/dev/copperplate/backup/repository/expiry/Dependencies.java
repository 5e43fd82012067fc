package dev.copperplate.backup.repository.expiry;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which snapshots need which others. They name runs, and several snapshots may bear one run after a
 * stock tool rewrote it: any of them may be the one that is needed. What the snapshot files say is
 * not trusted to be free of circles.
 */
public final class Dependencies {

  private final Map<RunId, List<Snapshot>> byRun = new HashMap<>();

  public Dependencies(Collection<Snapshot> stored) {
    for (Snapshot each : stored) {
      byRun.computeIfAbsent(each.run(), any -> new ArrayList<>(1)).add(each);
    }
  }

  /** The snapshots of a run. */
  public List<Snapshot> of(RunId run) {
    return byRun.getOrDefault(run, List.of());
  }

  /** The runs that a snapshot needs and of which no snapshot is left. */
  public List<RunId> gone(Snapshot snapshot) {
    return snapshot.dependencies().stream().filter(each -> !byRun.containsKey(each)).toList();
  }

  /** The runs that snapshots need, directly or through others; also those that are gone. */
  public Set<RunId> closure(Collection<Snapshot> dependants) {
    Set<RunId> needed = new LinkedHashSet<>();
    Deque<Snapshot> open = new ArrayDeque<>(dependants);
    for (Snapshot next = open.poll(); next != null; next = open.poll()) {
      for (RunId run : next.dependencies()) {
        if (needed.add(run)) {
          open.addAll(of(run));
        }
      }
    }
    return needed;
  }
}
