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
 * not make sense: tags are written by whoever may write.
 */
final class Lineages {

  private final Map<RunId, Set<RunId>> replaces = new HashMap<>();
  private final Set<RunId> replaced = new HashSet<>();

  Lineages(List<Snapshot> newestFirst) {
    Set<RunId> named = new HashSet<>();
    for (Snapshot each : newestFirst) {
      each.replaces()
          .filter(run -> !run.equals(each.run()))
          .ifPresent(run -> add(each, run, named));
    }
    for (Snapshot each : newestFirst) {
      if (!named.contains(each.run())) {
        follow(each.run());
      }
    }
    // What no head leads to stands in a ring, where each claims to hold the data of the next. Not
    // all of them can be right, so the newest of the ring stays.
    newestFirst.forEach(each -> follow(each.run()));
  }

  /** The runs whose data another one holds that is not among them. */
  Set<RunId> replaced() {
    return replaced;
  }

  private void add(Snapshot snapshot, RunId run, Set<RunId> named) {
    replaces.computeIfAbsent(snapshot.run(), any -> new HashSet<>()).add(run);
    named.add(run);
  }

  private void follow(RunId head) {
    if (replaced.contains(head)) {
      return;
    }
    Deque<RunId> open = new ArrayDeque<>(replaces.getOrDefault(head, Set.of()));
    while (!open.isEmpty()) {
      RunId run = open.pop();
      if (!run.equals(head) && replaced.add(run)) {
        open.addAll(replaces.getOrDefault(run, Set.of()));
      }
    }
  }
}
