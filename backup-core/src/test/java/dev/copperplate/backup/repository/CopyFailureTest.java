package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.RecordingTarget.What;
import dev.copperplate.backup.repository.lock.Lease;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.lock.RepositoryLock;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Copies of what is damaged, beside others, and cut short. */
class CopyFailureTest extends CopyFixture {

  @Test
  void aSnapshotWithADamagedPieceIsRefusedWithThePathAndTheOthersAreCopied() throws Exception {
    Snapshot damaged = backup("damaged", 1);
    Snapshot child = backup("child", 2, damaged);
    Snapshot sound = backup("sound", 3);
    flip(damaged, "d/content");
    CopyReport report = copy(SnapshotFilter.ALL);
    assertEquals(List.of(sound.run()), runs(report));
    assertFinding(report, Finding.Severity.ERROR, damaged, "/d/content: ");
    assertFinding(report, Finding.Severity.ERROR, child, damaged.run().value());
    assertClean();
  }

  @Test
  void aSnapshotWithAMissingDirectoryIsRefusedWithThePath() throws Exception {
    Snapshot damaged = backup("damaged", 1);
    Snapshot sound = backup("sound", 2);
    flip(damaged, "d");
    CopyReport report = copy(SnapshotFilter.ALL);
    assertEquals(List.of(sound.run()), runs(report));
    assertFinding(report, Finding.Severity.ERROR, damaged, ": /d: ");
  }

  @Test
  void twoSnapshotsThatShareADamagedPieceAreBothRefused() throws Exception {
    Snapshot one = backup("one", 1);
    Snapshot other = backup("other", 1);
    flip(one, "d/content");
    CopyReport report = copy(SnapshotFilter.ALL);
    assertEquals(List.of(), report.copied());
    assertFinding(report, Finding.Severity.ERROR, one, "/d/content: ");
    assertFinding(report, Finding.Severity.ERROR, other, "/d/content: ");
  }

  @Test
  void aSnapshotFileThatCannotBeReadIsNamed() throws Exception {
    Snapshot unreadable = backup("a", 1);
    Snapshot sound = backup("b", 2);
    Path file = place.resolve("snapshots").resolve(unreadable.id().hex());
    repository.close();
    Damage.flip(file, 40);
    repository = TestRepositories.open(place);
    CopyReport report = copy(SnapshotFilter.ALL);
    assertEquals(List.of(sound.run()), runs(report));
    assertEquals(1, errors(report));
    assertTrue(report.findings().get(0).subject().contains(unreadable.id().hex()));
  }

