package dev.copperplate.backup.repository;

import dev.copperplate.backup.ContentId;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How far snapshots are proved: as far as their own content is, and all that they depend on is
 * there and proved. Of several snapshots of one run, which stock tools leave behind, one that is
 * proved is enough for those that depend on it.
 */
final class Proofs {

  private final OpenRepository repository;
  private final RepositoryOptions options;

  Proofs(OpenRepository repository, RepositoryOptions options) {
    this.repository = repository;
    this.options = options;
  }

  /** The snapshots that a filter lets through, newest first; proofs included. */
  List<Snapshot> list(SnapshotFilter filter) throws IOException {
    if (filter.proof().isEmpty()) {
      return repository.catalog().list(filter);
    }
    List<Snapshot> all = repository.catalog().list(SnapshotFilter.ALL);
    List<Snapshot> found =
        all.stream().filter(each -> SnapshotCatalog.matches(filter, each)).toList();
    Map<SnapshotId, Proof> proofs = of(found, all);
    return found.stream()
        .filter(each -> reaches(proofs.get(each.id()), filter.proof().get()))
        .toList();
  }

  /**
   * How far snapshots are proved; those that are not are left out. Lists all receipts once, and
   * reads those that it takes and that this process does not know yet.
   *
   * @param wanted of which that is to be known
   * @param all that the repository has
   */
  Map<SnapshotId, Proof> of(Collection<Snapshot> wanted, Collection<Snapshot> all)
      throws IOException {
    Map<RunId, List<Snapshot>> byRun = all.stream().collect(Collectors.groupingBy(Snapshot::run));
    Set<Snapshot> closure = closure(wanted, byRun);
    Set<ContentId> contents = closure.stream().map(Snapshot::content).collect(Collectors.toSet());
    Map<ContentId, Proof> proved = new Receipts(repository, options).proofs(contents);
    Map<SnapshotId, Proof> proofs = new HashMap<>();
    for (Proof level : Proof.values()) {
      for (Snapshot each : proved(closure, proved, level)) {
        proofs.put(each.id(), level);
      }
    }
    return proofs;
  }

  /** These snapshots, and all that they depend on, as far as it is there. */
  private static Set<Snapshot> closure(
      Collection<Snapshot> wanted, Map<RunId, List<Snapshot>> byRun) {
    Set<Snapshot> closure = new HashSet<>(wanted);
    Deque<Snapshot> waiting = new ArrayDeque<>(closure);
    while (!waiting.isEmpty()) {
      for (RunId each : waiting.remove().dependencies()) {
        for (Snapshot needed : byRun.getOrDefault(each, List.of())) {
          if (closure.add(needed)) {
            waiting.add(needed);
          }
        }
      }
    }
    return closure;
  }

  /**
   * Begins with all whose content is proved, and takes away who depends on a run of which none is
   * left. That ends also where hostile tags make snapshots depend on each other in a ring.
   */
  private static Set<Snapshot> proved(
      Set<Snapshot> closure, Map<ContentId, Proof> contents, Proof level) {
    Set<Snapshot> proved = new HashSet<>();
    Map<RunId, Integer> left = new HashMap<>();
    Map<RunId, Set<Snapshot>> dependents = new HashMap<>();
    for (Snapshot each : closure) {
      if (reaches(contents.get(each.content()), level)) {
        proved.add(each);
        left.merge(each.run(), 1, Integer::sum);
        for (RunId needed : each.dependencies()) {
          dependents.computeIfAbsent(needed, any -> new HashSet<>()).add(each);
        }
      }
    }
    Deque<RunId> gone = new ArrayDeque<>(dependents.keySet());
    gone.removeIf(left::containsKey);
    while (!gone.isEmpty()) {
      for (Snapshot each : dependents.getOrDefault(gone.remove(), Set.of())) {
        if (proved.remove(each) && left.merge(each.run(), -1, Integer::sum) == 0) {
          gone.add(each.run());
        }
      }
    }
    return proved;
  }

  private static boolean reaches(@Nullable Proof proof, Proof level) {
    return proof != null && proof.compareTo(level) >= 0;
  }
}
