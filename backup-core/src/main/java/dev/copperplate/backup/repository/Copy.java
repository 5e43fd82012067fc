package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import java.io.IOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Copies snapshots into another repository: chooses them, leaves out those that the replica has,
 * and lets {@link CopySession} do the rest. What one snapshot lacks is a finding and costs only
 * that snapshot and those that depend on it; what the replica refuses ends the copy.
 */
final class Copy {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final OpenRepository replica;
  private final RepositoryOptions replicaOptions;
  private final Run run;

  Copy(
      OpenRepository repository,
      RepositoryOptions options,
      OpenRepository replica,
      RepositoryOptions replicaOptions,
      Run run) {
    this.repository = repository;
    this.options = options;
    this.replica = replica;
    this.replicaOptions = replicaOptions;
    this.run = run;
  }

  /** Copies; to be called on the thread of the run. */
  CopyReport copy(CopyOptions how) throws IOException, InterruptedException {
    requireTwo();
    comparePolynomials();
    CopiedRecords records = new CopiedRecords(repository, options, replica);
    CopyState state = CopyState.of(replica.catalog().list(SnapshotFilter.ALL));
    List<Snapshot> chosen = choose(how.filter());
    Deque<Snapshot> left = new ArrayDeque<>();
    for (Snapshot each : chosen) {
      if (state.isPresent(each)) {
        state.countPresent();
        records.copy(each);
      } else {
        left.add(each);
      }
    }
    CopySession sessions =
        new CopySession(repository, options, replica, replicaOptions, run, records, state);
    while (!left.isEmpty()) {
      sessions.copy(left, how.lockWait());
    }
    return state.report(run.findings());
  }

  private void requireTwo() throws BackupException {
    if (!repository.config().id().equals(replica.config().id())) {
      return;
    }
    String here = repository.store().target().description();
    String there = replica.store().target().description();
    if (here.equals(there)) {
      throw new IllegalArgumentException("A repository is not copied into itself: " + here);
    }
    throw new BackupException(
        Kind.INVALID,
        there
            + " is the same repository as "
            + here
            + ", copied file by file: the two share their id and their key, and snapshots cannot be"
            + " copied between them. Copy the new files, or create a replica of its own with"
            + " createReplica");
  }

  private void comparePolynomials() {
    if (!repository.config().polynomialHex().equals(replica.config().polynomialHex())) {
      run.report(
          Finding.warning(
              replica.store().target().description(),
              "It cuts files at other places than "
                  + repository.store().target().description()
                  + ": what is copied shares nothing with what is backed up there directly",
              "Where that matters, copy into a repository made with createReplica, or with `restic"
                  + " init --copy-chunker-params`"));
    }
  }

  private List<Snapshot> choose(SnapshotFilter filter) throws IOException {
    Set<Sha256> stored = repository.store().ids(ObjectKind.SNAPSHOT);
    List<Snapshot> all = repository.catalog().list(SnapshotFilter.ALL);
    nameUnreadable(stored, all);
    List<Snapshot> wanted = new ArrayList<>();
    // Asked of the repository, not of the catalog: a filter may ask for proofs.
    for (Snapshot each : run.snapshots().list(filter)) {
      if (each.state() == SnapshotState.DAMAGED && !filter.states().contains(each.state())) {
        run.report(
            Finding.info(
                CopyState.name(each),
                "It was damaged when it was made and is not copied. A filter that asks for damaged"
                    + " snapshots copies it"));
      } else {
        wanted.add(each);
      }
    }
    return new CopyOrder(all).of(wanted);
  }

  private void nameUnreadable(Set<Sha256> stored, List<Snapshot> readable) throws IOException {
    Set<Sha256> unreadable = new HashSet<>(stored);
    readable.forEach(each -> unreadable.remove(Sha256.parse(each.id().hex())));
    for (Sha256 each : unreadable) {
      if (repository.store().exists(ObjectKind.SNAPSHOT, each)) {
        run.report(
            Finding.error(
                ObjectKind.SNAPSHOT.key(each).value(),
                "It cannot be read, so nobody knows what it holds, and it was not copied",
                "Restore the object from another replica if there is one"));
      }
    }
  }
}
