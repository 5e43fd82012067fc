package dev.copperplate.backup.repository.lock;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.repository.format.FormatException;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.run.NamedThreads;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
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
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared lock that a writer holds. While it is held it is written anew every five minutes by a
 * thread of its own, as restic does, so that nobody takes it for abandoned.
 *
 * <p>Locks of this library whose process has ended, and those that nobody renewed for half an hour,
 * are removed; those of other tools are respected however old they are.
 */
public final class RepositoryLock implements AutoCloseable {

  /** Age at which a lock counts as abandoned; restic's own figure. */
  static final Duration STALE = Duration.ofMinutes(30);

  private static final Duration RENEWAL = Duration.ofMinutes(5);
  private static final Duration SETTLE = Duration.ofMillis(200);
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryLock.class);

  private final ObjectStore store;
  private final InstantSource clock;
  private final LockOwner owner;
  private final String holder;
  private final ScheduledExecutorService renewals;
  private Sha256 id;
  private boolean closed;

  private RepositoryLock(
      ObjectStore store, InstantSource clock, LockOwner owner, String holder, Sha256 id) {
    this.store = store;
    this.clock = clock;
    this.owner = owner;
    this.holder = holder;
    this.id = id;
    this.renewals =
        Executors.newSingleThreadScheduledExecutor(new NamedThreads("copperplate-lock"));
    long period = RENEWAL.toMillis();
    // The future would only tell that the lock was closed: renew() throws nothing.
    var unused =
        renewals.scheduleWithFixedDelay(this::renew, period, period, TimeUnit.MILLISECONDS);
  }

  /**
   * Takes a shared lock, which conflicts with exclusive ones alone.
   *
   * @param patience how long to wait for an exclusive lock to go
   * @throws BackupException {@code LOCKED} if it is still there then
   */
  public static RepositoryLock shared(ObjectStore store, InstantSource clock, Duration patience)
      throws IOException, InterruptedException {
    return shared(store, clock, patience, LockOwner.SELF);
  }

  static RepositoryLock shared(
      ObjectStore store, InstantSource clock, Duration patience, LockOwner owner)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience.toMillis());
    Duration pause = SETTLE;
    String holder = owner.nextHolder();
    while (true) {
      Optional<LockFile> obstacle = exclusive(others(store, clock, owner, List.of()));
      if (obstacle.isEmpty()) {
        Sha256 mine = write(store, clock, owner, holder);
        try {
          // Somebody may have looked just before ours appeared.
          Thread.sleep(SETTLE.toMillis());
          obstacle = exclusive(others(store, clock, owner, List.of(mine)));
        } catch (IOException | InterruptedException | RuntimeException failure) {
          remove(store, mine);
          throw failure;
        }
        if (obstacle.isEmpty()) {
          return new RepositoryLock(store, clock, owner, holder, mine);
        }
        remove(store, mine);
      }
      if (System.nanoTime() - deadline >= 0) {
        throw locked(store, clock, obstacle.get(), patience);
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime()) + 1;
      Thread.sleep(Math.max(1, Math.min(pause.toMillis(), left)));
      pause = pause.compareTo(LONGEST_PAUSE) < 0 ? pause.multipliedBy(2) : LONGEST_PAUSE;
    }
  }

  /** What tells this lock from all others, renewed or not; see {@link #holders}. */
  public String holder() {
    return holder;
  }

  /** The holders of all locks that are there, dead or alive, of this library and others. */
  public static Set<String> holders(ObjectStore store) throws IOException {
    Set<String> holders = new HashSet<>();
    try (Cursor<StoredObject> all = store.list(ObjectKind.LOCK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        if (each.size() > 0) {
          read(store, each).ifPresent(lock -> holders.add(lock.hostname()));
        }
      }
    }
    return holders;
  }

  /** Whether nobody else who may still be alive holds a lock of any kind. */
  public boolean isAlone() throws IOException {
    return others(store, clock, owner, List.of(current())).stream()
        .allMatch(each -> isStale(each, clock.instant()));
  }

  /**
   * Makes sure that the lock is still there, before something is made visible that relies on it.
   *
   * @throws BackupException {@code CONFLICT} if somebody removed it
   */
  public synchronized void requireHeld() throws IOException {
    if (!store.exists(ObjectKind.LOCK, id)) {
      throw new BackupException(
          Kind.CONFLICT,
          "The lock of this run on "
              + store.target().description()
              + " was removed by somebody else"
              + " (restic unlock, or this process was suspended for long): what it relied on may"
              + " have been pruned. Run the backup again");
    }
  }

  /** Gives the lock back. Also when the thread is interrupted; a failure is logged. */
  @Override
  public void close() {
    // A renewal that is going on ends in peace: interrupted, it could leave a lock without a name.
    renewals.shutdown();
    synchronized (this) {
      if (!closed) {
        closed = true;
        remove(store, id);
      }
    }
    awaitLastRenewal();
  }

  /** No renewal does anything any more; its thread shall be gone, too. */
  private void awaitLastRenewal() {
    boolean interrupted = Thread.interrupted();
    try {
      if (!renewals.awaitTermination(SETTLE.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("The thread that renews locks does not end");
      }
    } catch (InterruptedException hurried) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized Sha256 current() {
    return id;
  }

  synchronized void renew() {
    if (closed) {
      return;
    }
    try {
      Sha256 old = id;
      if (!store.exists(ObjectKind.LOCK, old)) {
        // A new one would hide from requireHeld() that the repository was free to be pruned.
        return;
      }
      id = write(store, clock, owner, holder);
      remove(store, old);
    } catch (IOException | RuntimeException failure) {
      LOG.warn("The lock on {} could not be renewed", store.target().description(), failure);
    }
  }

  private static Sha256 write(
      ObjectStore store, InstantSource clock, LockOwner owner, String holder) throws IOException {
    LockFile lock =
        new LockFile(
            clock.instant(), false, holder, System.getProperty("user.name", ""), owner.pid(), 0, 0);
    return store.write(ObjectKind.LOCK, lock.encode());
  }

  private static void remove(ObjectStore store, Sha256 id) {
    boolean interrupted = Thread.interrupted();
    try {
      store.delete(ObjectKind.LOCK, id);
    } catch (IOException | RuntimeException failure) {
      LOG.warn(
          "The lock {} could not be removed; it counts as abandoned after {}",
          store.describe(ObjectKind.LOCK, id),
          STALE,
          failure);
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private static Optional<LockFile> exclusive(List<LockFile> locks) {
    return locks.stream().filter(LockFile::exclusive).findFirst();
  }

  /** The locks of others, after those of our own dead were removed. */
  private static List<LockFile> others(
      ObjectStore store, InstantSource clock, LockOwner owner, List<Sha256> mine)
      throws IOException {
    List<LockFile> locks = new ArrayList<>();
    try (Cursor<StoredObject> all = store.list(ObjectKind.LOCK)) {
      for (StoredObject each = all.next(); each != null; each = all.next()) {
        if (each.size() == 0 || mine.contains(each.id())) {
          continue;
        }
        Optional<LockFile> lock = read(store, each);
        if (lock.isEmpty()) {
          continue;
        }
        if (isAbandoned(lock.get(), clock, owner)) {
          remove(store, each.id());
        } else {
          locks.add(lock.get());
        }
      }
    }
    return locks;
  }

  private static boolean isAbandoned(LockFile lock, InstantSource clock, LockOwner owner) {
    return LockOwner.isOurs(lock) && (owner.knowsDead(lock) || isStale(lock, clock.instant()));
  }

  private static boolean isStale(LockFile lock, Instant now) {
    return lock.time().plus(STALE).isBefore(now);
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

  private static BackupException locked(
      ObjectStore store, InstantSource clock, LockFile obstacle, Duration patience) {
    String age =
        isStale(obstacle, clock.instant())
            ? "It is older than "
                + STALE.toMinutes()
                + " minutes: if that process is gone, remove it"
                + " with `restic unlock`"
            : "Wait until that process has ended, or allow a longer wait";
    return new BackupException(
        Kind.LOCKED,
        "The repository "
            + store.target().description()
            + " was still locked after "
            + patience.toSeconds()
            + " s, exclusively, by process "
            + obstacle.pid()
            + " of "
            + obstacle.username()
            + " on "
            + obstacle.hostname()
            + " since "
            + obstacle.time()
            + ". "
            + age);
  }
}
