package dev.copperplate.backup.testkit.filesystem;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a power failure leaves of a repository, at whatever operation of a backup it happens. */
class RepositoryPowerFailureTest {

  private static final Passwords PASSWORDS = Passwords.of("model"::toCharArray);

  /** A few files, some of which the other numbers share. */
  private record Files(int number) implements BackupSource {

    @Override
    public SourceId id() {
      return new SourceId("model", "files");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
      for (int i = 0; i < 4; i++) {
        try (EntryOutput out = writer.file(EntryPath.of("file " + i), Attributes.PLAIN)) {
          byte[] content = new byte[30_000];
          new Random(i == 0 ? 0 : 100L * number + i).nextBytes(content);
          out.write(content);
          out.commit();
        }
      }
    }
  }

  private static BackupTarget on(ModelFileSystem disk) {
    return LocalTarget.at(disk.getPath("/backups"));
  }

  private static BackupRepository open(ModelFileSystem disk) throws IOException {
    return BackupRepository.open(on(disk), PASSWORDS, RepositoryOptions.DEFAULT.threads(1));
  }

  /** A repository with one snapshot, all of it durable. */
  private static ModelFileSystem withOneSnapshot() throws Exception {
    ModelFileSystem disk = new ModelFileSystem();
    try (BackupRepository repository =
        BackupRepository.create(on(disk), PASSWORDS, RepositoryOptions.DEFAULT)) {
      repository.backup(new Files(1));
    }
    return disk.afterPowerFailure(0);
  }

  @Test
  void someCutsOfABackupHarmNothing() throws Exception {
    cuts(13, 1);
  }

  @Test
  @Tag("slow")
  void noCutOfABackupHarmsAnything() throws Exception {
    cuts(1, 5);
  }

  private static void cuts(int step, int seeds) throws Exception {
    ModelFileSystem first = withOneSnapshot();
    RunId kept;
    try (BackupRepository repository = open(first)) {
      kept = repository.list(SnapshotFilter.ALL).get(0).run();
    }
    boolean failed = true;
    for (int cut = 0; failed; cut += step) {
      ModelFileSystem disk = first.afterPowerFailure(0);
      Set<RunId> promised = new HashSet<>(Set.of(kept));
      failed = false;
      try (BackupRepository repository = open(disk)) {
        disk.cutAfter(cut);
        promised.add(repository.backup(new Files(2)).snapshot().run());
      } catch (IOException e) {
        assertTrue(disk.isCut(), e::toString);
        failed = true;
      }
      for (int seed = 0; seed < seeds; seed++) {
        assertSound(
            disk.afterPowerFailure(31L * cut + seed),
            promised,
            "seed " + (31L * cut + seed) + " after " + disk.log());
      }
    }
  }

  private static void assertSound(ModelFileSystem disk, Set<RunId> promised, String history)
      throws Exception {
    try (BackupRepository repository = open(disk)) {
      Set<RunId> found = verified(repository, history);
      assertTrue(found.containsAll(promised), () -> "lacks a promise: " + history);
      found.add(repository.backup(new Files(3)).snapshot().run());
      assertEquals(found, verified(repository, history));
    }
  }

  private static Set<RunId> verified(BackupRepository repository, String history) throws Exception {
    List<Snapshot> snapshots = repository.list(SnapshotFilter.ALL);
    Set<RunId> runs = new HashSet<>();
    for (Snapshot snapshot : snapshots) {
      assertTrue(
          repository.verify(snapshot, Verifiers.checksums()).passed(),
          () -> snapshot + " is not whole: " + history);
      runs.add(snapshot.run());
    }
    return runs;
  }
}
