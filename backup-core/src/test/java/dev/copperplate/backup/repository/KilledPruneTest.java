package dev.copperplate.backup.repository;

import static dev.copperplate.backup.repository.Forgotten.forget;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.lock.LeaseKind;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Prunes that are killed with SIGKILL, judged by stock restic. The long version:
 *
 * <pre>mvn test -pl backup-bom,backup-api,backup-core -Dtest=KilledPruneTest -Dtest.excluded=
 * </pre>
 */
class KilledPruneTest {

  private static final int SNAPSHOTS = 3;
  private static final int FILES = 6;
  private static final int FILE_SIZE = 400_000;

  /** A few more than a prune of the prepared repository takes. */
  private static final int STEPS = 55;

  private static final int LONGEST_MILLIS = 2500;

  @TempDir Path directory;

  @Test
  @Timeout(240)
  void losesNothingAndTheNextOneFinishes() throws Exception {
    kill(8);
  }

  @Test
  @Tag("slow")
  @Timeout(1800)
  void losesNothingAtFiftyMoments() throws Exception {
    kill(50);
  }

  private void kill(int kills) throws Exception {
    long seed = Long.getLong("copperplate.seed", System.nanoTime());
    System.out.println("Seed of the kills: " + seed);
    Random random = new Random(seed);
    Path prepared = prepare();
    for (int i = 0; i < kills; i++) {
      Path place = StoredRepository.copy(prepared, directory.resolve("repository" + i));
      String where = killOne(place, random);
      System.out.println(where);
      requireSound(place, where);
      requireNextRun(place, where);
      StoredRepository.remove(place);
    }
  }

  /** A repository with free packs, partly used ones, and so many indexes that they are merged. */
  private Path prepare() throws Exception {
    Path place = directory.resolve("prepared");
    try (BackupRepository repository = TestRepositories.create(place)) {
      Snapshot gone = repository.backup(source(100, 100 + FILES)).snapshot();
      for (int i = 0; i < SNAPSHOTS; i++) {
        // Each has half of the files of the one before.
        repository.backup(source(i * FILES / 2, i * FILES / 2 + FILES));
      }
      List<Snapshot> all = repository.list(SnapshotFilter.ALL);
      forget(place, gone);
      forget(place, all.get(SNAPSHOTS - 1));
      for (int i = 0; i < 8; i++) {
        repository.backup(source(200 + i, 202 + i));
      }
    }
    return place;
  }

  private static MapSource source(int from, int to) {
    Map<String, byte[]> files = new HashMap<>();
    for (int i = from; i < to; i++) {
      files.put("d" + i % 2 + "/" + i, Forgotten.bytes(i, i < 200 ? FILE_SIZE : 1000));
    }
    return new MapSource("a", files);
  }

  private static String killOne(Path place, Random random) throws Exception {
    if (random.nextInt(5) == 0) {
      try (ChildJvm child = ChildJvm.start("300m", KilledPrune.class, place, 0, false)) {
        assertNotNull(child.await("opened"), child.said());
        int millis = random.nextInt(LONGEST_MILLIS);
        // Nothing is waited for here: the moment is what the test is about.
        TimeUnit.MILLISECONDS.sleep(millis);
        child.kill();
        return "killed " + millis + " ms after it was opened";
      }
    }
    int step = 1 + random.nextInt(STEPS);
    try (ChildJvm child =
        ChildJvm.start("300m", KilledPrune.class, place, step, random.nextBoolean())) {
      assertNotNull(child.await("started"), child.said());
      String stopped = child.await("stopped");
      child.kill();
      return stopped == null ? "killed after its end: " + child.said() : stopped;
    }
  }

  private static void requireSound(Path place, String where) throws Exception {
    Restic restic = Restic.stock().at(place, TestRepositories.PASSWORD);
    Restic.Result check = restic.run("check", "--no-lock", "--read-data");
    assertEquals(0, check.exitCode(), () -> where + ": " + check);
    try (BackupRepository open = TestRepositories.open(place)) {
      requireWhole(open, where);
    }
  }

  private static void requireWhole(BackupRepository repository, String where) throws Exception {
    List<Snapshot> all = repository.list(SnapshotFilter.ALL);
    assertEquals(SNAPSHOTS - 1 + 8, all.size(), where);
    for (Snapshot each : all) {
      assertTrue(repository.verify(each, Verifiers.checksums()).passed(), where);
    }
  }

  private static void requireNextRun(Path place, String where) throws Exception {
    try (BackupRepository repository = TestRepositories.open(place)) {
      PruneReport report = repository.prune(PruneOptions.DEFAULT.maxUnused(0));
      assertTrue(report.complete(), () -> where + ": " + report);
      assertEquals(0, report.bytesUnused(), () -> where + ": " + report);
      requireWhole(repository, where);
    }
    Restic restic = Restic.stock().at(place, TestRepositories.PASSWORD);
    Restic.Result check = restic.run("check", "--read-data");
    assertEquals(0, check.exitCode(), () -> where + ": " + check);
    assertEquals("", check.err(), () -> where + ": " + check);
    assertEquals(Map.of(), StoredPacks.in(place).twice(), where);
    assertEquals(List.of(), new Damage(place).files(ObjectKind.LOCK), where);
    assertEquals(0, OpenLeases.of(place, LeaseKind.PRUNE), where);
    assertEquals(0, OpenLeases.of(place, LeaseKind.PAUSE), where);
    Files.delete(place.resolveSibling(place.getFileName() + ".password"));
  }
}
