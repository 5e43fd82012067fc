package dev.copperplate.backup.repository.expiry;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Predicate;

/**
 * The verdicts on all snapshots of a repository. Those that nobody asked about stay, and keep what
 * they need, like any other. Not thread-safe.
 */
public final class Verdicts {

  private final Dependencies dependencies;
  private final Map<SnapshotId, Verdict> verdicts = new LinkedHashMap<>();
  private final List<Verdict> asked = new ArrayList<>();

  /**
   * @param stored all snapshots, newest first
   * @param asked which of them may be removed at all
   */
  public Verdicts(List<Snapshot> stored, Predicate<Snapshot> asked, Dependencies dependencies) {
    this.dependencies = dependencies;
    for (Snapshot each : stored) {
      Verdict verdict = new Verdict(each, asked.test(each));
      verdicts.put(each.id(), verdict);
      if (verdict.isAsked()) {
        this.asked.add(verdict);
      }
    }
  }

  public Verdict of(Snapshot snapshot) {
    Verdict verdict = verdicts.get(snapshot.id());
    if (verdict == null) {
      throw new IllegalArgumentException("Not a snapshot of this plan: " + snapshot.id());
    }
    return verdict;
  }

  /** Whether the plan is about a snapshot. */
  public boolean isAsked(Snapshot snapshot) {
    return of(snapshot).isAsked();
  }

  /** The verdicts that were asked for, newest first. */
  public List<Verdict> asked() {
    return asked;
  }

  /** Keeps all that kept snapshots need, directly or through others. */
  public void keepNeeded() {
    Deque<Snapshot> open = new ArrayDeque<>();
    for (Verdict each : verdicts.values()) {
      if (each.isKept()) {
        open.add(each.snapshot());
      }
    }
    Set<RunId> seen = new HashSet<>();
    for (Snapshot dependant = open.poll(); dependant != null; dependant = open.poll()) {
      for (RunId run : dependant.dependencies()) {
        if (seen.add(run)) {
          open.addAll(keep(run, dependant));
        }
      }
    }
  }

  /** Returns those that were not kept before. */
  private List<Snapshot> keep(RunId run, Snapshot dependant) {
    return dependencies.of(run).stream()
        .filter(each -> !each.equals(dependant) && of(each).keepFor(dependant))
        .toList();
  }

  /** What was found, newest first. */
  public List<Decision> decisions() {
    return asked.stream().map(Verdict::decision).toList();
  }
}
