package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.Forgotten.forget;
import static dev.copperplate.backup.repository.Forgotten.two;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.lock.Leases;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A prune while backups are made. */
@Timeout(180)
class PruneBesideWritersTest {

  private static final int WRITERS = 4;
  private static final int SIZE = 1_500_000;
  private static final Duration SHORT = Duration.ofSeconds(1);
  private static final Duration LONG = Duration.ofMinutes(2);
  private static final PruneOptions ALL = PruneOptions.DEFAULT.maxUnused(0);

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Path place;
  private BackupRepository repository;
  private Snapshot first;

  @BeforeEach
  void create() throws Exception {
    place = directory.resolve("repository");
    repository = TestRepositories.create(place);
    first = repository.backup(two("a", 1, 2, SIZE)).snapshot();
    repository.backup(two("b", 2, 3, SIZE));
    forget(place, first);
  }

  @AfterEach
  void close() throws IOException {
    threads.shutdownNow();
    repository.close();
  }

  @Test
  void removesWhatItPlannedThoughFourWritersOverlapWithoutAGap() throws Exception {
    PruneReport foretold = repository.prune(ALL.dryRun(true));
    Set<Path> before = Set.copyOf(packs());
    AtomicBoolean enough = new AtomicBoolean();
    AtomicInteger holding = new AtomicInteger();
    AtomicLong longest = new AtomicLong();
    CountDownLatch allAtWork = new CountDownLatch(WRITERS);
    List<Future<?>> writers = new ArrayList<>();
    for (int i = 0; i < WRITERS; i++) {
      String name = "writer" + i;
      int seed = 1000 * (i + 1);
      writers.add(
          threads.submit(
              () -> {
                try (BackupRepository own = TestRepositories.open(place)) {
                  for (int n = 0; !enough.get(); n++) {
                    long begun = System.nanoTime();
                    AtomicLong captured = new AtomicLong();
                    own.backup(
                        new PausingSource(
                            two(name, seed + n, seed + n + 1, 20_000),
                            (writer, context) -> {
                              captured.set(System.nanoTime());
                              holding.incrementAndGet();
                              allAtWork.countDown();
                              leave(holding, () -> enough.get() || asksForPause());
                            }));
                    longest.accumulateAndGet(captured.get() - begun, Math::max);
                  }
                }
                return null;
              }));
    }
    assertTrue(allAtWork.await(1, TimeUnit.MINUTES));
    long begun = System.nanoTime();
    PruneReport report = repository.prune(ALL.lockWait(LONG));
    Duration took = Duration.ofNanos(System.nanoTime() - begun);
    enough.set(true);
    for (Future<?> each : writers) {
      each.get();
    }
    System.out.println(
        "Prune beside "
            + WRITERS
            + " writers took "
            + took
            + ", the longest wait of a writer: "
            + Duration.ofNanos(longest.get()));
    assertTrue(report.complete(), report::toString);
    Set<Path> gone = new HashSet<>(before);
    gone.removeAll(packs());
    assertTrue(gone.size() >= foretold.packsRemoved(), report::toString);
    assertTrue(took.compareTo(LONG.plusSeconds(10)) < 0, took::toString);
    requireWhole();
  }

