package dev.copperplate.backup.repository.lock;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.lock.LockFiles.Other;
import dev.copperplate.backup.repository.run.NamedThreads;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A lock on a repository: a shared one, which writers hold, or an exclusive one, for who removes
 * what others might rely on. While it is held it is written anew every five minutes by a thread of
 * its own, as restic does, so that nobody takes it for abandoned.
 *
 * <p>Locks of this library whose process has ended, and those that nobody renewed for half an hour,
 * are removed; those of other tools are respected however old they are.
 */
public final class RepositoryLock implements AutoCloseable {

  /** The time between the first two looks, and the longest wait for the thread of renewals. */
  private static final Duration SHORT_PAUSE = Duration.ofMillis(200);

  /** The longest time between two looks for a shared lock: only maintenance is in its way. */
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(5);

  /** And for an exclusive one: between two backups there may be a second, and not more. */
  private static final Duration LONGEST_EXCLUSIVE_PAUSE = Duration.ofSeconds(1);

  private static final SecureRandom RANDOM = new SecureRandom();
  private static final Logger LOG = LoggerFactory.getLogger(RepositoryLock.class);

  private final LockFiles files;
  private final String holder;
  private final boolean exclusive;
  private final ScheduledExecutorService renewals;
  private Sha256 id;
  private boolean closed;

  private RepositoryLock(LockFiles files, String holder, boolean exclusive, Sha256 id) {
    this.files = files;
    this.holder = holder;
    this.exclusive = exclusive;
    this.id = id;
    this.renewals =
        Executors.newSingleThreadScheduledExecutor(new NamedThreads("copperplate-lock"));
    long period = files.times().renewal().toMillis();
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
  public static RepositoryLock shared(
      ObjectStore store, InstantSource clock, LockTimes times, Duration patience)
      throws IOException, InterruptedException {
    return shared(new LockFiles(store, clock, LockOwner.SELF, times), patience);
  }

  /** The same with {@link LockTimes#DEFAULT}. */
  public static RepositoryLock shared(ObjectStore store, InstantSource clock, Duration patience)
      throws IOException, InterruptedException {
    return shared(store, clock, LockTimes.DEFAULT, patience);
  }

  static RepositoryLock shared(
      ObjectStore store, InstantSource clock, Duration patience, LockOwner owner)
      throws IOException, InterruptedException {
    return shared(new LockFiles(store, clock, owner, LockTimes.DEFAULT), patience);
  }

  private static RepositoryLock shared(LockFiles files, Duration patience)
      throws IOException, InterruptedException {
    return new Taking(files, false, null).take(patience);
  }

  /**
   * Takes an exclusive lock, which conflicts with every other one. It is not written before all
   * others have gone, so that waiting for it holds nobody up for longer than the moment that shows
   * whether it is alone.
   *
   * @param patience how long to wait for the others to go
   * @throws BackupException {@code LOCKED} if one is still there then
   */
  public static RepositoryLock exclusive(
      ObjectStore store, InstantSource clock, LockTimes times, Duration patience)
      throws IOException, InterruptedException {
    return new Taking(new LockFiles(store, clock, LockOwner.SELF, times), true, null)
        .take(patience);
  }

  /** The same with {@link LockTimes#DEFAULT}. */
  public static RepositoryLock exclusive(ObjectStore store, InstantSource clock, Duration patience)
      throws IOException, InterruptedException {
    return exclusive(store, clock, LockTimes.DEFAULT, patience);
  }

  /** The same, for who holds this lock and goes on to hold it: it is not in the way. */
  public RepositoryLock exclusiveBeside(Duration patience)
      throws IOException, InterruptedException {
    return new Taking(files, true, this).take(patience);
  }

  /** What tells this lock from all others, renewed or not; see {@link #holders}. */
  public String holder() {
    return holder;
  }

  /**
   * The holders of all locks that are there, of this library and others, but for those whose
   * process is known to be dead.
   */
  public static Set<String> holders(ObjectStore store) throws IOException {
    return LockFiles.holders(store, LockOwner.SELF);
  }

  /** Whether by a clock nobody has renewed a lock for so long that it counts as abandoned. */
  public static boolean looksAbandoned(LockFile lock, Instant now) {
    return LockFiles.isOld(lock.time(), now);
  }

  /** Whether nobody else who may still be alive holds a lock of any kind. */
  public boolean isAlone() throws IOException {
    return files.others(Set.of(current()), Set.of(holder)).stream().allMatch(Other::stale);
  }

  /**
   * Makes sure that the lock is still there, before something is made visible that relies on it, or
   * is removed under it.
   *
   * @throws BackupException {@code CONFLICT} if somebody removed it
   */
  public synchronized void requireHeld() throws IOException {
    if (!files.exists(id)) {
      throw new BackupException(
          Kind.CONFLICT,
          "The lock of this run on "
              + files.place()
              + " was removed by somebody else"
              + " (restic unlock, or this process was suspended for long): what it relied on may"
              + " have been pruned. Run it again");
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
        files.remove(id);
        files.release(holder);
      }
    }
    awaitLastRenewal();
  }

