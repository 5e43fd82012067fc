package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.s3.S3Calls;
import dev.copperplate.backup.testkit.s3.S3Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Bytes that are not those that were stored. A target passes them on; the engine notices. */
class S3DamageTest extends S3TargetSuite {

  @TempDir Path folder;

  @Test
  void aTargetPassesOnWhatItIsGiven() throws IOException {
    byte[] spoilt = BYTES.clone();
    spoilt[BYTES.length / 2] ^= 1;
    for (ChecksumMode checksums : ChecksumMode.values()) {
      store.heal();
      try (S3Target reading = FakeTargets.builder(store, PLACE).checksums(checksums).build()) {
        put(reading);
        assertArrayEquals(BYTES, read(reading));
        store.on(S3Calls.of("GetObject"), S3Fault.flipsBit());
        assertArrayEquals(spoilt, read(reading));
      }
    }
  }

  @Test
  void aRestoreNamesTheFileThatIsDamaged() throws Exception {
    Path file = Files.write(folder.resolve("orders"), numbered(3_000_000));
    try (BackupRepository repository = TestRepositories.create(target, RepositoryOptions.DEFAULT)) {
      Snapshot snapshot = repository.backup(FilesSource.of(file)).snapshot();
      store.on(S3Calls.of("GetObject").below("backups/data/"), S3Fault.flipsBit());
      RestoreReport report =
          repository.restore(snapshot, FilesRestorer.to(folder.resolve("restored")));
      assertFalse(report.complete());
      String found = report.findings().toString();
      assertTrue(found.contains("orders"), found);
      store.heal();
      assertTrue(
          repository.restore(snapshot, FilesRestorer.to(folder.resolve("again"))).complete());
    }
  }

  @Test
  void aRepositoryWhoseConfigIsDamagedIsCalledThat() throws Exception {
    TestRepositories.create(target, RepositoryOptions.DEFAULT).close();
    store.spoil(PLACE.bucket(), PLACE.stored("config"), 500);
    Explained.failure(Kind.DAMAGED, () -> TestRepositories.open(target), "config");
  }

  private static byte[] numbered(int length) {
    byte[] bytes = new byte[length];
    new Random(2).nextBytes(bytes);
    return bytes;
  }
}
