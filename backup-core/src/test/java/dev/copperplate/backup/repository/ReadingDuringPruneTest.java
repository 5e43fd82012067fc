package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.restic.Restic;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReadingDuringPruneTest {
  @TempDir Path directory;

  @Test
  void aReaderThatIsOpenWhileResticRepacksReadsOn() throws Exception {
    Path place = directory.resolve("repository");
    byte[] kept = new byte[2_000_000];
    byte[] gone = new byte[2_000_000];
    new Random(1).nextBytes(kept);
    new Random(2).nextBytes(gone);
    try (BackupRepository repository = TestRepositories.create(place)) {
      Snapshot both =
          repository.backup(new MapSource("one", Map.of("kept", kept, "gone", gone))).snapshot();
      Snapshot one = repository.backup(new MapSource("one", Map.of("kept", kept))).snapshot();
      try (SnapshotReader reader = repository.open(one)) {
        Restic restic = Restic.stock().at(place, TestRepositories.PASSWORD);
        restic.succeed("forget", both.id().hex());
        restic.succeed("prune", "--max-unused", "0");
        try (InputStream in =
            reader.open(reader.entry(EntryPath.of("kept")).orElseThrow(), ByteRange.ALL)) {
          assertArrayEquals(kept, in.readAllBytes());
        }
      }
    }
  }
}