  /** No renewal does anything any more; its thread shall be gone, too. */
  private void awaitLastRenewal() {
    boolean interrupted = Thread.interrupted();
    try {
      if (!renewals.awaitTermination(SHORT_PAUSE.toMillis(), TimeUnit.MILLISECONDS)) {
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
      if (!files.exists(old)) {
        // A new one would hide from requireHeld() that the repository was free to be pruned.
        return;
      }
      Sha256 next = files.write(holder, exclusive);
      Sha256 unneeded = next;
      try {
        // Between the two looks this process may have been suspended for as long as you like.
        if (files.exists(old)) {
          id = next;
          unneeded = old;
        }
      } finally {
        files.remove(unneeded);
      }
    } catch (IOException | RuntimeException failure) {
      LOG.warn("The lock on {} could not be renewed", files.place(), failure);
    }
  }

  /**
   * How a lock is taken: look, write, let it settle, look again.
   *
   * @param beside our own lock that is not in the way
   */
  private record Taking(LockFiles files, boolean exclusive, @Nullable RepositoryLock beside) {

    RepositoryLock take(Duration patience) throws IOException, InterruptedException {
      String holder = files.nextHolder();
      try {
        return take(holder, patience);
      } catch (IOException | InterruptedException | RuntimeException failure) {
        files.release(holder);
        throw failure;
      }
    }

    private RepositoryLock take(String holder, Duration patience)
        throws IOException, InterruptedException {
      long deadline = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(patience.toMillis());
      Duration pause = SHORT_PAUSE;
      while (true) {
        // What looks abandoned is left to the second look: it takes our own lock to tell.
        Optional<Other> obstacle = obstacle(null, holder, each -> !each.isDoubtful());
        if (obstacle.isEmpty()) {
          Sha256 mine = files.write(holder, exclusive);
          obstacle = settle(mine, holder);
          if (obstacle.isEmpty()) {
            return new RepositoryLock(files, holder, exclusive, mine);
          }
        }
        long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
        if (deadline - System.nanoTime() <= 0) {
          throw locked(obstacle.get(), patience);
        }
        Thread.sleep(Math.max(1, Math.min(jittered(pause), left + 1)));
        pause = longer(pause);
      }
    }

    /** Our own is gone again if somebody is in the way, who may have looked just before it came. */
    private Optional<Other> settle(Sha256 mine, String holder)
        throws IOException, InterruptedException {
      Optional<Other> obstacle;
      try {
        Thread.sleep(files.times().settle().toMillis());
        obstacle = obstacle(mine, holder, any -> true);
      } catch (IOException | InterruptedException | RuntimeException failure) {
        files.remove(mine);
        throw failure;
      }
      if (obstacle.isPresent()) {
        files.remove(mine);
      }
      return obstacle;
    }

    private Optional<Other> obstacle(@Nullable Sha256 mine, String holder, Predicate<Other> counts)
        throws IOException {
      Set<Sha256> ids = new HashSet<>();
      Set<String> holders = new HashSet<>(List.of(holder));
      if (mine != null) {
        ids.add(mine);
      }
      if (beside != null) {
        ids.add(beside.current());
        holders.add(beside.holder);
      }
      return files.others(ids, holders).stream()
          .filter(each -> exclusive || each.lock().exclusive())
          .filter(counts)
          .findFirst();
    }

    private Duration longer(Duration pause) {
      Duration longest = exclusive ? LONGEST_EXCLUSIVE_PAUSE : LONGEST_PAUSE;
      Duration doubled = pause.multipliedBy(2);
      return doubled.compareTo(longest) < 0 ? doubled : longest;
    }

    /** Two who keep finding each other's lock must not look again at the same time for ever. */
    private static long jittered(Duration pause) {
      long half = pause.toMillis() / 2;
      return half + RANDOM.nextLong(half + 1);
    }

    private BackupException locked(Other obstacle, Duration patience) {
      LockFile lock = obstacle.lock();
      String age =
          obstacle.looksOld()
              ? "It is older than "
                  + LockFiles.STALE.toMinutes()
                  + " minutes: if that process is gone, remove it"
                  + " with `restic unlock`"
              : "Wait until that process has ended, or allow a longer wait";
      return new BackupException(
          Kind.LOCKED,
          "The repository "
              + files.place()
              + " was still locked after "
              + patience.toSeconds()
              + " s, "
              + (lock.exclusive() ? "exclusively, " : "")
              + "by process "
              + lock.pid()
              + " of "
              + lock.username()
              + " on "
              + lock.hostname()
              + " since "
              + lock.time()
              + ". "
              + age);
    }
  }
}
