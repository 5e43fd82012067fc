package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.expiry.Removals;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.lock.Lease;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.pack.PackInventory;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Predicate;

/**
 * Snapshots of which everything was handed over, and that become visible together. Enough of them
 * that many small ones do not make many small packs, and that the look at all packs which comes
 * before takes a tenth of the time; few enough that little is done again after an interruption.
 */
final class CopyBatch {

  /** Two packs of ordinary size. */
  private static final long ENOUGH_BYTES = 32L << 20;

  private static final long ENOUGH_NANOS = Duration.ofMinutes(1).toNanos();
  private static final int ENOUGH_SNAPSHOTS = 500;
  private static final int WORK_FOR_EACH_COMMIT = 10;

  /** A snapshot, and what its file will say. */
  private record Finished(Snapshot snapshot, SnapshotFile file) {}

  private final OpenRepository replica;
  private final RepositoryLock lock;
  private final BlobWriter writer;
  private final Run run;
  private final CopiedRecords records;
  private final CopyState state;
  private final Retention retention;
  private final Reliance reliance;
  private final List<Finished> finished = new ArrayList<>();
  private final AtomicLong read = new AtomicLong();
  private long began = System.nanoTime();
  private long lastCommit;

  CopyBatch(
      OpenRepository replica,
      PackInventory inventory,
      RepositoryLock lock,
      BlobWriter writer,
      Run run,
      CopiedRecords records,
      CopyState state,
      Retention retention) {
    this.replica = replica;
    this.lock = lock;
    this.writer = writer;
    this.run = run;
    this.records = records;
    this.state = state;
    this.retention = retention;
    this.reliance = new Reliance(replica, inventory, writer, lock, run, retention);
  }

  /** Counts what was read for it; by any thread. */
  void count(long bytes) {
    read.addAndGet(bytes);
  }

  /** Adds a snapshot of which everything was handed to the writer. */
  void add(Snapshot snapshot, SnapshotFile file) {
    finished.add(new Finished(snapshot, file));
  }

  /** Whether the snapshot depends on one that will not be there; reports it. */
  boolean lacksDependency(Snapshot snapshot) {
    return lacks(
        snapshot,
        dependency ->
            state.hasRun(dependency)
                || finished.stream().anyMatch(each -> each.snapshot().run().equals(dependency)));
  }

  boolean isDue() {
    long took = System.nanoTime() - began;
    boolean enough =
        read.get() >= ENOUGH_BYTES || took >= ENOUGH_NANOS || finished.size() >= ENOUGH_SNAPSHOTS;
    return enough && took >= WORK_FOR_EACH_COMMIT * lastCommit;
  }

  /** Stores everything, and the snapshot files last. */
  void commit() throws IOException, InterruptedException {
    if (!finished.isEmpty()) {
      long start = System.nanoTime();
      writer.flush();
      List<Lease> leases = new ArrayList<>();
      try {
        announce(leases);
        reliance.secure(needed());
        lock.requireHeld();
        state.look(replica.catalog().list(SnapshotFilter.ALL));
        for (Finished each : finished) {
          commit(each);
        }
      } finally {
        replica.leases().remove(leases);
      }
      finished.clear();
      lastCommit = System.nanoTime() - start;
    }
    began = System.nanoTime();
    read.set(0);
  }

  /** Whoever expires snapshots in the replica leaves those on which ours depend, or we see it. */
  private void announce(List<Lease> leases) throws IOException {
    Set<RunId> needed = needed();
    for (RunId each : needed) {
      leases.add(
          replica.leases().put(LeaseKind.DEPENDENCY, each.value(), lock, run.clock().instant()));
    }
    if (!needed.isEmpty()) {
      Removals.await(
          replica.leases(),
          Removals.PATIENCE,
          "what the copied snapshots depend on in the replica");
    }
  }

  private Set<RunId> needed() {
    Set<RunId> needed = new LinkedHashSet<>();
    finished.forEach(each -> needed.addAll(each.snapshot().dependencies()));
    return needed;
  }

  private void commit(Finished each) throws IOException {
    Snapshot snapshot = each.snapshot();
    if (state.isPresent(snapshot)) {
      // Another copy was quicker.
      state.countPresent();
      return;
    }
    if (lacks(snapshot, state::hasRun)) {
      return;
    }
    records.copy(snapshot);
    SnapshotFile file = copied(snapshot, each.file());
    Sha256 id = replica.store().write(ObjectKind.SNAPSHOT, file.encode(), retention);
    state.add(replica.catalog().add(id, file));
  }

  /**
   * As stock restic copies it: the snapshot with which it was compared means nothing in another
   * repository, and {@code original} says what it is a copy of.
   */
  private static SnapshotFile copied(Snapshot snapshot, SnapshotFile file) {
    SnapshotFile.Builder builder = file.toBuilder().parent(null);
    if (file.original() == null) {
      builder.original(Sha256.parse(snapshot.id().hex()));
    }
    return builder.build();
  }

  private boolean lacks(Snapshot snapshot, Predicate<RunId> there) {
    Optional<RunId> missing = snapshot.dependencies().stream().filter(there.negate()).findFirst();
    missing.ifPresent(
        dependency ->
            run.report(
                Finding.error(
                    CopyState.name(snapshot),
                    "It was not copied, because it depends on run "
                        + dependency
                        + ", which is not in the replica and could not be copied",
                    "Without that run it cannot be restored, here or there")));
    return missing.isPresent();
  }
}
