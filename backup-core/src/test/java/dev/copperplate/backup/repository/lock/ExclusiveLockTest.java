package dev.copperplate.backup.repository.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.repository.DecoratedTarget;
import dev.copperplate.backup.repository.crypto.MasterKey;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ExclusiveLockTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final Duration LONG = Duration.ofSeconds(40);

  @TempDir Path directory;

  private final MasterKey key = MasterKey.random(new SecureRandom());
  private final InstantSource clock = InstantSource.system();
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private ObjectStore store;

  @BeforeEach
  void open() {
    store = new ObjectStore(LocalTarget.at(directory), key);
  }

  @AfterEach
  void end() {
    threads.shutdownNow();
  }

  @Test
  void keepsAllOthersAwayAndIsGivenBack() throws Exception {
    try (RepositoryLock lock = RepositoryLock.exclusive(store, clock, SHORT)) {
      lock.requireHeld();
      assertLocked(() -> RepositoryLock.shared(store, clock, SHORT));
      assertLocked(() -> RepositoryLock.exclusive(store, clock, SHORT));
      assertEquals(1, locks().size());
    }
    assertEquals(Set.of(), locks());
    RepositoryLock.shared(store, clock, Duration.ZERO).close();
  }

  @Test
  void isNotWrittenWhileAnotherLockIsThere() throws Exception {
    List<ObjectKey> puts = new ArrayList<>();
    ObjectStore watched = new ObjectStore(new Puts(store.target(), puts), key);
    try (RepositoryLock shared = RepositoryLock.shared(store, clock, SHORT)) {
      BackupException locked = assertLocked(() -> RepositoryLock.exclusive(watched, clock, SHORT));
      assertTrue(locked.getMessage().contains("by process " + ProcessHandle.current().pid()));
      assertEquals(List.of(), puts, "Nobody was held up by it");
      shared.requireHeld();
    }
  }

  @Test
  void isTakenBackWhenAnotherLockAppearsWhileItSettles() throws Exception {
    LockFile theirs = new LockFile(Instant.now(), false, "elsewhere", "root", 1, 0, 0);
    ObjectStore raced =
        new ObjectStore(
            new DecoratedTarget(store.target()) {
              @Override
              public void put(ObjectKey at, Content content, PutOptions options)
                  throws IOException {
                super.put(at, content, options);
                store.write(ObjectKind.LOCK, theirs.encode());
              }
            },
            key);
    assertLocked(() -> RepositoryLock.exclusive(raced, clock, Duration.ZERO));
    assertEquals(1, locks().size(), "Only theirs is left");
  }

  @Test
  void comesWhenTheLastOfTheOthersHasGone() throws Exception {
    RepositoryLock shared = RepositoryLock.shared(store, clock, SHORT);
    Future<RepositoryLock> waiting =
        threads.submit(() -> RepositoryLock.exclusive(store, clock, LONG));
    shared.close();
    try (RepositoryLock lock = waiting.get()) {
      lock.requireHeld();
    }
  }

  @Test
  void isTakenBesideTheSharedLockOfItsOwnHolderRenewedOrNot() throws Exception {
    try (RepositoryLock shared = RepositoryLock.shared(store, clock, SHORT)) {
      shared.renew();
      try (RepositoryLock lock = shared.exclusiveBeside(SHORT)) {
        shared.renew();
        lock.requireHeld();
        assertLocked(() -> RepositoryLock.shared(store, clock, Duration.ZERO));
      }
      shared.requireHeld();
      try (RepositoryLock second = RepositoryLock.shared(store, clock, SHORT)) {
        assertLocked(() -> shared.exclusiveBeside(SHORT));
        second.requireHeld();
      }
    }
    assertEquals(Set.of(), locks());
  }

  @Test
  void staysExclusiveWhenItIsRenewed() throws Exception {
    try (RepositoryLock lock = RepositoryLock.exclusive(store, clock, SHORT)) {
      lock.renew();
      lock.requireHeld();
      assertLocked(() -> RepositoryLock.shared(store, clock, Duration.ZERO));
    }
  }

  @Test
  void respectsASharedLockOfAnotherToolHoweverOldAndSaysHowToRemoveIt() throws Exception {
    Instant then = Instant.parse("2020-01-01T00:00:00Z");
    store.write(ObjectKind.LOCK, new LockFile(then, false, "host", "root", 1, 0, 0).encode());
    BackupException locked = assertLocked(() -> RepositoryLock.exclusive(store, clock, SHORT));
    assertTrue(locked.getMessage().contains("process 1 of root on host"), locked.getMessage());
    assertTrue(locked.getMessage().contains("restic unlock"), locked.getMessage());
    assertEquals(1, locks().size());
  }

  @Test
  void ofManyWhoWantItEachGetsItAndNeverTwoAtOnce() throws Exception {
    AtomicInteger holding = new AtomicInteger();
    List<Future<?>> all = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      all.add(
          threads.submit(
              () -> {
                try (RepositoryLock lock = RepositoryLock.exclusive(store, clock, LONG)) {
                  assertEquals(1, holding.incrementAndGet());
                  lock.requireHeld();
                  holding.decrementAndGet();
                }
                return null;
              }));
    }
    for (Future<?> each : all) {
      each.get();
    }
    assertEquals(Set.of(), locks());
  }

  @Test
  void leavesNoLockWhenItIsInterrupted() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(Exception.class, () -> RepositoryLock.exclusive(store, clock, LONG));
    assertFalse(Thread.interrupted() && !locks().isEmpty());
    assertEquals(Set.of(), locks());
  }

  /** Notes the puts. */
  private static final class Puts extends DecoratedTarget {

    private final List<ObjectKey> puts;

    Puts(BackupTarget target, List<ObjectKey> puts) {
      super(target);
      this.puts = puts;
    }

    @Override
    public void put(ObjectKey at, Content content, PutOptions options) throws IOException {
      puts.add(at);
      super.put(at, content, options);
    }
  }

  private static BackupException assertLocked(Executable taking) {
    BackupException locked = assertThrows(BackupException.class, taking);
    assertEquals(Kind.LOCKED, locked.kind());
    return locked;
  }

  private Set<Sha256> locks() throws IOException {
    return store.ids(ObjectKind.LOCK);
  }
}
