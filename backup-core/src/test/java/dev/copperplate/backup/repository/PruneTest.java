package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.Forgotten.forget;
import static dev.copperplate.backup.repository.Forgotten.two;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a prune leaves, judged by stock restic. */
@Timeout(120)
class PruneTest {

  private static final int SIZE = 3_000_000;
  private static final PruneOptions ALL = PruneOptions.DEFAULT.maxUnused(0);

  @TempDir Path directory;

  private Path place;

  @BeforeEach
  void name() {
    place = directory.resolve("repository");
  }

  @Test
  void removesWhatNoSnapshotNeedsAndStoresAnewWhatIsNeededBesideIt() throws Exception {
    try (BackupRepository repository = TestRepositories.create(place)) {
      Snapshot first = repository.backup(two("a", 1, 2, SIZE)).snapshot();
      repository.backup(two("b", 2, 3, SIZE));
      forget(place, first);
      long before = bytes();

      PruneReport foretold = repository.prune(ALL.dryRun(true));
      assertEquals(before, bytes(), "A dry run changes nothing");
      PruneReport report = repository.prune(ALL);

      assertTrue(report.complete(), report::toString);
      assertEquals(List.of(), report.findings());
      assertTrue(report.packsRemoved() >= 2, report::toString);
      assertEquals(1, report.packsRepacked(), report::toString);
      assertTrue(report.bytesFreed() > 2L * SIZE, report::toString);
      assertTrue(Math.abs(report.bytesRepacked() - SIZE) < 10_000, report::toString);
      assertEquals(0, report.bytesUnused(), report::toString);
      assertEquals(foretold.packsRemoved(), report.packsRemoved());
      assertEquals(foretold.packsRepacked(), report.packsRepacked());
      assertEquals(foretold.bytesFreed(), report.bytesFreed());
      assertEquals(foretold.bytesRepacked(), report.bytesRepacked());
      assertEquals(foretold.indexesMerged(), report.indexesMerged());
      assertTrue(bytes() < 2L * SIZE + 50_000, () -> bytes() + " bytes");
      requireWhole(repository);

      PruneReport again = repository.prune(ALL);
      assertTrue(again.complete());
      assertEquals(0, again.packsRemoved() + again.packsRepacked() + again.indexesMerged());
      assertEquals(0, repository.backup(two("b", 2, 3, SIZE)).dataBlobs());
    }
    requireNothingToSay();
    assertNothingToPrune();
  }

  @Test
  void removesNothingWhereThereIsNoSnapshotUnlessTold() throws Exception {
    try (BackupRepository repository = TestRepositories.create(place)) {
      forget(place, repository.backup(two("a", 1, 2, SIZE)).snapshot());
      long before = bytes();
      PruneReport refused = repository.prune(ALL);
      assertFalse(refused.complete());
      assertTrue(refused.findings().get(0).message().contains("not one snapshot"));
      assertFalse(repository.prune(ALL.dryRun(true)).complete());
      assertEquals(before, bytes());
      assertTrue(repository.prune(ALL.emptying(true)).complete());
      assertEquals(List.of(), files(ObjectKind.PACK));
      assertEquals(List.of(), files(ObjectKind.INDEX));
      assertTrue(repository.prune(ALL).complete(), "Nothing is there to go");
    }
    requireNothingToSay();
  }

  @Test
  void leavesAsMuchUnusedAsItMay() throws Exception {
    try (BackupRepository repository = TestRepositories.create(place)) {
      Snapshot first = repository.backup(two("a", 1, 2, SIZE)).snapshot();
      repository.backup(two("b", 2, 3, SIZE));
      forget(place, first);
      PruneReport report = repository.prune(ALL.maxUnused(0.5));
      assertEquals(0, report.bytesRepacked(), report::toString);
      assertTrue(report.bytesUnused() > SIZE / 2, report::toString);
      assertTrue(report.complete());
      requireWhole(repository);
    }
    requireNothingToSay();
  }

  @Test
  void makesManySmallPacksAndIndexesIntoFew() throws Exception {
    try (BackupRepository repository = TestRepositories.create(place)) {
      for (int i = 0; i < 9; i++) {
        repository.backup(two("a", i, i + 1, 50_000));
      }
      PruneReport report = repository.prune(PruneOptions.DEFAULT);
      assertEquals(18, report.packsRepacked(), report::toString);
      assertTrue(report.indexesMerged() >= 9, report::toString);
      assertEquals(2, files(ObjectKind.PACK).size());
      assertEquals(1, files(ObjectKind.INDEX).size());
      requireWhole(repository);
      PruneReport again = repository.prune(PruneOptions.DEFAULT);
      assertEquals(0, again.packsRepacked() + again.indexesMerged(), again::toString);
    }
    requireNothingToSay();
    assertNothingToPrune();
  }

