package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.copy.TreeTransfer;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.pack.PackInventory;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.IOException;
import java.time.Duration;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Copies snapshots under a lock on either repository, until none is left or somebody wants to
 * maintain one of them. They become visible batch by batch, so that an interruption keeps what was
 * finished, and what is not finished is found again by the next copy.
 */
final class CopySession {

  private final OpenRepository source;
  private final RepositoryOptions sourceOptions;
  private final OpenRepository replica;
  private final RepositoryOptions replicaOptions;
  private final Run run;
  private final CopiedRecords records;
  private final CopyState state;

  CopySession(
      OpenRepository source,
      RepositoryOptions sourceOptions,
      OpenRepository replica,
      RepositoryOptions replicaOptions,
      Run run,
      CopiedRecords records,
      CopyState state) {
    this.source = source;
    this.sourceOptions = sourceOptions;
    this.replica = replica;
    this.replicaOptions = replicaOptions;
    this.run = run;
    this.records = records;
    this.state = state;
  }

  /**
   * Takes snapshots from the front and copies them.
   *
   * @param lockWait how long to wait for each lock
   */
  void copy(Deque<Snapshot> left, Duration lockWait) throws IOException, InterruptedException {
    RepositoryLock reading = lockSource(lockWait);
    try (RepositoryLock lock = replica.writerLock(replicaOptions, lockWait)) {
      source.index().refresh();
      PackInventory inventory = PackInventory.take(replica.store(), replica.index(), lock);
      Retention retention =
          Retention.of(
              replicaOptions.clock().instant(), replicaOptions.retainFor(), replicaOptions.clock());
      try (BlobWriter writer = replica.blobWriter(replicaOptions, inventory, lock, retention)) {
        CopyBatch batch =
            new CopyBatch(replica, inventory, lock, writer, run, records, state, retention);
        copy(left, writer, batch);
        state.count(writer);
      }
    } finally {
      if (reading != null) {
        reading.close();
      }
    }
  }

  /**
   * Keeps prune away from what is read. Where the source cannot be written, there is nobody to keep
   * away but those who can: what they move is looked up again.
   */
  private @Nullable RepositoryLock lockSource(Duration lockWait)
      throws IOException, InterruptedException {
    try {
      return source.writerLock(sourceOptions, lockWait);
    } catch (BackupException failure) {
      if (failure.kind() != Kind.DENIED) {
        throw failure;
      }
      return null;
    }
  }

  private void copy(Deque<Snapshot> left, BlobWriter writer, CopyBatch batch)
      throws IOException, InterruptedException {
    TreeTransfer transfer =
        new TreeTransfer(
            source.blobs(),
            source.index(),
            writer,
            run.workers(),
            bytes -> {
              run.advance(0, bytes);
              batch.count(bytes);
            });
    boolean wanted = false;
    while (!left.isEmpty() && !wanted) {
      Snapshot next = left.removeFirst();
      if (!batch.lacksDependency(next)) {
        copy(next, transfer, batch);
      }
      if (batch.isDue()) {
        batch.commit();
        wanted = isWanted(source) || isWanted(replica);
      }
    }
    batch.commit();
  }

  private void copy(Snapshot snapshot, TreeTransfer transfer, CopyBatch batch)
      throws IOException, InterruptedException {
    Optional<SnapshotFile> file = file(snapshot);
    if (file.isPresent() && isWhole(transfer, snapshot, file.get())) {
      batch.add(snapshot, file.get());
    }
  }

  /** Whether somebody asks writers to make room. */
  private static boolean isWanted(OpenRepository repository) throws IOException {
    return !repository.leases().live(LeaseKind.PAUSE).isEmpty();
  }

  private Optional<SnapshotFile> file(Snapshot snapshot) throws IOException {
    Sha256 id = Sha256.parse(snapshot.id().hex());
    try {
      return Optional.of(SnapshotFile.decode(source.store().read(ObjectKind.SNAPSHOT, id)));
    } catch (FormatException broken) {
      refuse(snapshot, String.valueOf(broken.getMessage()));
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        run.report(
            Finding.info(CopyState.name(snapshot), "It was removed before it could be copied"));
      } else if (failure.kind() == Kind.DAMAGED) {
        refuse(snapshot, String.valueOf(failure.getMessage()));
      } else {
        throw failure;
      }
    }
    return Optional.empty();
  }

  private boolean isWhole(TreeTransfer transfer, Snapshot snapshot, SnapshotFile file)
      throws IOException, InterruptedException {
    List<String> problems = transfer.transfer(file.tree());
    problems.forEach(each -> refuse(snapshot, each));
    return problems.isEmpty();
  }

  private void refuse(Snapshot snapshot, String problem) {
    run.report(
        Finding.error(
            CopyState.name(snapshot),
            "It was not copied, because it cannot be read whole: " + problem,
            "Repair the source, from another replica if there is one, and copy again"));
  }
}
