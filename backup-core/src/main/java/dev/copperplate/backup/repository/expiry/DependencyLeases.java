package dev.copperplate.backup.repository.expiry;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.lock.Lease;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.lock.Leases;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The snapshots that one needs which is being made. Each is announced by a lease, so that nobody
 * removes it before the new one is stored.
 *
 * <p>Whoever removes snapshots announces that first and then looks at these leases; here a lease is
 * put first, and then looked who is removing. So of two at the same time one sees the other: either
 * the removal keeps the snapshot, or its end is waited for here and the snapshot looked for again.
 *
 * <p>Thread-safe. To be closed once the new snapshot is stored, or is not going to be.
 */
public final class DependencyLeases implements AutoCloseable {

  private final Leases leases;
  private final SnapshotCatalog catalog;
  private final RepositoryLock lock;
  private final InstantSource clock;
  private final Duration patience;
  private final Map<RunId, Snapshot> snapshots = new LinkedHashMap<>();
  private final List<Lease> held = new ArrayList<>();

  /**
   * @param lock of whoever makes the new snapshot
   * @param patience how long to wait for a removal that is going on
   */
  public DependencyLeases(
      Leases leases,
      SnapshotCatalog catalog,
      RepositoryLock lock,
      InstantSource clock,
      Duration patience) {
    this.leases = leases;
    this.catalog = catalog;
    this.lock = lock;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Takes a lease on a snapshot; nobody removes it from then on.
   *
   * @throws BackupException {@code CONFLICT} if it is gone, or a removal does not end
   */
  public synchronized void add(Snapshot earlier) throws IOException {
    if (snapshots.containsKey(earlier.run())) {
      return;
    }
    held.add(leases.put(LeaseKind.DEPENDENCY, earlier.run().value(), lock, clock.instant()));
    Removals.await(leases, patience, named(earlier));
    requireStored(earlier);
    snapshots.put(earlier.run(), earlier);
  }

  /** The snapshots, in the order in which they were added. */
  public synchronized List<Snapshot> snapshots() {
    return List.copyOf(snapshots.values());
  }

  /**
   * Makes sure that all are still there: stock tools heed no leases.
   *
   * @throws BackupException {@code CONFLICT} if one is gone
   */
  public synchronized void requireStored() throws IOException {
    for (Snapshot each : snapshots.values()) {
      requireStored(each);
    }
  }

  /** Stock `tag` and `rewrite` give a snapshot another id, and its run stays. */
  private void requireStored(Snapshot earlier) throws IOException {
    if (!catalog.contains(earlier) && catalog.list(SnapshotFilter.of(earlier.run())).isEmpty()) {
      throw new BackupException(
          Kind.CONFLICT,
          "The "
              + named(earlier)
              + " was removed while another that depends on it was made. Run the backup again: it"
              + " will not build on it");
    }
  }

  private static String named(Snapshot snapshot) {
    return "snapshot "
        + snapshot.id().shortHex()
        + " of "
        + snapshot.source()
        + ", run "
        + snapshot.run()
        + ",";
  }

  /** Takes the leases back. Also when the thread is interrupted; a failure is logged. */
  @Override
  public synchronized void close() {
    leases.remove(held);
    held.clear();
  }
}
