package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.run.Run;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.Retention;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Retains what is not retained long enough, as far as a listing tells or this process remembers.
 * That costs a request each, so it is retained for a quarter longer than it has to be: so it costs
 * that once in a while, and not at every run.
 */
final class Extension {

  /** So many objects are retained before the lock is looked for again. */
  private static final int TOGETHER = 100;

  private final ObjectStore store;
  private final RepositoryLock lock;
  private final Run run;
  private final Instant needed;
  private final Instant extended;

  /**
   * @param needed until when everything has to be retained
   */
  Extension(ObjectStore store, RepositoryLock lock, Run run, Retention retention, Instant needed) {
    this.store = store;
    this.lock = lock;
    this.run = run;
    this.needed = needed;
    this.extended = retention.extended();
  }

  /** Whether an object is not known to be retained long enough. */
  boolean isShort(StoredObject object) {
    return now(object).isBefore(needed);
  }

  /** Until when an object is retained, once those that were {@link #isShort} are extended. */
  Instant afterwards(StoredObject object) {
    Instant now = now(object);
    return now.isBefore(needed) ? extended : now;
  }

  private Instant now(StoredObject object) {
    return object.retainedUntil().orElseGet(() -> store.retained().until(object.id()));
  }

  /** Retains objects of a kind; all of them on return. */
  void retain(ObjectKind kind, Iterable<Sha256> ids) throws IOException, InterruptedException {
    List<Sha256> batch = new ArrayList<>();
    for (Sha256 each : ids) {
      batch.add(each);
      if (batch.size() == TOGETHER) {
        submit(kind, batch);
        batch = new ArrayList<>();
      }
    }
    submit(kind, batch);
    run.workers().join();
  }

  private void submit(ObjectKind kind, List<Sha256> batch)
      throws IOException, InterruptedException {
    if (batch.isEmpty()) {
      return;
    }
    lock.requireHeld();
    run.workers()
        .submit(
            () -> {
              for (Sha256 each : batch) {
                putRight(kind, each);
              }
              Map<Sha256, ObjectKey> objects = new LinkedHashMap<>();
              batch.forEach(each -> objects.put(each, kind.key(each)));
              retain(objects);
              return null;
            });
  }

  /** What is retained is the current version, and somebody may have put another over ours. */
  private void putRight(ObjectKind kind, Sha256 id) throws IOException {
    ObjectKey key = kind.key(id);
    boolean overwritten = store.substitutes().versions(key).size() > 1;
    if (store.substitutes().has(key) || overwritten && store.substitutes().find(kind, id)) {
      store.putBack(key, Retention.NONE);
    }
  }

  /** Retains objects, by their names and places. */
  void retain(Map<Sha256, ObjectKey> batch) throws IOException {
    try {
      store.target().retain(batch.values(), extended);
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
      throw new BackupException(
          Kind.CONFLICT,
          "Something on which the new snapshot relies has gone before it could be retained: "
              + failure.getMessage()
              + ". Run it again",
          failure);
    }
    batch.keySet().forEach(each -> store.retained().note(each, extended));
  }
}
