package dev.copperplate.backup.repository.lock;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.SealedFile;
import dev.copperplate.backup.repository.storage.StoredObject;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The lock files of a repository as one process sees them. Thread-safe.
 *
 * <p>What age says is believed only if two clocks agree: the time in the lock by our clock, and the
 * time at which it was stored by the clock of the store, compared with that of a lock that we
 * stored ourselves. So no clock that jumps, ours or that of another machine, makes a living lock
 * look abandoned. A lock of this library whose process lives on this machine never does.
 */
final class LockFiles {

  /** Age at which a lock counts as abandoned; restic's own figure. */
  static final Duration STALE = Duration.ofMinutes(30);

  private static final Logger LOG = LoggerFactory.getLogger(LockFiles.class);

  /**
   * A lock that somebody else holds, or has left.
   *
   * @param lock what it says
   * @param looksOld whether our clock alone says that nobody renewed it for half an hour
   * @param stale whether the store's clock says so, too
   */
  record Other(LockFile lock, boolean looksOld, boolean stale) {

    /** Whether it is one that we would remove if the store's clock agreed. */
    boolean isDoubtful() {
      return looksOld && LockOwner.isOurs(lock);
    }
  }

  private record Found(StoredObject object, LockFile lock) {}

  private final ObjectStore store;
  private final InstantSource clock;
  private final LockOwner owner;
  private final LockTimes times;

  LockFiles(ObjectStore store, InstantSource clock, LockOwner owner, LockTimes times) {
    this.store = store;
    this.clock = clock;
    this.owner = owner;
    this.times = times;
  }

  String place() {
    return store.target().description();
  }

  LockTimes times() {
    return times;
  }

  /**
   * The name of one more lock; see {@link RepositoryLock#holder}. It lives until it is released.
   */
  String nextHolder() {
    return owner.nextHolder();
  }

  /** Says that nobody holds a lock any more: should it still be there, it is abandoned. */
  void release(String holder) {
    owner.release(holder);
  }

  /** Stores a lock; durable on return. */
  Sha256 write(String holder, boolean exclusive) throws IOException {
    LockFile lock =
        new LockFile(
            clock.instant(),
            exclusive,
            holder,
            System.getProperty("user.name", ""),
            owner.pid(),
            0,
            0);
    SealedFile sealed = store.seal(lock.encode());
    try {
      store.put(ObjectKind.LOCK, sealed);
    } catch (IOException | RuntimeException failure) {
      // It may be there all the same: interrupted at the end, or only the answer was lost.
      remove(sealed.id());
      throw failure;
    }
    return sealed.id();
  }

  boolean exists(Sha256 id) throws IOException {
    return store.exists(ObjectKind.LOCK, id);
  }

  /**
   * Removes a lock; false if it stays. Also when the thread is interrupted; a failure is logged.
   */
  boolean remove(Sha256 id) {
    boolean interrupted = Thread.interrupted();
    try {
      store.delete(ObjectKind.LOCK, id);
      return true;
    } catch (IOException | RuntimeException failure) {
      LOG.warn(
          "The lock {} could not be removed; it counts as abandoned after {}",
          store.describe(ObjectKind.LOCK, id),
          STALE,
          failure);
      return false;
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  /**
   * The locks of others, after those that this library has left behind were removed.
   *
   * @param mine our own, which do not count; if one of them is listed, ages are told by it
   * @param holders of our own, because a lock's id changes when it is renewed
   */
  List<Other> others(Set<Sha256> mine, Set<String> holders) throws IOException {
    Instant storeTime = Instant.MIN;
    List<Found> found = new ArrayList<>();
    try (Cursor<StoredObject> all = store.list(ObjectKind.LOCK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        if (mine.contains(each.id())) {
          storeTime = each.modified().isAfter(storeTime) ? each.modified() : storeTime;
        } else if (each.size() > 0) {
          StoredObject object = each;
          read(store, each)
              .filter(lock -> !holders.contains(lock.hostname()))
              .ifPresent(lock -> found.add(new Found(object, lock)));
        }
      }
    }
    return living(found, storeTime);
  }

  private List<Other> living(List<Found> found, Instant storeTime) {
    List<Other> others = new ArrayList<>();
    Instant now = clock.instant();
    for (Found each : found) {
      boolean looksOld = !owner.knowsLiving(each.lock()) && isOld(each.lock().time(), now);
      boolean stale = looksOld && isOld(each.object().modified(), storeTime);
      if (!isRemoved(each, stale)) {
        others.add(new Other(each.lock(), looksOld, stale));
      }
    }
    return others;
  }

  /**
   * A process that was only suspended goes on when it finds its lock: so one that stays although it
   * is old is respected.
   */
  private boolean isRemoved(Found found, boolean stale) {
    if (!LockOwner.isOurs(found.lock())) {
      return false;
    }
    boolean dead = owner.knowsDead(found.lock());
    return (dead || stale) && (remove(found.object().id()) || dead);
  }

  /** The holders of all locks that are there, but for those whose process is known to be dead. */
  static Set<String> holders(ObjectStore store, LockOwner owner) throws IOException {
    Set<String> holders = new HashSet<>();
    try (Cursor<StoredObject> all = store.list(ObjectKind.LOCK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        if (each.size() > 0) {
          read(store, each)
              .filter(lock -> !owner.knowsDead(lock))
              .ifPresent(lock -> holders.add(lock.hostname()));
        }
      }
    }
    return holders;
  }

  static boolean isOld(Instant time, Instant now) {
    return time.isBefore(now) && Duration.between(time, now).compareTo(STALE) > 0;
  }

  /** Empty if it has gone meanwhile. What cannot be read may be anything, so it is respected. */
  private static Optional<LockFile> read(ObjectStore store, StoredObject object)
      throws IOException {
    try {
      return Optional.of(LockFile.decode(store.read(ObjectKind.LOCK, object.id())));
    } catch (FormatException broken) {
      return Optional.of(unreadable(object));
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      if (failure.kind() == Kind.DAMAGED) {
        return Optional.of(unreadable(object));
      }
      throw failure;
    }
  }

  private static LockFile unreadable(StoredObject object) {
    return new LockFile(
        object.modified(),
        true,
        "an unknown host (unreadable lock " + object.id() + ")",
        "",
        0,
        0,
        0);
  }
}