  @Test
  void aSourceThatCannotBeWrittenIsCopiedWithoutALock() throws Exception {
    Snapshot made = backup("a", 1);
    BackupTarget readOnly =
        new DecoratedTarget(LocalTarget.at(place)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            throw new BackupException(Kind.DENIED, "Put of " + key + " refused by the test");
          }
        };
    try (BackupRepository open = BackupRepository.open(readOnly, TestRepositories.PASSWORDS)) {
      assertEquals(List.of(made.run()), runs(open.copyTo(replica, CopyOptions.DEFAULT)));
    }
    assertClean();
  }

  @Test
  void bothRepositoriesAreLockedWhileTheCopyGoesOn() throws Exception {
    backup("a", 1);
    GatedTarget gated = new GatedTarget(LocalTarget.at(replicaPlace));
    gated.hold(1);
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (BackupRepository open = BackupRepository.open(gated, TestRepositories.PASSWORDS)) {
      Future<CopyReport> copy = threads.submit(() -> repository.copyTo(open, CopyOptions.DEFAULT));
      gated.awaitHeld(1);
      assertEquals(1, new Damage(place).files(ObjectKind.LOCK).size());
      assertEquals(1, new Damage(replicaPlace).files(ObjectKind.LOCK).size());
      gated.open();
      assertEquals(1, copy.get(1, TimeUnit.MINUTES).copied().size());
    } finally {
      gated.open();
      threads.shutdownNow();
    }
  }

  @Test
  void aPruneThatAsksForItGetsRoomBetweenTwoBatches() throws Exception {
    for (int i = 0; i < 3; i++) {
      backup("s" + i, i, 20_000_000);
    }
    OpenRepository parts = replicaParts();
    RecordingTarget watched = new RecordingTarget(LocalTarget.at(replicaPlace));
    try (RepositoryLock lock =
            RepositoryLock.shared(
                parts.store(), RepositoryOptions.DEFAULT.clock(), Duration.ofSeconds(10));
        BackupRepository open = BackupRepository.open(watched, TestRepositories.PASSWORDS)) {
      Lease pause =
          parts.leases().put(LeaseKind.PAUSE, "a prune", lock, Instant.now(), Duration.ofMillis(1));
      assertEquals(3, repository.copyTo(open, CopyOptions.DEFAULT).copied().size());
      parts.leases().remove(List.of(pause));
    }
    List<ObjectKey> shown =
        watched.events().stream()
            .filter(
                each ->
                    each.is(What.STORED, "locks/")
                        || each.is(What.DELETED, "locks/")
                        || each.is(What.STORED, "snapshots/"))
            .map(RecordingTarget.Event::key)
            .toList();
    // Locked, two snapshots, unlocked; locked, the third, unlocked.
    assertEquals(
        List.of("locks", "snapshots", "snapshots", "locks", "locks", "snapshots", "locks"),
        shown.stream().map(each -> each.value().split("/", -1)[0]).toList());
    assertClean();
  }

  @Test
  void whatIsJustBeingRemovedInTheReplicaGetsNoCopyThatDependsOnIt() throws Exception {
    Snapshot parent = backup("parent", 1);
    copy(SnapshotFilter.ALL);
    Snapshot child = backup("child", 2, parent);
    OpenRepository parts = replicaParts();
    Snapshot copied = replica.list(SnapshotFilter.of(parent.run())).get(0);
    try (RepositoryLock lock =
        RepositoryLock.shared(
            parts.store(), RepositoryOptions.DEFAULT.clock(), Duration.ofSeconds(10))) {
      Lease expiry = parts.leases().put(LeaseKind.EXPIRY, "slow", lock, Instant.now());
      DecoratedTarget met =
          new DecoratedTarget(LocalTarget.at(replicaPlace)) {
            private int looks;

            @Override
            public Cursor<ObjectInfo> list(String prefix) throws IOException {
              if (prefix.startsWith("copperplate/leases/expiry/") && ++looks == 2) {
                StoredRepository.at(replicaPlace).delete(ObjectKind.SNAPSHOT, copied.id().hex());
                parts.leases().remove(List.of(expiry));
              }
              return super.list(prefix);
            }
          };
      try (BackupRepository open = BackupRepository.open(met, TestRepositories.PASSWORDS)) {
        CopyOptions one = CopyOptions.DEFAULT.filter(SnapshotFilter.of(child.run()));
        CopyReport report = repository.copyTo(open, one);
        assertEquals(List.of(), runs(report));
        assertFinding(report, Finding.Severity.ERROR, child, "is not in the replica");
      }
    }
    assertEquals(List.of(), replica.list(SnapshotFilter.ALL));
  }

  @Test
  void twoCopiesAtOnceLeaveACleanReplica() throws Exception {
    for (int i = 0; i < 6; i++) {
      backup("s" + i % 3, i);
    }
    ExecutorService threads = Executors.newFixedThreadPool(2);
    try (BackupRepository again = TestRepositories.open(replicaPlace)) {
      Future<CopyReport> one = threads.submit(() -> copy(SnapshotFilter.ALL));
      Future<CopyReport> other =
          threads.submit(() -> repository.copyTo(again, CopyOptions.DEFAULT));
      one.get(1, TimeUnit.MINUTES);
      other.get(1, TimeUnit.MINUTES);
    } finally {
      threads.shutdownNow();
    }
    assertSameTrees(repository.list(SnapshotFilter.ALL));
    assertEquals(6, copy(SnapshotFilter.ALL).present());
    assertClean();
  }

  @Test
  void anInterruptedCopyIsCarriedOnByTheNext() throws Exception {
    List<Snapshot> all =
        List.of(backup("a", 1, 20_000_000), backup("b", 2, 20_000_000), backup("c", 3, 40_000_000));
    GatedTarget gated = new GatedTarget(LocalTarget.at(replicaPlace));
    ExecutorService threads = Executors.newSingleThreadExecutor();
    try (BackupRepository open = BackupRepository.open(gated, TestRepositories.PASSWORDS)) {
      for (Snapshot each : all.subList(0, 2)) {
        repository.copyTo(open, CopyOptions.DEFAULT.filter(SnapshotFilter.of(each.source())));
      }
      gated.awaitStored(4);
      gated.hold(2);
      Future<CopyReport> copy = threads.submit(() -> repository.copyTo(open, CopyOptions.DEFAULT));
      gated.awaitHeld(2);
      threads.shutdownNow();
      Exception ended = assertThrows(Exception.class, () -> copy.get(1, TimeUnit.MINUTES));
      assertTrue(ended.getCause() instanceof InterruptedException, ended::toString);
      assertEquals(2, open.list(SnapshotFilter.ALL).size());
    } finally {
      gated.open();
      threads.shutdownNow();
    }
    CopyReport rest = copy(SnapshotFilter.ALL);
    assertEquals(List.of(all.get(2).run()), runs(rest));
    assertEquals(2, rest.present());
    assertEquals(Map.of(), StoredPacks.in(replicaPlace).twice());
    assertSameTrees(all);
    assertClean();
  }

  @Test
  void whatWasFinishedBeforeAFailureIsThereAndTheNextCopyStoresOnlyTheRest() throws Exception {
    List<Snapshot> all = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      all.add(backup("s" + i, i, 20_000_000));
    }
    AtomicBoolean full = new AtomicBoolean();
    BackupTarget filling =
        new DecoratedTarget(LocalTarget.at(replicaPlace)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            if (full.get() && key.value().startsWith("data/")) {
              throw new BackupException(Kind.FULL, "Put of " + key + " refused by the test");
            }
            super.put(key, content, options);
            full.compareAndSet(false, key.value().startsWith("snapshots/"));
          }
        };
    try (BackupRepository open = BackupRepository.open(filling, TestRepositories.PASSWORDS)) {
      assertThrows(BackupException.class, () -> repository.copyTo(open, CopyOptions.DEFAULT));
    }
    int finished = replica.list(SnapshotFilter.ALL).size();
    assertTrue(finished > 0 && finished < all.size(), finished + " were finished");
    CopyReport rest = copy(SnapshotFilter.ALL);
    assertEquals(finished, rest.present());
    assertEquals(all.size() - finished, rest.copied().size());
    assertEquals(Map.of(), StoredPacks.in(replicaPlace).twice());
    assertSameTrees(all);
  }

  @Test
  void aReplicaThatIsFullEndsTheCopyAndTheNextGoesOn() throws Exception {
    Snapshot made = backup("a", 1);
    BackupTarget full =
        new DecoratedTarget(LocalTarget.at(replicaPlace)) {
          @Override
          public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
            if (key.value().startsWith("data/")) {
              throw new BackupException(Kind.FULL, "Put of " + key + " refused by the test");
            }
            super.put(key, content, options);
          }
        };
    try (BackupRepository open = BackupRepository.open(full, TestRepositories.PASSWORDS)) {
      BackupException thrown =
          assertThrows(BackupException.class, () -> repository.copyTo(open, CopyOptions.DEFAULT));
      assertEquals(Kind.FULL, thrown.kind());
    }
    assertEquals(List.of(), replica.list(SnapshotFilter.ALL));
    assertEquals(List.of(made.run()), runs(copy(SnapshotFilter.ALL)));
    assertClean();
  }
}