  /** Nobody leaves as the last one, so that there is no gap, but for a prune that asks. */
  private static void leave(AtomicInteger holding, Callable<Boolean> mayLeaveAll)
      throws InterruptedException, IOException {
    for (int i = 0; i < 60_000; i++) {
      int others = holding.get();
      if (others >= 2 && holding.compareAndSet(others, others - 1)) {
        return;
      }
      try {
        if (mayLeaveAll.call()) {
          holding.decrementAndGet();
          return;
        }
      } catch (Exception failed) {
        throw new IOException(failed);
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    throw new IOException("No other writer comes, and no prune asks for a pause");
  }

  private boolean asksForPause() throws IOException {
    return OpenLeases.of(place, LeaseKind.PAUSE) > 0;
  }

  @Test
  void givesUpBesideABackupThatOutlastsItAndTheNextOneStoresNothingAgain() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    Future<BackupReport> backup =
        threads.submit(
            () -> {
              try (BackupRepository own = TestRepositories.open(place)) {
                return own.backup(
                    new PausingSource(
                        two("long", 7, 2, SIZE),
                        (writer, context) -> {
                          begun.countDown();
                          letGo.await();
                        }));
              }
            });
    assertTrue(begun.await(1, TimeUnit.MINUTES));
    Set<Path> before = Set.copyOf(packs());
    PruneReport given = repository.prune(ALL.lockWait(SHORT));
    assertFalse(given.complete());
    assertEquals(0, given.packsRemoved() + given.indexesMerged() + given.bytesFreed());
    assertTrue(given.bytesRepacked() > 0, given::toString);
    assertTrue(packs().containsAll(before), "Nothing was removed");
    assertEquals(1, given.findings().size());
    Finding finding = given.findings().get(0);
    assertEquals(Finding.Severity.WARNING, finding.severity());
    assertTrue(finding.message().contains("Nothing was removed"), finding::toString);
    assertTrue(finding.message().contains("by process"), finding::toString);
    assertTrue(finding.remedy().contains("stores nothing again"), finding::toString);
    letGo.countDown();
    backup.get();

    PruneReport next = repository.prune(ALL.lockWait(LONG));
    assertTrue(next.complete(), next::toString);
    assertEquals(0, next.bytesRepacked(), next::toString);
    assertTrue(next.packsRemoved() >= 2, next::toString);
    requireWhole();
  }

  @Test
  void aWriterGoesOnOnceTheLimitOfAPauseHasPassedThoughThePruneStillWaits() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    Future<BackupReport> outlasting =
        threads.submit(
            () -> {
              try (BackupRepository own = TestRepositories.open(place)) {
                return own.backup(
                    new PausingSource(
                        two("long", 7, 8, 1000),
                        (writer, context) -> {
                          begun.countDown();
                          letGo.await();
                        }));
              }
            });
    assertTrue(begun.await(1, TimeUnit.MINUTES));
    Future<PruneReport> prune = threads.submit(() -> repository.prune(ALL.lockWait(LONG)));
    awaitPause();
    try (BackupRepository own = TestRepositories.open(place)) {
      long started = System.nanoTime();
      // Half of this is what a writer waits for a prune.
      own.backup(two("polite", 9, 10, 1000), BackupOptions.DEFAULT.lockWait(SHORT));
      System.out.println(
          "A writer with a patience of "
              + SHORT
              + " was done after "
              + Duration.ofNanos(System.nanoTime() - started));
    }
    assertFalse(prune.isDone(), "The prune still waits for the one that outlasts it");
    assertEquals(1, OpenLeases.of(place, LeaseKind.PAUSE));
    letGo.countDown();
    outlasting.get();
    assertTrue(prune.get().complete());
    assertEquals(0, OpenLeases.of(place, LeaseKind.PAUSE));
    requireWhole();
  }

