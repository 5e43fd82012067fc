package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.KilledWriter.Phase;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Writers that are killed with SIGKILL, judged by stock restic. */
class KilledWriterTest {

  private static final int REPOSITORIES = 5;
  private static final int KILLS_EACH = 6;
  private static final int FILES = 10;
  private static final int FILE_SIZE = 4_000_000;

  /** Lock, three packs or four, index, snapshot. */
  private static final int PUTS = 8;

  private static final int LONGEST_MILLIS = 2500;

  @TempDir Path directory;

  @Test
  @Timeout(300)
  void leavesASoundRepositoryInWhichTheNextRunStoresNothingAgain() throws Exception {
    long seed = Long.getLong("copperplate.seed", System.nanoTime());
    System.out.println("Seed of the kills: " + seed);
    Random random = new Random(seed);
    Restic.stock();
    for (int i = 0; i < REPOSITORIES; i++) {
      Path repository = directory.resolve("repository" + i);
      TestRepositories.create(repository).close();
      for (int kill = 0; kill < KILLS_EACH; kill++) {
        // New files and old ones, so that the next run has something to find again.
        long first = i * 1000L + kill * (FILES / 2);
        String where = killOne(repository, first, random);
        requireSound(repository, where);
        requireNextRun(repository, first, where);
      }
    }
  }

  @Test
  void findsThePacksOfARunThatWasKilledBeforeItsSnapshot() throws Exception {
    Path repository = directory.resolve("repository");
    TestRepositories.create(repository).close();
    // The lock, three packs, and then the index or the first pack of directories.
    kill(repository, 0, 5, Phase.BEGUN);
    int stored = StoredPacks.in(repository).blobs();
    assertTrue(stored > 0, "The child stored packs before it was killed");
    try (BackupRepository open = TestRepositories.open(repository)) {
      BackupReport report = open.backup(source(0));
      assertTrue(report.bytesAdded() < (long) FILES * FILE_SIZE / 2, report.toString());
    }
    assertEquals(Map.of(), StoredPacks.in(repository).twice());
  }

  private String killOne(Path repository, long first, Random random) throws Exception {
    if (random.nextInt(3) == 0) {
      return killSoon(repository, first, random.nextInt(LONGEST_MILLIS));
    }
    Phase phase = Phase.values()[random.nextInt(3)];
    return kill(repository, first, 1 + random.nextInt(PUTS), phase);
  }

  private static String kill(Path repository, long first, int put, Phase phase) throws Exception {
    try (ChildJvm child = start(repository, first, put, phase)) {
      assertNotNull(child.await("started"), child.said());
      String stopped = child.await("stopped");
      child.kill();
      return stopped == null ? "killed after its end: " + child.said() : stopped;
    }
  }

  private static String killSoon(Path repository, long first, int millis) throws Exception {
    try (ChildJvm child = start(repository, first, 0, Phase.NEVER)) {
      assertNotNull(child.await("started"), child.said());
      // Nothing is waited for here: the moment is what the test is about.
      TimeUnit.MILLISECONDS.sleep(millis);
      child.kill();
      return "killed " + millis + " ms after its start";
    }
  }

  private static ChildJvm start(Path repository, long first, int put, Phase phase)
      throws Exception {
    return ChildJvm.start(
        "300m", KilledWriter.class, repository, "a", first, FILES, FILE_SIZE, put, phase);
  }

  private static GeneratedSource source(long first) {
    return new GeneratedSource("a", first, FILES, FILE_SIZE);
  }

  private static void requireSound(Path repository, String where) throws Exception {
    Restic restic = Restic.stock().at(repository, TestRepositories.PASSWORD);
    Restic.Result check = restic.run("check", "--no-lock", "--read-data");
    assertEquals(0, check.exitCode(), () -> where + ": " + check);
    requireAllWhole(repository, where);
  }

  private static void requireAllWhole(Path repository, String where) throws Exception {
    try (BackupRepository open = TestRepositories.open(repository)) {
      for (Snapshot each : open.list(SnapshotFilter.ALL)) {
        Verification verification = open.verify(each, Verifiers.checksums());
        assertTrue(verification.passed(), () -> where + ": " + verification);
      }
    }
  }

  private static void requireNextRun(Path repository, long first, String where) throws Exception {
    try (BackupRepository open = TestRepositories.open(repository)) {
      Snapshot made = open.backup(source(first)).snapshot();
      assertEquals(FILES + 1, made.files(), where);
    }
    Restic restic = Restic.stock().at(repository, TestRepositories.PASSWORD);
    Restic.Result check = restic.run("check");
    assertEquals(0, check.exitCode(), () -> where + ": " + check);
    assertEquals("", check.err(), () -> where + ": " + check);
    assertEquals(Map.of(), StoredPacks.in(repository).twice(), where);
    assertEquals(List.of(), locks(repository), where);
  }

  private static List<Path> locks(Path repository) throws Exception {
    try (Stream<Path> locks = Files.list(repository.resolve("locks"))) {
      return new ArrayList<>(locks.filter(each -> !each.toString().contains("-tmp-")).toList());
    }
  }
}
