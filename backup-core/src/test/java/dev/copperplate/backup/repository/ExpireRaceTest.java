package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.TestHistory.NOTHING;
import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.records.RecordStore;
import dev.copperplate.backup.repository.expiry.DependencyLeases;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.lock.Leases;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.read.SnapshotCatalog;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Removing snapshots while others build on them. */
class ExpireRaceTest {

  @TempDir Path directory;

  private final ExecutorService threads = Executors.newCachedThreadPool();
  private Path place;
  private SlowTarget target;
  private BackupRepository repository;
  private StoredHistory history;

  @BeforeEach
  void create() throws Exception {
    place = directory.resolve("repository");
    target = new SlowTarget();
    repository = TestRepositories.create(target, RepositoryOptions.DEFAULT);
    history = new StoredHistory(place, repository);
    history.add("one", "parent");
    history.add("one", "newest");
  }

  @AfterEach
  void close() throws Exception {
    target.open.countDown();
    threads.shutdownNow();
    assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
    assertEquals(Set.of(), StoredRepository.at(place).ids(ObjectKind.LOCK));
    repository.close();
  }

  /** Holds back the removal of snapshots, and tells when a lease on one is put. */
  private final class SlowTarget extends DecoratedTarget {

    final CountDownLatch removing = new CountDownLatch(1);
    final CountDownLatch expiring = new CountDownLatch(1);
    final CountDownLatch leased = new CountDownLatch(1);
    final CountDownLatch holding = new CountDownLatch(1);
    final CountDownLatch open = new CountDownLatch(1);
    final AtomicReference<Runnable> beforeLeases = new AtomicReference<>(() -> {});
    volatile boolean held;

    SlowTarget() throws IOException {
      super(LocalTarget.at(place));
    }

    @Override
    public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
      super.put(key, content, options);
      if (key.value().startsWith("copperplate/leases/dependency/")) {
        leased.countDown();
      }
      if (key.value().startsWith("copperplate/holds/")) {
        holding.countDown();
      }
      if (key.value().startsWith("copperplate/leases/expiry/")) {
        expiring.countDown();
      }
    }

    @Override
    public Cursor<ObjectInfo> list(String prefix) throws IOException {
      if (prefix.startsWith("copperplate/leases/dependency/")) {
        beforeLeases.getAndSet(() -> {}).run();
      }
      return super.list(prefix);
    }

