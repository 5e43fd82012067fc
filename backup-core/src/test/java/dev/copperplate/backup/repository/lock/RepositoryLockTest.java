package dev.copperplate.backup.repository.lock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.repository.ChildJvm;
import dev.copperplate.backup.repository.DeadWriter;
import dev.copperplate.backup.repository.DecoratedTarget;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.repository.storage.StoredObject;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class RepositoryLockTest {

  private static final Duration SHORT = Duration.ofMillis(300);
  private static final String MACHINE = "0123abcd";

  /** No process of Linux has it: the largest number is 2^22. */
  private static final long NOBODY = 1L << 30;

  @TempDir Path directory;

  private final LockOwner self = new LockOwner("host", MACHINE, ProcessHandle.current().pid());
  private InstantSource clock = InstantSource.system();
  private ObjectStore store;

  @BeforeEach
  void create() throws Exception {
    TestRepositories.create(directory).close();
    store = DeadWriter.store(directory);
  }

  @Test
  void removesTheLockOfADeadProcessOfThisMachine() throws Exception {
    try (ChildJvm child = ChildJvm.start("64m", DeadWriter.class, directory)) {
      assertNotNull(child.await("locked"), child.said());
      try (RepositoryLock lock = RepositoryLock.shared(store, clock, SHORT)) {
        assertEquals(2, locks().size(), "A living process's lock is respected");
        assertFalse(lock.isAlone());
        child.tell("die");
        child.end();
        assertTrue(lock.isAlone());
        assertEquals(1, locks().size());
      }
    }
    assertEquals(Map.of(), locks());
  }

  @Test
  void respectsALockWhoseProcessNumberAnotherProcessHasNow() throws Exception {
    put(lock(clock.instant(), false, other(MACHINE, ProcessHandle.current().parent().get().pid())));
    assertRespected();
  }

  @Test
  void removesALockThatAnEarlierProcessWithItsOwnNumberLeft() throws Exception {
    put(lock(clock.instant(), false, other(MACHINE, ProcessHandle.current().pid())));
    assertRemoved();
  }

  @Test
  void respectsALockOfAnotherMachineWhateverItsProcessNumber() throws Exception {
    put(lock(clock.instant(), false, other("ffffffff", NOBODY)));
    assertRespected();
  }

  @Test
  void removesALockWhoseProcessNumberALaterProcessHasNow() throws Exception {
    long parent = ProcessHandle.current().parent().get().pid();
    put(lock(clock.instant(), false, new LockOwner("host", MACHINE, parent, Optional.of("ab"))));
    assertRemoved();
  }

  @Test
  void removesALockOfThisLibraryThatNobodyRenewedForHalfAnHour() throws Exception {
    Instant now = clock.instant();
    Sha256 old = put(lock(now, true, other("ffffffff", NOBODY)));
    clock = () -> now.plus(Duration.ofMinutes(29));
    storedAt(old, now.minus(Duration.ofMinutes(29)));
    assertEquals(Kind.LOCKED, assertThrows(BackupException.class, this::take).kind());
    clock = () -> now.plus(Duration.ofMinutes(31));
    storedAt(old, now.minus(Duration.ofMinutes(31)));
    assertRemoved();
  }

  @Test
  void respectsALockThatOnlyOurClockCallsOld() throws Exception {
    Instant now = clock.instant();
    Sha256 theirs = put(lock(now, true, other("ffffffff", NOBODY)));
    clock = () -> now.plus(Duration.ofHours(2));
    assertEquals(Kind.LOCKED, assertThrows(BackupException.class, this::take).kind());
    assertEquals(Set.of(theirs), locks().keySet());
  }

  @Test
  void respectsALockThatOnlyTheStoresClockCallsOld() throws Exception {
    Instant now = clock.instant();
    Sha256 theirs = put(lock(now, true, other("ffffffff", NOBODY)));
    storedAt(theirs, now.minus(Duration.ofHours(2)));
    assertEquals(Kind.LOCKED, assertThrows(BackupException.class, this::take).kind());
    assertEquals(Set.of(theirs), locks().keySet());
  }

  @Test
  void respectsTheLockOfALivingProcessOfThisMachineWhateverAllClocksSay() throws Exception {
    Instant now = clock.instant();
    long parent = ProcessHandle.current().parent().get().pid();
    Sha256 theirs = put(lock(now, true, other(MACHINE, parent)));
    clock = () -> now.plus(Duration.ofHours(2));
    storedAt(theirs, now.minus(Duration.ofHours(2)));
    assertEquals(Kind.LOCKED, assertThrows(BackupException.class, this::take).kind());
    assertEquals(Set.of(theirs), locks().keySet());
  }

  @Test
  void respectsAnExclusiveLockOfAnotherToolHoweverOldForABoundedTime() throws Exception {
    put(new LockFile(Instant.parse("2020-01-01T00:00:00Z"), true, "host", "root", 1, 0, 0));
    long begun = System.nanoTime();
    BackupException thrown = assertThrows(BackupException.class, this::take);
    assertTrue(Duration.ofNanos(System.nanoTime() - begun).compareTo(Duration.ofSeconds(10)) < 0);
    assertEquals(Kind.LOCKED, thrown.kind());
    assertTrue(thrown.getMessage().contains("process 1 of root on host"), thrown.getMessage());
    assertTrue(thrown.getMessage().contains("restic unlock"), thrown.getMessage());
    assertEquals(1, locks().size(), "Ours is gone, theirs is there");
  }

  @Test
  void sharesWithSharedLocksOfOtherTools() throws Exception {
    Instant then = Instant.parse("2020-01-01T00:00:00Z");
    Sha256 theirs = put(new LockFile(then, false, "host", "root", 1, 0, 0));
    try (RepositoryLock lock = take()) {
      assertEquals(2, locks().size());
      assertFalse(lock.isAlone(), "Who stored it just now may have a wrong clock");
      storedAt(theirs, then);
      assertTrue(lock.isAlone(), "Nobody who may still be alive");
    }
    assertEquals(1, locks().size());
  }

  @Test
  void goesOnWhenAnExclusiveLockGoes() throws Exception {
    Sha256 theirs = put(new LockFile(clock.instant(), true, "host", "root", 1, 0, 0));
    Thread remover =
        new Thread(
            () -> {
              try {
                store.delete(ObjectKind.LOCK, theirs);
              } catch (Exception failed) {
                throw new IllegalStateException(failed);
              }
            });
    remover.start();
    try (RepositoryLock lock = RepositoryLock.shared(store, clock, Duration.ofSeconds(30), self)) {
      lock.requireHeld();
    }
    remover.join();
  }

  @Test
  void respectsALockThatItCannotReadAndNamesIt() throws Exception {
    Sha256 id = Sha256.hash(new byte[] {7});
    store
        .target()
        .put(
            new ObjectKey("locks/" + id),
            Content.of("not a lock at all, but long enough".getBytes(StandardCharsets.UTF_8)),
            PutOptions.METADATA);
    BackupException thrown = assertThrows(BackupException.class, this::take);
    assertEquals(Kind.LOCKED, thrown.kind());
    assertTrue(thrown.getMessage().contains("unreadable lock " + id), thrown.getMessage());
    assertEquals(Set.of(id), locks().keySet());
  }

  @Test
  void passesOverEmptyLocksAndStrangers() throws Exception {
    Sha256 id = Sha256.hash(new byte[] {8});
    store.target().put(new ObjectKey("locks/" + id), Content.of(new byte[0]), PutOptions.METADATA);
    store.target().put(new ObjectKey("locks/notes"), Content.of(new byte[9]), PutOptions.METADATA);
    try (RepositoryLock lock = take()) {
      assertTrue(lock.isAlone());
    }
  }

  @Test
  void noticesThatSomebodyRemovedIt() throws Exception {
    try (RepositoryLock lock = take()) {
      lock.requireHeld();
      for (Sha256 each : locks().keySet()) {
        store.delete(ObjectKind.LOCK, each);
      }
      BackupException thrown = assertThrows(BackupException.class, lock::requireHeld);
      assertEquals(Kind.CONFLICT, thrown.kind());
    }
  }

  @Test
  void aClockThatJumpsDoesNotHurtItsOwnLock() throws Exception {
    Instant now = Instant.now();
    InstantSource[] jumping = {() -> now};
    clock = () -> jumping[0].instant();
    try (RepositoryLock lock = take()) {
      jumping[0] = () -> now.plus(Duration.ofDays(1));
      lock.requireHeld();
      assertTrue(lock.isAlone());
      jumping[0] = () -> now.minus(Duration.ofDays(1));
      lock.requireHeld();
      assertTrue(lock.isAlone());
    }
    assertEquals(Map.of(), locks());
  }

  @Test
  void leavesNoLockWhenItIsInterruptedWhileItTakesOne() throws Exception {
    Thread.currentThread().interrupt();
    assertThrows(Exception.class, this::take);
    Thread.interrupted();
    assertEquals(Map.of(), locks());
  }

  @Test
  void leavesNoLockWhenTheAnswerToItsPutIsLost() throws Exception {
    store = spoiled(ANSWER_OF_PUT);
    assertThrows(IOException.class, this::take);
    assertEquals(Map.of(), locks());
  }

  @Test
  void removesALockOfThisVeryProcessThatTheStoreDidNotLetGo() throws Exception {
    store = spoiled(DELETION);
    take().close();
    store = DeadWriter.store(directory);
    assertEquals(1, locks().size());
    assertRemoved();
  }

  private static final String ANSWER_OF_PUT = "answer of put";
  private static final String DELETION = "deletion";

  /** A store in which one thing fails. */
  private ObjectStore spoiled(String what) throws IOException {
    return DeadWriter.store(
        new DecoratedTarget(LocalTarget.at(directory)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            super.put(key, content, options);
            if (what.equals(ANSWER_OF_PUT)) {
              throw new IOException("The answer is lost");
            }
          }

          @Override
          public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys)
              throws IOException {
            if (what.equals(DELETION)) {
              throw new IOException("Refused");
            }
            return super.delete(keys);
          }
        });
  }

  @Test
  void isGivenBackByAnInterruptedThreadThatStaysInterrupted() throws Exception {
    RepositoryLock lock = take();
    Thread.currentThread().interrupt();
    lock.close();
    assertTrue(Thread.interrupted());
    assertEquals(Map.of(), locks());
  }

  @Test
  void aRenewalWritesANewLockBeforeItRemovesTheOldOne() throws Exception {
    Instant now = Instant.now();
    InstantSource[] going = {() -> now};
    clock = () -> going[0].instant();
    RepositoryLock lock = take();
    Set<Sha256> before = locks().keySet();
    going[0] = () -> now.plus(Duration.ofMinutes(29));
    lock.renew();
    Set<Sha256> after = locks().keySet();
    assertEquals(1, after.size());
    assertFalse(after.containsAll(before));
    going[0] = () -> now.plus(Duration.ofMinutes(58));
    try (RepositoryLock second =
        RepositoryLock.shared(store, clock, SHORT, other("ffffffff", NOBODY))) {
      assertFalse(second.isAlone(), "What was renewed is not stale");
      lock.requireHeld();
    }
    lock.close();
    lock.renew();
    assertEquals(Map.of(), locks(), "Nothing is renewed after its end");
  }

  @Test
  void aRenewalDoesNotHideThatTheOldLockWasRemovedMeanwhile() throws Exception {
    boolean[] robbed = {false};
    ObjectStore suspended =
        DeadWriter.store(
            new DecoratedTarget(store.target()) {
              @Override
              public void put(ObjectKey at, Content content, PutOptions options)
                  throws IOException {
                // As if this process had been suspended just here, for an hour.
                if (robbed[0]) {
                  for (Sha256 each : store.ids(ObjectKind.LOCK)) {
                    store.delete(ObjectKind.LOCK, each);
                  }
                }
                super.put(at, content, options);
              }
            });
    try (RepositoryLock lock = RepositoryLock.shared(suspended, clock, SHORT, self)) {
      robbed[0] = true;
      lock.renew();
      BackupException thrown = assertThrows(BackupException.class, lock::requireHeld);
      assertEquals(Kind.CONFLICT, thrown.kind());
    }
    assertEquals(Map.of(), locks());
  }

  @Test
  void aRenewalThatFailsHalfWayLeavesNoSecondLock() throws Exception {
    boolean[] failing = {false};
    int[] looks = {0};
    ObjectStore flaky =
        DeadWriter.store(
            new DecoratedTarget(store.target()) {
              @Override
              public Cursor<ObjectInfo> list(String prefix) throws IOException {
                if (failing[0] && ++looks[0] == 2) {
                  throw new IOException("no answer");
                }
                return super.list(prefix);
              }
            });
    try (RepositoryLock lock = RepositoryLock.shared(flaky, clock, SHORT, self)) {
      Set<Sha256> before = locks().keySet();
      failing[0] = true;
      lock.renew();
      assertEquals(2, looks[0]);
      assertEquals(before, locks().keySet());
      lock.requireHeld();
    }
    assertEquals(Map.of(), locks());
  }

  @Test
  void anAbandonedLockThatCannotBeRemovedIsRespected() throws Exception {
    Instant now = clock.instant();
    Sha256 old = put(lock(now, true, other("ffffffff", NOBODY)));
    clock = () -> now.plus(Duration.ofMinutes(31));
    storedAt(old, now.minus(Duration.ofMinutes(31)));
    ObjectStore refusing =
        DeadWriter.store(
            new DecoratedTarget(store.target()) {
              @Override
              public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys)
                  throws IOException {
                ObjectKey theirs = ObjectKind.LOCK.key(old);
                return keys.contains(theirs)
                    ? Map.of(theirs, new BackupException(Kind.DENIED, "not this one"))
                    : super.delete(keys);
              }
            });
    BackupException locked =
        assertThrows(
            BackupException.class, () -> RepositoryLock.shared(refusing, clock, SHORT, self));
    assertEquals(Kind.LOCKED, locked.kind());
    assertEquals(Set.of(old), locks().keySet());
  }

  private RepositoryLock take() throws Exception {
    return RepositoryLock.shared(store, clock, SHORT, self);
  }

  private void assertRespected() throws Exception {
    try (RepositoryLock lock = take()) {
      assertEquals(2, locks().size());
      assertFalse(lock.isAlone());
    }
    assertEquals(1, locks().size());
  }

  private void assertRemoved() throws Exception {
    try (RepositoryLock lock = take()) {
      assertEquals(1, locks().size());
      assertTrue(lock.isAlone());
    }
    assertEquals(Map.of(), locks());
  }

  private static LockOwner other(String machine, long pid) {
    return new LockOwner("host", machine, pid);
  }

  private static LockFile lock(Instant time, boolean exclusive, LockOwner owner) {
    return new LockFile(time, exclusive, owner.hostname(), "somebody", owner.pid(), 0, 0);
  }

  private void storedAt(Sha256 lock, Instant time) throws Exception {
    Files.setLastModifiedTime(directory.resolve("locks").resolve(lock.hex()), FileTime.from(time));
  }

  private Sha256 put(LockFile lock) throws Exception {
    return store.write(ObjectKind.LOCK, lock.encode());
  }

  private Map<Sha256, Long> locks() throws Exception {
    Map<Sha256, Long> found = new HashMap<>();
    List<StoredObject> all = new ArrayList<>();
    try (Cursor<StoredObject> listed = store.list(ObjectKind.LOCK)) {
      for (StoredObject each = listed.next(); each != null; each = listed.next()) {
        all.add(each);
      }
    }
    all.forEach(each -> found.put(each.id(), each.size()));
    return found;
  }
}
