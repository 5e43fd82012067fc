package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.records.HoldBody;
import dev.copperplate.backup.records.RecordCache;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.format.RepositoryConfig;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.lock.Leases;
import dev.copperplate.backup.repository.lock.LockTimes;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.lock.WriterPause;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.pack.BlobWriter;
import dev.copperplate.backup.repository.pack.PackInventory;
import dev.copperplate.backup.repository.read.Identities;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import dev.copperplate.backup.repository.read.StoredSnapshotReader;
import dev.copperplate.backup.repository.read.Trees;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import java.io.Closeable;
import java.io.IOException;
import java.time.Duration;
import java.util.function.LongConsumer;
import java.util.function.Supplier;

/** The parts of a repository that is open. */
record OpenRepository(
    RepositoryConfig config,
    Polynomial polynomial,
    ObjectStore store,
    StoredIndex index,
    BlobReader blobs,
    Trees trees,
    SnapshotCatalog catalog,
    RecordStore records,
    RecordCache<ReceiptWord> receipts,
    RecordCache<HoldBody> holds,
    Leases leases,
    Identities identities,
    WriterPause pause,
    LockTimes lockTimes)
    implements Closeable {

  /** How many receipts, and how many holds, a process remembers: a few MiB. */
  private static final int REMEMBERED = 20_000;

  static OpenRepository of(RepositoryConfig config, Polynomial polynomial, ObjectStore store) {
    return of(config, polynomial, store, LockTimes.DEFAULT);
  }

  static OpenRepository of(
      RepositoryConfig config, Polynomial polynomial, ObjectStore store, LockTimes lockTimes) {
    return of(config, polynomial, store, lockTimes, () -> Retention.NONE);
  }

  /**
   * The parts of a repository.
   *
   * @param retention of the records that are written now
   */
  static OpenRepository of(
      RepositoryConfig config,
      Polynomial polynomial,
      ObjectStore store,
      LockTimes lockTimes,
      Supplier<Retention> retention) {
    StoredIndex index = new StoredIndex(store);
    BlobReader blobs = BlobReader.of(store, index);
    Trees trees = new Trees(blobs);
    RecordStore records = new RecordStore(store, retention);
    Leases leases = new Leases(records, store);
    return new OpenRepository(
        config,
        polynomial,
        store,
        index,
        blobs,
        trees,
        new SnapshotCatalog(store),
        records,
        new RecordCache<>(REMEMBERED),
        new RecordCache<>(REMEMBERED),
        leases,
        new Identities(config.id(), index, blobs, trees),
        new WriterPause(leases),
        lockTimes);
  }

  /**
   * The lock of a writer that begins now: after a prune that asks writers to wait.
   *
   * @param patience how long to wait, for that and for an exclusive lock to go
   * @throws BackupException {@code LOCKED} if somebody still maintains the repository then
   */
  RepositoryLock writerLock(RepositoryOptions options, Duration patience)
      throws IOException, InterruptedException {
    return sharedLock(options, pause.await(patience));
  }

  /**
   * A lock that conflicts with exclusive ones alone, and waits for no prune.
   *
   * @throws BackupException {@code LOCKED} if an exclusive one is still there after that time
   */
  RepositoryLock sharedLock(RepositoryOptions options, Duration patience)
      throws IOException, InterruptedException {
    return RepositoryLock.shared(store, options.clock(), lockTimes, patience);
  }

  /**
   * A lock that conflicts with every other one.
   *
   * @throws BackupException {@code LOCKED} if one is still there after that time
   */
  RepositoryLock exclusiveLock(RepositoryOptions options, Duration patience)
      throws IOException, InterruptedException {
    return RepositoryLock.exclusive(store, options.clock(), lockTimes, patience);
  }

  /** The same with nothing in memory: what this process has read may be damaged by now. */
  OpenRepository afresh() {
    return of(config, polynomial, store, lockTimes, records::retention);
  }

  /** A writer of blobs under a lock. */
  BlobWriter blobWriter(
      RepositoryOptions options,
      PackInventory inventory,
      RepositoryLock lock,
      Retention retention) {
    return new BlobWriter(
        store,
        index,
        inventory,
        lock,
        new BlobWriter.Settings(
            options.threads(),
            options.memoryBytes(),
            options.compressionLevel(),
            options.selfCheck(),
            retention));
  }

  /**
   * Makes sure that the repository can be written.
   *
   * @throws BackupException {@code UNSUPPORTED} for version 1
   */
  void requireWritable() throws BackupException {
    if (config.version() != RepositoryConfig.CURRENT_VERSION) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "The repository "
              + store.target().description()
              + " has version "
              + config.version()
              + ", which knows no compression, and is only read. Bring"
              + " it to version 2 with `restic migrate upgrade_repo_v2`");
    }
  }

  /**
   * A reader of a snapshot.
   *
   * @param progress told how many bytes of files were read
   */
  SnapshotReader reader(Snapshot snapshot, LongConsumer progress) {
    return new StoredSnapshotReader(config.id(), snapshot, blobs, trees, progress);
  }

  /** Ends what reading has begun. */
  @Override
  public void close() {
    blobs.close();
  }
}
