package dev.copperplate.backup.repository.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.repository.ChildJvm;
import dev.copperplate.backup.repository.DeadWriter;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** How long a writer waits for a prune. */
@Timeout(60)
class WriterPauseTest {

  private static final Duration SHORT = Duration.ofMillis(400);
  private static final Duration LONG = Duration.ofDays(1);

  @TempDir Path directory;

  private final InstantSource clock = InstantSource.system();
  private ObjectStore store;
  private Leases leases;
  private WriterPause pause;

  @BeforeEach
  void create() throws Exception {
    TestRepositories.create(directory).close();
    store = DeadWriter.store(directory);
    leases = new Leases(new RecordStore(store), store);
    pause = new WriterPause(leases);
  }

  @Test
  void doesNotWaitWhenNobodyAsks() throws Exception {
    assertTrue(pause.await(LONG).compareTo(LONG.minusSeconds(10)) > 0);
  }

  @Test
  void waitsUntilThePruneHasEnded() throws Exception {
    try (RepositoryLock lock = RepositoryLock.shared(store, clock, SHORT)) {
      Lease lease = put(lock, LONG);
      AtomicReference<Duration> left = new AtomicReference<>();
      Thread writer = new Thread(() -> left.set(awaited()));
      writer.start();
      writer.join(300);
      assertTrue(writer.isAlive(), "It waits");
      leases.remove(List.of(lease));
      writer.join();
      assertTrue(left.get().compareTo(LONG.minusMillis(300)) < 0, "Its patience has shrunk");
    }
  }

  private Duration awaited() {
    try {
      return pause.await(LONG);
    } catch (Exception failed) {
      throw new IllegalStateException(failed);
    }
  }

  @Test
  void waitsAsLongAsTheLeaseSaysAndForTheSameLeaseNoSecondTime() throws Exception {
    try (RepositoryLock lock = RepositoryLock.shared(store, clock, SHORT)) {
      put(lock, SHORT);
      assertTrue(pause.await(LONG).compareTo(LONG.minus(SHORT)) <= 0);
      assertTrue(pause.await(LONG).compareTo(LONG.minus(SHORT)) > 0);
    }
  }

  @Test
  void waitsForHalfOfItsOwnPatienceAtMost() throws Exception {
    try (RepositoryLock lock = RepositoryLock.shared(store, clock, SHORT)) {
      put(lock, LONG);
      Duration left = pause.await(SHORT);
      assertTrue(left.compareTo(SHORT.dividedBy(2)) <= 0, left::toString);
      assertEquals(Duration.ZERO, pause.await(Duration.ZERO));
    }
  }

  @Test
  void aLeaseWhoseLockIsGoneHoldsNobodyUpAndIsRemoved() throws Exception {
    try (RepositoryLock lock = RepositoryLock.shared(store, clock, SHORT)) {
      put(lock, LONG);
    }
    assertTrue(pause.await(LONG).compareTo(LONG.minusSeconds(10)) > 0);
    assertEquals(1, leases.removeDead());
    assertEquals(0, leases.removeDead());
  }

  @Test
  void thePauseOfAProcessThatWasKilledHoldsNobodyUpThoughItsLockIsThere() throws Exception {
    try (ChildJvm child = ChildJvm.start("64m", DeadWriter.class, directory)) {
      assertNotNull(child.await("locked"), child.said());
      LockFile lock =
          LockFile.decode(
              store.read(ObjectKind.LOCK, store.ids(ObjectKind.LOCK).iterator().next()));
      assertEquals(child.pid(), lock.pid());
      child.kill();
      assertEquals(1, store.ids(ObjectKind.LOCK).size());
      assertEquals(List.of(), List.copyOf(RepositoryLock.holders(store)));
    }
  }

  @Test
  void isInterruptible() throws Exception {
    try (RepositoryLock lock = RepositoryLock.shared(store, clock, SHORT)) {
      put(lock, LONG);
      Thread.currentThread().interrupt();
      assertThrows(Exception.class, () -> pause.await(LONG));
      Thread.interrupted();
    }
  }

  private Lease put(RepositoryLock lock, Duration longest) throws Exception {
    return leases.put(LeaseKind.PAUSE, "run", lock, Instant.now(), longest);
  }
}