  @Test
  void aPruneThatIsInterruptedWhileItWaitsLeavesNoLockAndNoPause() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    Future<BackupReport> outlasting =
        threads.submit(
            () ->
                repository.backup(
                    new PausingSource(
                        two("long", 7, 8, 1000),
                        (writer, context) -> {
                          begun.countDown();
                          letGo.await();
                        })));
    assertTrue(begun.await(1, TimeUnit.MINUTES));
    Thread pruning =
        new Thread(
            () ->
                assertThrows(
                    InterruptedException.class, () -> repository.prune(ALL.lockWait(LONG))));
    pruning.start();
    awaitPause();
    pruning.interrupt();
    pruning.join();
    ObjectStore store = DeadWriter.store(place);
    Leases leases = new Leases(new RecordStore(store), store);
    assertEquals(List.of(), leases.live(LeaseKind.PAUSE));
    assertEquals(List.of(), leases.live(LeaseKind.PRUNE));
    assertEquals(1, new Damage(place).files(ObjectKind.LOCK).size(), "That of the backup");
    letGo.countDown();
    outlasting.get();
    assertEquals(0, repository.prune(ALL).bytesRepacked());
    assertEquals(0, OpenLeases.of(place, LeaseKind.PAUSE) + OpenLeases.of(place, LeaseKind.PRUNE));
    requireWhole();
  }

  @Test
  void ofTwoPrunesAtOnceOneIsRefused() throws Exception {
    CountDownLatch begun = new CountDownLatch(1);
    CountDownLatch letGo = new CountDownLatch(1);
    Future<BackupReport> outlasting =
        threads.submit(
            () ->
                repository.backup(
                    new PausingSource(
                        two("long", 7, 8, 1000),
                        (writer, context) -> {
                          begun.countDown();
                          letGo.await();
                        })));
    assertTrue(begun.await(1, TimeUnit.MINUTES));
    Future<PruneReport> prune = threads.submit(() -> repository.prune(ALL.lockWait(LONG)));
    awaitPause();
    try (BackupRepository own = TestRepositories.open(place)) {
      BackupException locked = assertThrows(BackupException.class, () -> own.prune(ALL));
      assertEquals(Kind.LOCKED, locked.kind());
      assertTrue(locked.getMessage().contains("is being pruned since"), locked.getMessage());
    }
    letGo.countDown();
    outlasting.get();
    assertTrue(prune.get().complete());
    requireWhole();
  }

  @Test
  void whatASnapshotNeedsThatWasMadeMeanwhileStays() throws Exception {
    // Of a pack that nobody needs, and of one that is stored anew in part, something comes again
    // after the prune has planned to remove both.
    forget(place, repository.backup(two("c", 8, 9, SIZE)).snapshot());
    CountDownLatch planned = new CountDownLatch(1);
    CountDownLatch goOn = new CountDownLatch(1);
    DecoratedTarget held =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            if (key.value().startsWith("copperplate/leases/pause/")) {
              planned.countDown();
              try {
                goOn.await();
              } catch (InterruptedException ended) {
                throw new IOException(ended);
              }
            }
            super.put(key, content, options);
          }
        };
    try (BackupRepository pruned = BackupRepository.open(held, TestRepositories.PASSWORDS);
        BackupRepository own = TestRepositories.open(place)) {
      Future<PruneReport> prune = threads.submit(() -> pruned.prune(ALL.lockWait(LONG)));
      assertTrue(planned.await(1, TimeUnit.MINUTES));
      assertEquals(0, own.backup(two("again", 1, 8, SIZE)).dataBlobs(), "It relies on them");
      goOn.countDown();
      PruneReport report = prune.get();
      assertTrue(report.complete(), report::toString);
      assertTrue(
          report.findings().stream().anyMatch(each -> each.message().contains("made meanwhile")),
          report::toString);
    }
    for (Snapshot each : repository.list(SnapshotFilter.ALL)) {
      assertTrue(repository.verify(each, Verifiers.checksums()).passed());
    }
    assertTrue(repository.prune(ALL).complete());
    requireWhole();
  }

  @Test
  void besideStockResticItGivesUpAndResticGoesOn() throws Exception {
    Restic restic = Restic.stock().at(place, TestRepositories.PASSWORD);
    try (Restic.Held backup = restic.hold("backup", "--stdin", "--stdin-filename", "piped")) {
      backup.write(Forgotten.bytes(77, SIZE));
      backup.awaitLock(place);
      Set<Path> before = Set.copyOf(packs());
      PruneReport given = repository.prune(ALL.lockWait(SHORT));
      assertFalse(given.complete());
      assertTrue(packs().containsAll(before), "Nothing was removed");
      assertEquals(0, backup.end());
    }
    assertEquals(2, repository.list(SnapshotFilter.ALL).size());
    PruneReport next = repository.prune(ALL);
    assertTrue(next.complete());
    assertEquals(0, next.bytesRepacked());
    requireWhole();
  }

  private void awaitPause() throws Exception {
    for (int i = 0; i < 60_000; i++) {
      if (asksForPause()) {
        return;
      }
      TimeUnit.MILLISECONDS.sleep(1);
    }
    throw new AssertionError("No prune asks for a pause");
  }

  private List<Path> packs() throws IOException {
    return new Damage(place).files(ObjectKind.PACK);
  }

  private void requireWhole() throws Exception {
    for (Snapshot each : repository.list(SnapshotFilter.ALL)) {
      assertTrue(repository.verify(each, Verifiers.checksums()).passed());
    }
    WrittenRepositoryTest.assertClean(Restic.stock().at(place, TestRepositories.PASSWORD));
  }
}
