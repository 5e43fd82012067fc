package dev.copperplate.backup.repository;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.Deque;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Puts snapshots, with all that they depend on, in an order in which those on which others depend
 * come first, and otherwise the older ones. Where one waits for itself in a circle, which only a
 * forged one does, its circle comes last. No recursion: a chain may have any length.
 */
final class CopyOrder {

  private static final Comparator<Snapshot> OLDEST_FIRST =
      Comparator.comparing(Snapshot::time).thenComparing(each -> each.id().hex());

  private final Map<RunId, List<Snapshot>> byRun = new HashMap<>();

  /**
   * @param all the snapshots that there are
   */
  CopyOrder(Collection<Snapshot> all) {
    for (Snapshot each : all) {
      byRun.computeIfAbsent(each.run(), any -> new ArrayList<>()).add(each);
    }
  }

  /** These, and those on which they depend as far as they are there. */
  List<Snapshot> of(Collection<Snapshot> wanted) {
    Set<Snapshot> needed = closure(wanted);
    Map<Snapshot, Integer> missing = new HashMap<>();
    Map<Snapshot, List<Snapshot>> dependents = new HashMap<>();
    TreeSet<Snapshot> ready = new TreeSet<>(OLDEST_FIRST);
    for (Snapshot each : needed) {
      Set<Snapshot> waitsFor = dependencies(each);
      waitsFor.forEach(
          other -> dependents.computeIfAbsent(other, any -> new ArrayList<>()).add(each));
      missing.put(each, waitsFor.size());
      if (waitsFor.isEmpty()) {
        ready.add(each);
      }
    }
    Set<Snapshot> ordered = new LinkedHashSet<>();
    for (Snapshot next = ready.pollFirst(); next != null; next = ready.pollFirst()) {
      ordered.add(next);
      for (Snapshot each : dependents.getOrDefault(next, List.of())) {
        if (missing.merge(each, -1, Integer::sum) == 0) {
          ready.add(each);
        }
      }
    }
    needed.stream().sorted(OLDEST_FIRST).forEach(ordered::add);
    return List.copyOf(ordered);
  }

  private Set<Snapshot> closure(Collection<Snapshot> wanted) {
    Set<Snapshot> needed = new LinkedHashSet<>(wanted);
    Deque<Snapshot> open = new ArrayDeque<>(needed);
    for (Snapshot next = open.poll(); next != null; next = open.poll()) {
      for (Snapshot each : dependencies(next)) {
        if (needed.add(each)) {
          open.add(each);
        }
      }
    }
    return needed;
  }

  /** Several of one run, where stock tools rewrote it. */
  private Set<Snapshot> dependencies(Snapshot snapshot) {
    Set<Snapshot> all = new LinkedHashSet<>();
    for (RunId each : snapshot.dependencies()) {
      all.addAll(byRun.getOrDefault(each, List.of()));
    }
    return all;
  }
}
