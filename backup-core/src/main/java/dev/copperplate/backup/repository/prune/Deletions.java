package dev.copperplate.backup.repository.prune;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Removes objects under an exclusive lock, and looks for the lock before each batch. */
final class Deletions {

  /** So many objects go at most after the lock was seen for the last time. */
  private static final int BATCH = 100;

  private final ObjectStore store;
  private final RepositoryLock lock;

  Deletions(ObjectStore store, RepositoryLock lock) {
    this.store = store;
    this.lock = lock;
  }

  /**
   * Removes objects; returns those that remain, with the reasons.
   *
   * @throws BackupException {@code CONFLICT} if the lock was taken away; the rest is still there
   */
  Map<Sha256, BackupException> delete(ObjectKind kind, Collection<Sha256> ids) throws IOException {
    List<Sha256> all = new ArrayList<>(ids);
    Map<Sha256, BackupException> remaining = new HashMap<>();
    for (int from = 0; from < all.size(); from += BATCH) {
      List<Sha256> batch = all.subList(from, Math.min(from + BATCH, all.size()));
      lock.requireHeld();
      Map<ObjectKey, BackupException> left = store.delete(kind, batch);
      for (Sha256 id : batch) {
        BackupException reason = left.get(kind.key(id));
        if (reason != null) {
          remaining.put(id, reason);
        }
      }
    }
    return remaining;
  }
}
