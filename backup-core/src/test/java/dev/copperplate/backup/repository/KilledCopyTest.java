package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.repository.KilledWriter.Phase;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * Copies that are killed with SIGKILL, judged by stock restic. All fifty kills: {@code mvn test -pl
 * backup-api,backup-core -Dtest=KilledCopyTest -Dtest.excluded=
 * -Dsurefire.failIfNoSpecifiedTests=false}.
 */
class KilledCopyTest {

  private static final int SNAPSHOTS = 4;
  private static final int FILES = 3;
  private static final int FILE_SIZE = 4_000_000;

  /** Lock, four packs or five, two indexes, four snapshots. */
  private static final int PUTS = 13;

  private static final int LONGEST_MILLIS = 1500;

  @TempDir Path directory;

  private final long seed = Long.getLong("copperplate.seed", System.nanoTime());
  private final Random random = new Random(seed);
  private Path source;

  @BeforeEach
  void makeSource() throws Exception {
    Restic.stock();
    System.out.println("Seed of the kills: " + seed);
    source = directory.resolve("source");
    try (BackupRepository repository = TestRepositories.create(source)) {
      for (int i = 0; i < SNAPSHOTS; i++) {
        // Each shares a file with the one before.
        repository.backup(new GeneratedSource("s", i * (FILES - 1L), FILES, FILE_SIZE));
      }
    }
  }

  @Test
  @Timeout(300)
  void loseNothingAndTheNextCopyStoresOnlyTheRest() throws Exception {
    killAndFinish(4, 2);
  }

  @Test
  @Tag("slow")
  @Timeout(1800)
  void loseNothingAtFiftyMoments() throws Exception {
    killAndFinish(17, 3);
  }

  private void killAndFinish(int replicas, int killsEach) throws Exception {
    for (int i = 0; i < replicas; i++) {
      Path replica = replica(i);
      StringBuilder where = new StringBuilder("seed " + seed);
      for (int kill = 0; kill < killsEach; kill++) {
        where.append("; ").append(killOne(replica));
        requireSound(replica, where.toString());
      }
      finish(replica, where.toString());
      StoredRepository.remove(replica);
    }
    bury(source);
    requireClean(source, "source");
  }

  private Path replica(int number) throws IOException {
    Path place = directory.resolve("replica" + number);
    try (BackupRepository repository = TestRepositories.open(source)) {
      TestRepositories.createReplica(repository, LocalTarget.at(place)).close();
    }
    return place;
  }

  private String killOne(Path replica) throws Exception {
    if (random.nextInt(3) == 0) {
      return killSoon(replica, random.nextInt(LONGEST_MILLIS));
    }
    return kill(replica, 1 + random.nextInt(PUTS), Phase.values()[random.nextInt(3)]);
  }

  private String kill(Path replica, int put, Phase phase) throws Exception {
    try (ChildJvm child = start(replica, put, phase)) {
      assertNotNull(child.await("opened"), child.said());
      String stopped = child.await("stopped");
      child.kill();
      return stopped == null ? "killed after its end: " + child.said() : stopped;
    }
  }

  private String killSoon(Path replica, int millis) throws Exception {
    try (ChildJvm child = start(replica, 0, Phase.NEVER)) {
      assertNotNull(child.await("opened"), child.said());
      // Nothing is waited for here: the moment is what the test is about.
      TimeUnit.MILLISECONDS.sleep(millis);
      child.kill();
      return "killed " + millis + " ms after it opened both";
    }
  }

  private ChildJvm start(Path replica, int put, Phase phase) throws IOException {
    return ChildJvm.start("300m", KilledCopy.class, source, replica, put, phase);
  }

  private static void requireSound(Path replica, String where) throws Exception {
    Restic.Result check = at(replica).run("check", "--no-lock", "--read-data");
    assertEquals(0, check.exitCode(), () -> where + ": " + check);
    assertEquals(List.of(), snapshotsNotWhole(replica), where);
  }

  private static List<Snapshot> snapshotsNotWhole(Path replica) throws Exception {
    try (BackupRepository open = TestRepositories.open(replica)) {
      for (Snapshot each : open.list(SnapshotFilter.ALL)) {
        if (!open.verify(each, Verifiers.structure()).passed()) {
          return List.of(each);
        }
      }
      return List.of();
    }
  }

  private void finish(Path replica, String where) throws Exception {
    int before = StoredPacks.in(replica).blobs();
    try (BackupRepository repository = TestRepositories.open(source);
        BackupRepository open = TestRepositories.open(replica)) {
      CopyReport report = repository.copyTo(open, CopyOptions.DEFAULT);
      assertEquals(List.of(), report.findings(), where);
      assertEquals(SNAPSHOTS, report.copied().size() + report.present(), where);
      assertEquals(SNAPSHOTS, open.list(SnapshotFilter.ALL).size(), where);
      int after = StoredPacks.in(replica).blobs();
      assertEquals(after - before, report.blobs(), where);
      if (report.copied().isEmpty()) {
        bury(replica);
      }
    }
    assertEquals(StoredPacks.in(source).blobs(), StoredPacks.in(replica).blobs(), where);
    assertEquals(Map.of(), StoredPacks.in(replica).twice(), where);
    requireClean(replica, where);
  }

  /** Who finds everything there takes no lock, and removes none that the dead one has left. */
  private static void bury(Path repository) throws Exception {
    for (Path lock : new Damage(repository).files(ObjectKind.LOCK)) {
      Files.delete(lock);
    }
  }

  private static void requireClean(Path repository, String where) throws Exception {
    Restic.Result check = at(repository).run("check", "--read-data");
    assertEquals(0, check.exitCode(), () -> where + ": " + check);
    assertEquals("", check.err(), () -> where + ": " + check);
  }

  private static Restic at(Path repository) throws IOException {
    return Restic.stock().at(repository, TestRepositories.PASSWORD);
  }
}
