package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.format.LockFile;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import java.io.IOException;
import java.net.InetAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Backups of ours and tools of others on one repository at the same time. */
class LockInterplayTest {

  private static final int LOCKED = 11; // restic's exit code
  private static final MapSource SOURCE =
      new MapSource("one", Map.of("file", "content".getBytes(StandardCharsets.UTF_8)));

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newSingleThreadExecutor();
  private Path place;
  private BackupRepository repository;
  private StoredRepository stored;

  @BeforeEach
  void create() throws IOException {
    place = directory.resolve("repository");
    repository = TestRepositories.create(place);
    stored = StoredRepository.at(place);
  }

  @AfterEach
  void close() throws IOException {
    threads.shutdownNow();
    repository.close();
  }

  /** A system whose capture lasts until it is let go. */
  private static final class HeldSource implements BackupSource {

    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);

    @Override
    public SourceId id() {
      return SOURCE.id();
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context)
        throws IOException, InterruptedException {
      begun.countDown();
      letGo.await();
      SOURCE.capture(writer, context);
    }
  }

  @Test
  void aRunningBackupKeepsCheckAwayAndSurvivesUnlock() throws Exception {
    Restic restic = Restic.stock().at(place, TestRepositories.PASSWORD);
    HeldSource held = new HeldSource();
    Future<BackupReport> backup = threads.submit(() -> repository.backup(held));
    try {
      assertTrue(held.begun.await(1, TimeUnit.MINUTES));
      LockFile lock = onlyLock();
      assertEquals(ProcessHandle.current().pid(), lock.pid());
      String host = InetAddress.getLocalHost().getHostName();
      assertTrue(lock.hostname().startsWith(host + "#copperplate-"), lock::toString);

      Restic.Result check = restic.run("check");
      assertEquals(LOCKED, check.exitCode(), check::toString);
      assertTrue(check.err().contains("PID " + lock.pid()), check::toString);
      assertTrue(check.err().contains(lock.hostname()), check::toString);

      // With our true host name this would end this very process.
      restic.succeed("unlock");
      assertEquals(lock, onlyLock());
      restic.succeed("snapshots");
    } finally {
      held.letGo.countDown();
    }
    assertEquals(SnapshotState.COMPLETE, backup.get().snapshot().state());
    assertEquals(Set.of(), stored.ids(ObjectKind.LOCK));
    WrittenRepositoryTest.assertClean(restic);
  }

  @Test
  void aBackupWhoseLockSomebodyRemovedLeavesNoSnapshot() throws Exception {
    HeldSource held = new HeldSource();
    Future<BackupReport> backup = threads.submit(() -> repository.backup(held));
    try {
      assertTrue(held.begun.await(1, TimeUnit.MINUTES));
      Restic.stock().at(place, TestRepositories.PASSWORD).succeed("unlock", "--remove-all");
      assertEquals(Set.of(), stored.ids(ObjectKind.LOCK));
    } finally {
      held.letGo.countDown();
    }
    Exception failure = assertThrows(Exception.class, backup::get);
    BackupException conflict = (BackupException) failure.getCause();
    assertEquals(Kind.CONFLICT, conflict.kind());
    assertTrue(conflict.getMessage().contains("was removed by somebody else"));
    assertEquals(0, repository.list(SnapshotFilter.ALL).size());
  }

  @Test
  void anExclusiveLockOfAnotherHostMakesABackupFailAfterTheStatedWait() throws Exception {
    Instant since = Instant.now().truncatedTo(ChronoUnit.SECONDS);
    String id = stored.write(lock(since, true));
    BackupOptions hurried = BackupOptions.DEFAULT.lockWait(Duration.ofMillis(300));
    long started = System.nanoTime();
    BackupException locked =
        assertThrows(BackupException.class, () -> repository.backup(SOURCE, hurried));
    Duration waited = Duration.ofNanos(System.nanoTime() - started);
    assertEquals(Kind.LOCKED, locked.kind());
    assertTrue(locked.retryable());
    assertTrue(waited.compareTo(Duration.ofMillis(300)) >= 0, waited::toString);
    for (String told :
        Set.of("4711", "alice", "elsewhere.example", since.toString(), "exclusively")) {
      assertTrue(locked.getMessage().contains(told), locked::getMessage);
    }
    assertTrue(locked.getMessage().contains("Wait until that process has ended"));
    assertEquals(Set.of(id), stored.ids(ObjectKind.LOCK));
    assertEquals(0, repository.list(SnapshotFilter.ALL).size());
    stored.delete(ObjectKind.LOCK, id);
    assertEquals(SnapshotState.COMPLETE, repository.backup(SOURCE, hurried).snapshot().state());
  }

  @Test
  void anOldExclusiveLockIsRespectedAndTheMessageSaysHowToRemoveIt() throws Exception {
    stored.write(lock(Instant.now().minus(Duration.ofHours(2)), true));
    BackupOptions hurried = BackupOptions.DEFAULT.lockWait(Duration.ZERO);
    BackupException locked =
        assertThrows(BackupException.class, () -> repository.backup(SOURCE, hurried));
    assertEquals(Kind.LOCKED, locked.kind());
    assertTrue(locked.getMessage().contains("restic unlock"), locked::getMessage);
  }

  @Test
  void aSharedLockOfAnotherHostDisturbsNothingAndStays() throws Exception {
    String id = stored.write(lock(Instant.now(), false));
    BackupOptions hurried = BackupOptions.DEFAULT.lockWait(Duration.ZERO);
    assertEquals(SnapshotState.COMPLETE, repository.backup(SOURCE, hurried).snapshot().state());
    assertEquals(Set.of(id), stored.ids(ObjectKind.LOCK));
  }

  private static LockFile lock(Instant since, boolean exclusive) {
    return new LockFile(since, exclusive, "elsewhere.example", "alice", 4711, 1000, 1000);
  }

  private LockFile onlyLock() throws IOException {
    Set<String> ids = stored.ids(ObjectKind.LOCK);
    assertEquals(1, ids.size());
    String json = stored.json(ObjectKind.LOCK, ids.iterator().next());
    return LockFile.decode(json.getBytes(StandardCharsets.UTF_8));
  }
}
