package dev.copperplate.backup.retention;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which runs hold the data of which others, as the snapshots of a group say it. What they say need
 * not make sense: tags are written by whoever may write. So nobody is believed to hold the data of
 * a run that came later, and no ring of claims, each of the next, lets anything go.
 */
final class Lineages {

  private final Map<RunId, Set<RunId>> replaces = new HashMap<>();
  private final Set<RunId> replaced = new HashSet<>();

  Lineages(List<Snapshot> newestFirst) {
    Set<RunId> sameOrNewer = new HashSet<>();
    for (Snapshot each : newestFirst) {
      sameOrNewer.add(each.run());
      each.replaces()
          .filter(run -> !sameOrNewer.contains(run))
          .ifPresent(run -> replaces.computeIfAbsent(each.run(), any -> new HashSet<>()).add(run));
    }
    newestFirst.forEach(each -> follow(each.run()));
  }

  /** The runs whose data another one holds that is not among them. */
  Set<RunId> replaced() {
    return replaced;
  }

  private void follow(RunId newer) {
    Deque<RunId> open = new ArrayDeque<>(replaces.getOrDefault(newer, Set.of()));
    while (!open.isEmpty()) {
      RunId run = open.pop();
      if (replaced.add(run)) {
        open.addAll(replaces.getOrDefault(run, Set.of()));
      }
    }
  }
}
