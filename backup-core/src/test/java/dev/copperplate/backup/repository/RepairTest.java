package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.EnumSource.Mode;

/** What a repair makes whole, judged by stock restic and by restores. */
@Timeout(120)
class RepairTest {

  @TempDir static Path shared;
  @TempDir Path own;

  private static Path sound;
  private static Path reencrypted;
  private static Path tree;
  private static FileTree latest;
  private Path place;

  @BeforeAll
  static void make() throws Exception {
    sound = shared.resolve("repository");
    tree = shared.toRealPath().resolve("tree");
    SmallRepository.make(sound, tree);
    latest = FileTree.of(tree).asTheJdkCan();
    reencrypted = SmallRepository.reencrypt(sound, shared.resolve("reencrypted"));
  }

  @BeforeEach
  void copy() throws Exception {
    place = StoredRepository.copy(sound, own.resolve("repository"));
  }

  @ParameterizedTest
  @EnumSource(
      mode = Mode.MATCH_ANY,
      names = {"INDEX_.*", "ALL_INDEXES_LOST", "PACK_IN_TWO_.*"})
  void indexesAreMadeAnewFromThePacks(Defect defect) throws Exception {
    defect.bringAbout(place);
    Set<Path> before = files(ObjectKind.INDEX);
    RepairReport planned = repair(true);
    assertEquals(before, files(ObjectKind.INDEX), "A dry run changes nothing");
    RepairReport report = repair(false);
    assertTrue(report.indexesReplaced() > 0, report::toString);
    assertEquals(planned.indexesReplaced(), report.indexesReplaced());
    assertEquals(List.of(), SmallRepository.bad(report.findings()));
    requireWhole(3);
    assertEquals(0, repair(false).indexesReplaced(), "Nothing is left to do");
  }

  @Test
  void soundIndexFilesAreLeftAlone() throws Exception {
    Set<Path> before = files(ObjectKind.INDEX);
    Defect.INDEX_FLIPPED.bringAbout(place);
    repair(false);
    Set<Path> after = files(ObjectKind.INDEX);
    assertEquals(before.size(), after.size());
    after.retainAll(before);
    assertEquals(before.size() - 1, after.size());
  }

  @Test
  void aPackThatIsGoneIsDroppedAndWhatIsLostIsNamed() throws Exception {
    String pack = Defect.PACK_LOST.bringAbout(place);
    RepairReport report = repair(false);
    String said = report.findings().toString();
    assertTrue(said.contains("ERROR data blob "), said);
    assertTrue(said.contains("/a/large"), said);
    try (BackupRepository repository = TestRepositories.open(place)) {
      for (Snapshot each : repository.list(SnapshotFilter.of(FilesSource.of(tree).id()))) {
        assertTrue(said.contains(SmallRepository.name(each)), said);
      }
      assertFalse(repository.check(new CheckOptions.Structure()).sound());
      repository.backup(FilesSource.of(tree));
    }
    String later = SmallRepository.check(place, new CheckOptions.Data()).findings().toString();
    assertFalse(later.contains(pack), later);
    assertFalse(later.contains("ERROR"), () -> "What is still there was stored again: " + later);
  }

  @Test
  void aDamagedPackIsLeftAloneWhereThereIsNothingToHealItWith() throws Exception {
    Defect.PACK_TRUNCATED.bringAbout(place);
    Set<Path> before = files(ObjectKind.PACK);
    RepairReport report = repair(false);
    assertTrue(report.findings().toString().contains("could not be healed"), report::toString);
    assertEquals(before, files(ObjectKind.PACK));
    assertEquals(0, report.indexesReplaced());
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void everythingIsHealedFromACopyOfTheObjects(Defect defect) throws Exception {
    String named = defect.bringAbout(place);
    try (BackupRepository replica = TestRepositories.open(sound)) {
      healed(defect, named, replica);
    }
  }

  @ParameterizedTest
  @EnumSource(Defect.class)
  void everythingIsHealedFromAReplicaUnderAnotherKey(Defect defect) throws Exception {
    String named = defect.bringAbout(place);
    try (BackupRepository replica = TestRepositories.open(reencrypted)) {
      healed(defect, named, replica);
    }
  }

  private void healed(Defect defect, String named, BackupRepository replica) throws Exception {
    Set<Path> before = allFiles();
    RepairReport planned = repair(true, replica);
    assertEquals(before, allFiles(), "A dry run changes nothing");
    RepairReport report = repair(false, replica);
    assertEquals(List.of(), SmallRepository.bad(report.findings()));
    assertEquals(planned.objectsHealed(), report.objectsHealed(), () -> planned + "\n" + report);
    assertEquals(planned.blobsHealed(), report.blobsHealed(), () -> planned + "\n" + report);
    if (defect == Defect.PACK_IN_NO_INDEX) {
      // It is no pack, so nothing was done with it.
      Files.delete(place.resolve("data").resolve(named.substring(0, 2)).resolve(named));
    }
    requireWhole(3);
    RepairReport again = repair(false, replica);
    assertEquals(0, again.objectsHealed() + again.blobsHealed() + again.indexesReplaced());
  }

  @Test
  void aReplicaOfAnotherPolynomialCannotHelpAndIsSaidTo() throws Exception {
    Path other = own.resolve("other");
    try (BackupRepository replica = TestRepositories.create(other)) {
      replica.backup(FilesSource.of(tree));
      Defect.PACK_LOST.bringAbout(place);
      RepairReport report = repair(false, replica);
      String said = report.findings().toString();
      assertTrue(said.contains("another chunker polynomial"), said);
      assertTrue(said.contains("no replica has it"), said);
    }
  }

  @Test
  void aKeyFileIsTakenFromTheReplica() throws Exception {
    try (BackupRepository repository = TestRepositories.open(place);
        BackupRepository replica = TestRepositories.open(sound)) {
      Path key = new Damage(place).files(ObjectKind.KEY).get(0);
      Damage.flip(key, 50);
      RepairReport report = repository.repair(RepairOptions.DEFAULT.replicas(List.of(replica)));
      assertEquals(1, report.objectsHealed());
      assertEquals(List.of(), SmallRepository.bad(report.findings()));
    }
    requireWhole(3);
  }

  private RepairReport repair(boolean dryRun, BackupRepository... replicas) throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      return repository.repair(RepairOptions.DEFAULT.replicas(List.of(replicas)).dryRun(dryRun));
    }
  }

  private void requireWhole(int snapshots) throws Exception {
    WrittenRepositoryTest.assertClean(Restic.stock().at(place, TestRepositories.PASSWORD));
    try (BackupRepository repository =
        BackupRepository.open(LocalTarget.at(place), TestRepositories.PASSWORDS)) {
      CheckReport report = repository.check(new CheckOptions.Data());
      assertEquals(List.of(), report.findings());
      assertEquals(snapshots, report.snapshots());
      Snapshot newest = repository.list(SnapshotFilter.of(FilesSource.of(tree).id())).get(0);
      FileTree.assertSame(
          latest, RestoredTree.of(repository, newest, own.resolve("restored"), tree));
      StoredRepository.remove(own.resolve("restored"));
    }
    assertEquals(Set.of(), files(ObjectKind.LOCK));
  }

  private Set<Path> allFiles() throws Exception {
    Set<Path> all = new TreeSet<>();
    for (ObjectKind each : ObjectKind.values()) {
      all.addAll(files(each));
    }
    return all;
  }

  private Set<Path> files(ObjectKind kind) throws Exception {
    return new TreeSet<>(new Damage(place).files(kind));
  }
}
