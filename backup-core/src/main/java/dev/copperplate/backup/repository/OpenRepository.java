package dev.copperplate.backup.repository;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.format.RepositoryConfig;
import dev.copperplate.backup.repository.index.StoredIndex;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import dev.copperplate.backup.repository.read.StoredSnapshotReader;
import dev.copperplate.backup.repository.read.Trees;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.util.function.LongConsumer;

/** The parts of a repository that is open. */
record OpenRepository(
    RepositoryConfig config,
    Polynomial polynomial,
    ObjectStore store,
    StoredIndex index,
    BlobReader blobs,
    Trees trees,
    SnapshotCatalog catalog) {

  static OpenRepository of(RepositoryConfig config, Polynomial polynomial, ObjectStore store) {
    StoredIndex index = new StoredIndex(store);
    BlobReader blobs = BlobReader.of(store, index);
    return new OpenRepository(
        config, polynomial, store, index, blobs, new Trees(blobs), new SnapshotCatalog(store));
  }

  /**
   * A reader of a snapshot.
   *
   * @param progress told how many bytes of files were read
   */
  SnapshotReader reader(Snapshot snapshot, LongConsumer progress) {
    return new StoredSnapshotReader(config.id(), snapshot, blobs, trees, progress);
  }
}