  @Test
  void removesTheRecordsOfSnapshotsThatAreGone() throws Exception {
    try (BackupRepository repository = TestRepositories.create(place)) {
      Snapshot gone = repository.backup(two("a", 1, 2, 1000)).snapshot();
      Snapshot stays = repository.backup(two("a", 3, 4, 1000)).snapshot();
      assertTrue(repository.verify(gone, Verifiers.checksums()).passed());
      assertTrue(repository.verify(stays, Verifiers.checksums()).passed());
      forget(place, gone);
      assertTrue(repository.prune(ALL).complete());
      assertEquals(List.of(), repository.receipts(gone));
      assertEquals(1, repository.receipts(stays).size());
    }
  }

  @Test
  void anEmptyRepositoryHasNothingToPrune() throws Exception {
    try (BackupRepository repository = TestRepositories.create(place)) {
      PruneReport report = repository.prune(ALL);
      assertTrue(report.complete());
      assertEquals(0, report.packsRemoved());
    }
    requireNothingToSay();
  }

  @Test
  void prunesWhatStockResticHasWritten() throws Exception {
    pruneWhatHasWritten(Restic.stock());
  }

  @Test
  void prunesWhatTheOldestResticWithTheFormatHasWritten() throws Exception {
    pruneWhatHasWritten(Restic.old());
  }

  private void pruneWhatHasWritten(Restic program) throws Exception {
    Restic restic = program.at(place, TestRepositories.PASSWORD);
    restic.succeed("init", "--repository-version", "2");
    StoredRepository.cheapen(place);
    Path tree = directory.resolve("tree");
    Files.createDirectories(tree.resolve("below"));
    for (int i = 0; i < 3; i++) {
      Files.write(tree.resolve("below/file" + i), Forgotten.bytes(i, SIZE / 3));
      Files.write(tree.resolve("file" + i), Forgotten.bytes(i + 100, SIZE / 5));
      restic.succeed("backup", tree.toString());
      Files.delete(tree.resolve("file" + i));
    }
    Path before = directory.resolve("before");
    restic.succeed("restore", "latest", "--target", before.toString());
    try (BackupRepository repository =
        BackupRepository.open(LocalTarget.at(place), TestRepositories.PASSWORDS)) {
      List<Snapshot> all = repository.list(SnapshotFilter.ALL);
      forget(place, all.get(1));
      forget(place, all.get(2));
      PruneReport report = repository.prune(ALL);
      assertTrue(report.complete(), report::toString);
      assertTrue(report.packsRemoved() > 0, report::toString);
      requireWhole(repository);
    }
    requireNothingToSay();
    Path after = directory.resolve("after");
    restic.succeed("restore", "latest", "--target", after.toString());
    FileTree.assertSame(
        FileTree.of(FileTree.below(before, tree)), FileTree.of(FileTree.below(after, tree)));
    restic.succeed("backup", tree.toString());
    assertNothingToPrune();
  }

  private void requireWhole(BackupRepository repository) throws Exception {
    for (Snapshot each : repository.list(SnapshotFilter.ALL)) {
      assertTrue(repository.verify(each, Verifiers.checksums()).passed());
    }
    assertEquals(Map.of(), StoredPacks.in(place).twice());
    assertEquals(List.of(), files(ObjectKind.LOCK));
    assertEquals(0, OpenLeases.of(place, LeaseKind.PRUNE) + OpenLeases.of(place, LeaseKind.PAUSE));
  }

  private void requireNothingToSay() throws Exception {
    WrittenRepositoryTest.assertClean(Restic.stock().at(place, TestRepositories.PASSWORD));
  }

  private void assertNothingToPrune() throws Exception {
    String said =
        Restic.stock()
            .at(place, TestRepositories.PASSWORD)
            .succeed("prune", "--dry-run", "--max-unused", "0");
    assertTrue(said.contains("to repack:             0 blobs"), said);
    assertTrue(said.contains("total prune:           0 blobs"), said);
  }

  private List<Path> files(ObjectKind kind) throws IOException {
    return new Damage(place).files(kind);
  }

  private long bytes() {
    try {
      long sum = 0;
      for (Path each : files(ObjectKind.PACK)) {
        sum += Files.size(each);
      }
      return sum;
    } catch (IOException failed) {
      throw new UncheckedIOException(failed);
    }
  }
}
