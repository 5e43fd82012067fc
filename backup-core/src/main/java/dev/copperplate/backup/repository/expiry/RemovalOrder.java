package dev.copperplate.backup.repository.expiry;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * In which order snapshots are removed: none before those that need it, so that whatever ends the
 * removal half way leaves no snapshot without what it needs.
 */
public final class RemovalOrder {

  private final Map<RunId, List<Snapshot>> doomed = new LinkedHashMap<>();
  private final Map<RunId, Set<RunId>> needs = new HashMap<>();
  private final Map<RunId, Integer> dependants = new HashMap<>();

  private RemovalOrder(Collection<Snapshot> snapshots) {
    for (Snapshot each : snapshots) {
      doomed.computeIfAbsent(each.run(), any -> new ArrayList<>(1)).add(each);
    }
    for (Snapshot each : snapshots) {
      for (RunId run : each.dependencies()) {
        boolean counts = doomed.containsKey(run) && !run.equals(each.run());
        if (counts && needs.computeIfAbsent(each.run(), any -> new LinkedHashSet<>()).add(run)) {
          dependants.merge(run, 1, Integer::sum);
        }
      }
    }
  }

  /**
   * The snapshots in rounds: those of one round may go in any order. Such as need each other in a
   * circle, which no capture makes, go in the last.
   */
  public static List<List<Snapshot>> rounds(Collection<Snapshot> snapshots) {
    return new RemovalOrder(snapshots).rounds();
  }

  private List<List<Snapshot>> rounds() {
    List<List<Snapshot>> rounds = new ArrayList<>();
    List<RunId> free = new ArrayList<>();
    doomed.keySet().stream().filter(each -> !dependants.containsKey(each)).forEach(free::add);
    while (!free.isEmpty()) {
      rounds.add(take(free));
      free = freedBy(free);
    }
    if (!doomed.isEmpty()) {
      rounds.add(take(List.copyOf(doomed.keySet())));
    }
    return rounds;
  }

  private List<Snapshot> take(List<RunId> runs) {
    List<Snapshot> round = new ArrayList<>();
    for (RunId each : runs) {
      List<Snapshot> ofRun = doomed.remove(each);
      if (ofRun != null) {
        round.addAll(ofRun);
      }
    }
    return round;
  }

  private List<RunId> freedBy(List<RunId> gone) {
    List<RunId> freed = new ArrayList<>();
    for (RunId each : gone) {
      for (RunId needed : needs.getOrDefault(each, Set.of())) {
        if (dependants.merge(needed, -1, Integer::sum) == 0) {
          freed.add(needed);
        }
      }
    }
    return freed;
  }
}
