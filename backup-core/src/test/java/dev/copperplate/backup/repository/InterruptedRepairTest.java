package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A repair that ends at any of its changes loses nothing, and the next one finishes it. Between two
 * changes the repository is as after the first, so only changes are counted.
 */
@Timeout(300)
class InterruptedRepairTest {

  private static final List<Defect> DEFECTS =
      List.of(
          Defect.PACK_FLIPPED,
          Defect.TREE_PACK_LOST,
          Defect.INDEX_FLIPPED,
          Defect.SNAPSHOT_FLIPPED);

  @TempDir static Path shared;
  @TempDir Path own;

  private static Path sound;
  private static Path reencrypted;
  private static Path tree;

  @BeforeAll
  static void make() throws Exception {
    sound = shared.resolve("repository");
    tree = shared.toRealPath().resolve("tree");
    SmallRepository.make(sound, tree);
    reencrypted = SmallRepository.reencrypt(sound, shared.resolve("reencrypted"));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void theNextOneFinishesIt(boolean sameKey) throws Exception {
    Path replica = sameKey ? sound : reencrypted;
    boolean ended = false;
    for (int changes = 0; !ended; changes++) {
      Path place = StoredRepository.copy(sound, own.resolve("after-" + changes));
      for (Defect each : DEFECTS) {
        each.bringAbout(place);
      }
      ended = repair(place, replica, changes);
      for (Path lock : new Damage(place).files(ObjectKind.LOCK)) {
        Files.delete(lock); // As that of a process that is dead, whose next one removes it.
      }
      repair(place, replica, Integer.MAX_VALUE);
      CheckReport report = SmallRepository.check(place, new CheckOptions.Data());
      assertEquals(List.of(), SmallRepository.bad(report.findings()), "After " + changes);
      assertEquals(3, report.snapshots());
      if (ended) {
        assertTrue(changes > 5, "It made changes: " + changes);
        requireWhole(place);
      }
      StoredRepository.remove(place);
    }
  }

  private void requireWhole(Path place) throws Exception {
    WrittenRepositoryTest.assertClean(Restic.stock().at(place, TestRepositories.PASSWORD));
    try (BackupRepository repository = TestRepositories.open(place)) {
      FileTree.assertSame(
          FileTree.of(tree).asTheJdkCan(),
          RestoredTree.of(
              repository,
              repository.list(SnapshotFilter.of(FilesSource.of(tree).id())).get(0),
              own.resolve("restored"),
              tree));
    }
  }

  /** Returns whether it came to its end before so many changes. */
  private static boolean repair(Path place, Path from, int changes) throws Exception {
    Dying target = new Dying(LocalTarget.at(place));
    try (BackupRepository repository = BackupRepository.open(target, TestRepositories.PASSWORDS);
        BackupRepository replica = TestRepositories.open(from)) {
      RepairOptions options = RepairOptions.DEFAULT.replicas(List.of(replica));
      target.dieAfter(changes);
      if (changes == Integer.MAX_VALUE) {
        repository.repair(options);
        return true;
      }
      try {
        repository.repair(options);
        // The lock that cannot be given back is only logged.
        return !target.dead();
      } catch (BackupException died) {
        assertEquals(Kind.FULL, died.kind(), died::toString);
        return false;
      }
    }
  }

  /** Changes nothing any more after so many changes. */
  private static final class Dying extends DecoratedTarget {

    private final AtomicInteger left = new AtomicInteger(Integer.MAX_VALUE);

    Dying(BackupTarget target) {
      super(target);
    }

    void dieAfter(int changes) {
      left.set(changes);
    }

    boolean dead() {
      return left.get() < 0;
    }

    @Override
    public void put(ObjectKey key, Content content, PutOptions options) throws IOException {
      live(key);
      super.put(key, content, options);
    }

    @Override
    public Map<ObjectKey, BackupException> delete(Collection<ObjectKey> keys) throws IOException {
      live(keys);
      return super.delete(keys);
    }

    private void live(Object what) throws BackupException {
      if (left.getAndDecrement() <= 0) {
        throw new BackupException(Kind.FULL, "Change of " + what + " refused by the test", null);
      }
    }
  }
}