    @Override
    public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
      if (held && keys.stream().anyMatch(each -> each.value().startsWith("snapshots/"))) {
        removing.countDown();
        try {
          open.await();
        } catch (InterruptedException cancelled) {
          Thread.currentThread().interrupt();
          throw new InterruptedIOException("Interrupted at the gate");
        }
      }
      return super.delete(keys);
    }
  }

  /** A system whose snapshots depend on another, and whose capture lasts until it is let go. */
  private static final class Child implements BackupSource {

    final CountDownLatch depends = new CountDownLatch(1);
    final CountDownLatch letGo = new CountDownLatch(1);
    private final Snapshot parent;

    Child(Snapshot parent) {
      this.parent = parent;
    }

    @Override
    public SourceId id() {
      return new SourceId("map", "child");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context)
        throws IOException, InterruptedException {
      writer.dependsOn(parent);
      writer.dependsOn(parent);
      depends.countDown();
      letGo.await();
    }
  }

  @Test
  void aParentWhoseChildIsBeingMadeStays() throws Exception {
    RetentionPlan plan = repository.plan(NOTHING);
    assertEquals(Set.of("parent"), StoredHistory.runs(plan.removed()));
    Child child = new Child(history.get("parent"));
    Future<BackupReport> backup = threads.submit(() -> repository.backup(child));
    await(child.depends);
    try {
      ExpireReport report = repository.expire(plan);
      assertEquals(List.of(), report.removed());
      assertEquals(
          List.of("a snapshot that depends on it is being made"),
          report.keptAfterAll().get(0).reasons());
    } finally {
      child.letGo.countDown();
    }
    Snapshot made = backup.get(1, TimeUnit.MINUTES).snapshot();
    assertEquals(List.of(new RunId("parent")), made.dependencies());
    ExpireReport after = repository.expire(plan);
    assertEquals(
        List.of("needed by snapshot " + made.id().shortHex() + " of map:child"),
        after.keptAfterAll().get(0).reasons());
    assertEquals(List.of(), live(LeaseKind.DEPENDENCY));
  }

  @Test
  void whoeverBuildsOnASnapshotThatIsJustBeingRemovedIsToldSo() throws Exception {
    RetentionPlan plan = repository.plan(NOTHING);
    Snapshot parent = history.get("parent");
    target.held = true;
    Future<ExpireReport> expire = threads.submit(() -> repository.expire(plan));
    await(target.removing);
    Child child = new Child(parent);
    child.letGo.countDown();
    Future<BackupReport> backup = threads.submit(() -> repository.backup(child));
    await(target.leased);
    target.open.countDown();
    assertEquals(1, expire.get(1, TimeUnit.MINUTES).removed().size());
    BackupException conflict = failure(backup);
    assertEquals(Kind.CONFLICT, conflict.kind());
    assertTrue(conflict.getMessage().contains("run parent"), conflict::getMessage);
    assertTrue(conflict.getMessage().contains("was removed"), conflict::getMessage);
    assertEquals(Set.of("newest"), history.runs());
    assertEquals(List.of(), live(LeaseKind.DEPENDENCY));
  }

  @Test
  void aHoldOnASnapshotThatIsJustBeingRemovedIsNotPromised() throws Exception {
    RetentionPlan plan = repository.plan(NOTHING);
    Snapshot parent = history.get("parent");
    target.held = true;
    Future<ExpireReport> expire = threads.submit(() -> repository.expire(plan));
    await(target.removing);
    Future<?> hold =
        threads.submit(
            () -> {
              repository.hold(parent, "lawsuit 7");
              return null;
            });
    await(target.holding);
    target.open.countDown();
    assertEquals(1, expire.get(1, TimeUnit.MINUTES).removed().size());
    BackupException conflict = failure(hold);
    assertEquals(Kind.CONFLICT, conflict.kind());
    assertTrue(conflict.getMessage().contains("it is not held"), conflict::getMessage);
  }

  @Test
  void whoeverBuildsOnASnapshotThatStaysOnlyWaitsForTheRemovalOfOthers() throws Exception {
    RetentionPlan plan = repository.plan(NOTHING);
    Snapshot newest = history.get("newest");
    target.held = true;
    Future<ExpireReport> expire = threads.submit(() -> repository.expire(plan));
    await(target.removing);
    Child child = new Child(newest);
    child.letGo.countDown();
    Future<BackupReport> backup = threads.submit(() -> repository.backup(child));
    await(target.leased);
    assertEquals(1, child.depends.getCount());
    target.open.countDown();
    assertEquals(1, expire.get(1, TimeUnit.MINUTES).removed().size());
    Snapshot made = backup.get(1, TimeUnit.MINUTES).snapshot();
    assertEquals(Set.of("newest", made.run().value()), history.runs());
  }

  @Test
  void aChildThatIsStoredWhileLeasesAreLookedForIsSeenAmongTheSnapshots() throws Exception {
    RetentionPlan plan = repository.plan(NOTHING);
    Child child = new Child(history.get("parent"));
    Future<BackupReport> backup = threads.submit(() -> repository.backup(child));
    await(child.depends);
    target.beforeLeases.set(
        () -> {
          child.letGo.countDown();
          assertDoesNotThrow(() -> backup.get(1, TimeUnit.MINUTES));
        });
    ExpireReport report = repository.expire(plan);
    assertEquals(List.of(), report.removed());
    assertTrue(report.keptAfterAll().get(0).reasons().get(0).startsWith("needed by snapshot "));
  }

  @Test
  void whoeverWaitsTooLongForARemovalIsToldToComeBack() throws Exception {
    ObjectStore store = StoredRepository.at(place).store();
    Leases leases = new Leases(new RecordStore(store), store);
    try (RepositoryLock lock = RepositoryLock.shared(store, InstantSource.system(), Duration.ZERO);
        DependencyLeases dependencies =
            new DependencyLeases(
                leases,
                new SnapshotCatalog(store),
                lock,
                InstantSource.system(),
                Duration.ofMillis(1))) {
      leases.put(LeaseKind.EXPIRY, "slow", lock, Instant.now());
      Snapshot parent = history.get("parent");
      BackupException conflict =
          assertThrows(BackupException.class, () -> dependencies.add(parent));
      assertEquals(Kind.CONFLICT, conflict.kind());
      assertTrue(conflict.getMessage().contains("still being removed"), conflict::getMessage);
      assertEquals(List.of("parent"), live(LeaseKind.DEPENDENCY));
    }
    assertEquals(List.of(), live(LeaseKind.DEPENDENCY));
  }

  @Test
  void aRemovalWhoseLockIsGoneEndsBeforeTheNextSnapshot() throws Exception {
    history.add("one", "child", "parent");
    history.add("one", "newer");
    RetentionPlan plan = repository.plan(NOTHING);
    assertEquals(Set.of("parent", "newest", "child"), StoredHistory.runs(plan.removed()));
    target.held = true;
    Future<ExpireReport> expire = threads.submit(() -> repository.expire(plan));
    await(target.removing);
    StoredRepository stored = StoredRepository.at(place);
    for (String each : stored.ids(ObjectKind.LOCK)) {
      stored.delete(ObjectKind.LOCK, each);
    }
    target.open.countDown();
    assertEquals(Kind.CONFLICT, failure(expire).kind());
    assertEquals(Set.of("newer", "parent"), history.runs());
  }

  @Test
  void oneRemovesAtATime() throws Exception {
    RetentionPlan plan = repository.plan(NOTHING);
    target.held = true;
    Future<ExpireReport> first = threads.submit(() -> repository.expire(plan));
    await(target.removing);
    BackupException second = assertThrows(BackupException.class, () -> repository.expire(plan));
    assertEquals(Kind.LOCKED, second.kind());
    assertTrue(second.getMessage().contains("already being removed"), second::getMessage);
    target.open.countDown();
    assertEquals(1, first.get(1, TimeUnit.MINUTES).removed().size());
    assertEquals(List.of(), repository.expire(plan).removed());
  }

  @Test
  void whoeverIsAheadByItsClockWaitsForWhoIsRemovingAlready() throws Exception {
    RetentionPlan plan = repository.plan(NOTHING);
    ObjectStore store = StoredRepository.at(place).store();
    Leases leases = new Leases(new RecordStore(store), store);
    Instant later = Instant.now().plus(Duration.ofDays(1));
    try (RepositoryLock lock =
        RepositoryLock.shared(store, InstantSource.system(), Duration.ZERO)) {
      var other = leases.put(LeaseKind.EXPIRY, "another", lock, later);
      Future<ExpireReport> mine = threads.submit(() -> repository.expire(plan));
      await(target.expiring);
      assertFalse(mine.isDone());
      assertEquals(Set.of("newest", "parent"), history.runs());
      leases.remove(List.of(other));
      assertEquals(1, mine.get(1, TimeUnit.MINUTES).removed().size());
    }
  }

  @Test
  void theLeaseOfAProcessThatWasKilledHoldsNothing() throws Exception {
    RetentionPlan plan = repository.plan(NOTHING);
    ObjectStore store = StoredRepository.at(place).store();
    Leases leases = new Leases(new RecordStore(store), store);
    try (RepositoryLock lock =
        RepositoryLock.shared(store, InstantSource.system(), Duration.ZERO)) {
      leases.put(LeaseKind.DEPENDENCY, "parent", lock, Instant.now());
      leases.put(LeaseKind.EXPIRY, "dead", lock, Instant.now());
    }
    ExpireReport report = repository.expire(plan);
    assertEquals(Set.of("parent"), StoredHistory.runs(report.removed()));
    Child child = new Child(history.get("newest"));
    child.letGo.countDown();
    assertEquals(1, repository.backup(child).snapshot().dependencies().size());
  }

  @Test
  void anInterruptedRemovalLeavesNeitherLockNorLease() throws Exception {
    RetentionPlan plan = repository.plan(NOTHING);
    target.held = true;
    CountDownLatch ended = new CountDownLatch(1);
    Callable<ExpireReport> expiring =
        () -> {
          try {
            return repository.expire(plan);
          } finally {
            ended.countDown();
          }
        };
    Future<ExpireReport> expire = threads.submit(expiring);
    await(target.removing);
    expire.cancel(true);
    await(ended);
    assertEquals(List.of(), live(LeaseKind.EXPIRY));
    assertEquals(Set.of("newest", "parent"), history.runs());
    target.open.countDown();
    assertEquals(1, repository.expire(plan).removed().size());
  }

  @Test
  void whateverTheOrderNoSnapshotIsLeftWithoutWhatItNeeds() throws Exception {
    for (int round = 0; round < 8; round++) {
      Snapshot parent = history.add("one", "parent" + round);
      history.add("one", "next" + round);
      RetentionPlan plan = repository.plan(NOTHING);
      Child child = new Child(parent);
      child.letGo.countDown();
      Future<BackupReport> backup = threads.submit(() -> repository.backup(child));
      Future<ExpireReport> expire = threads.submit(() -> repository.expire(plan));
      expire.get(1, TimeUnit.MINUTES);
      Optional<BackupException> failed = Optional.empty();
      try {
        backup.get(1, TimeUnit.MINUTES);
      } catch (ExecutionException refused) {
        failed = Optional.of((BackupException) refused.getCause());
        assertEquals(Kind.CONFLICT, failed.get().kind());
      }
      boolean there = history.runs().contains("parent" + round);
      assertEquals(failed.isEmpty(), there, "round " + round);
      for (Snapshot each : repository.list(SnapshotFilter.ALL)) {
        for (RunId needed : each.dependencies()) {
          assertEquals(1, repository.list(SnapshotFilter.of(needed)).size());
        }
      }
    }
  }

  private List<String> live(LeaseKind kind) throws IOException {
    ObjectStore store = StoredRepository.at(place).store();
    return new Leases(new RecordStore(store), store)
        .live(kind).stream().map(each -> each.subject()).toList();
  }

  private static void await(CountDownLatch latch) throws InterruptedException {
    assertTrue(latch.await(1, TimeUnit.MINUTES));
  }

  private static BackupException failure(Future<?> future) {
    ExecutionException failed =
        assertThrows(ExecutionException.class, () -> future.get(1, TimeUnit.MINUTES));
    return (BackupException) failed.getCause();
  }
}
