package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotId;
import dev.copperplate.backup.repository.expiry.Dependencies;
import dev.copperplate.backup.repository.expiry.RemovalOrder;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.repair.ObjectHealing;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Removes snapshot files, those that need others first. What the store does not let go keeps what
 * it needs.
 */
final class SnapshotRemoval {

  /** How many files are asked away at once; the lock is looked for before each time. */
  private static final int BATCH = 1_000;

  private static final Logger LOG = LoggerFactory.getLogger(SnapshotRemoval.class);

  private final OpenRepository repository;
  private final Run run;
  private final RepositoryLock lock;
  private final List<Snapshot> removed = new ArrayList<>();
  private final Map<SnapshotId, Set<String>> classes = new HashMap<>();
  private final List<Decision> stayed = new ArrayList<>();

  SnapshotRemoval(OpenRepository repository, Run run, RepositoryLock lock) {
    this.repository = repository;
    this.run = run;
    this.lock = lock;
  }

  /** Removes the snapshots of these decisions. */
  void remove(List<Decision> decisions) throws IOException, InterruptedException {
    decisions.forEach(each -> classes.put(each.snapshot().id(), each.classes()));
    List<Snapshot> doomed = decisions.stream().map(Decision::snapshot).toList();
    run.expect(doomed.size(), 0);
    Dependencies dependencies = new Dependencies(doomed);
    Set<RunId> needed = new HashSet<>();
    for (List<Snapshot> round : RemovalOrder.rounds(doomed)) {
      List<Snapshot> free = new ArrayList<>();
      for (Snapshot each : round) {
        if (needed.contains(each.run())) {
          stay(each, "a snapshot that needs it was not let go by the store");
        } else {
          free.add(each);
        }
      }
      for (int from = 0; from < free.size(); from += BATCH) {
        List<Snapshot> refused =
            removeAtOnce(free.subList(from, Math.min(from + BATCH, free.size())));
        needed.addAll(dependencies.closure(refused));
      }
    }
  }

  /** Returns those that the store did not let go. */
  private List<Snapshot> removeAtOnce(List<Snapshot> batch)
      throws IOException, InterruptedException {
    if (Thread.interrupted()) {
      throw new InterruptedException("Interrupted between two removals");
    }
    lock.requireHeld();
    List<Sha256> files = batch.stream().map(this::file).toList();
    ObjectHealing.forget(repository.store(), ObjectKind.SNAPSHOT, files)
        .forEach((key, reason) -> LOG.warn("{} stays: {}", key, reason.getMessage()));
    Map<ObjectKey, BackupException> remaining =
        repository.store().delete(ObjectKind.SNAPSHOT, files);
    List<Snapshot> refused = new ArrayList<>();
    for (Snapshot each : batch) {
      BackupException reason = remaining.get(ObjectKind.SNAPSHOT.key(file(each)));
      if (reason == null) {
        removed.add(each);
      } else {
        refused.add(each);
        refuse(each, reason);
      }
    }
    run.advance(batch.size(), 0);
    return refused;
  }

  private void refuse(Snapshot snapshot, BackupException reason) {
    String why = String.valueOf(reason.getMessage());
    stay(snapshot, "the store did not let it go: " + why);
    run.report(
        Finding.warning(
            "snapshot " + snapshot.id().shortHex(),
            "The store did not let it go (" + reason.kind() + "): " + why,
            "It stays listed. Expire again when the store permits"));
  }

  private void stay(Snapshot snapshot, String reason) {
    stayed.add(
        new Decision(
            snapshot, true, List.of(reason), classes.getOrDefault(snapshot.id(), Set.of())));
  }

  private Sha256 file(Snapshot snapshot) {
    return Sha256.parse(snapshot.id().hex());
  }

  /**
   * What came of it.
   *
   * @param keptBefore what the plan would have removed and was not even tried
   */
  ExpireReport report(List<Decision> keptBefore) {
    List<Decision> kept = new ArrayList<>(keptBefore);
    kept.addAll(stayed);
    return new ExpireReport(removed, kept, run.findings());
  }
}
