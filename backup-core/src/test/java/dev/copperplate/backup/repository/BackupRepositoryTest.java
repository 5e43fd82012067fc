package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.verify.Verifiers;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupRepositoryTest {

  @TempDir Path directory;

  @Test
  void givesBackWhatWasBackedUp() throws Exception {
    byte[] large = new byte[20_000_000];
    new Random(1).nextBytes(large);
    Map<String, byte[]> files = new TreeMap<>();
    files.put("a/small", "hello".getBytes(StandardCharsets.UTF_8));
    files.put("a/empty", new byte[0]);
    files.put("b/c/large", large);
    try (BackupRepository repository = TestRepositories.create(directory)) {
      BackupReport report = repository.backup(new MapSource("one", files));
      assertEquals(SnapshotState.COMPLETE, report.snapshot().state());
      assertEquals(4, report.snapshot().files());
      Snapshot listed = repository.list(SnapshotFilter.ALL).get(0);
      assertEquals(report.snapshot(), listed);
      try (SnapshotReader reader = repository.open(listed)) {
        for (Map.Entry<String, byte[]> each : files.entrySet()) {
          try (InputStream in =
              reader.open(reader.entry(EntryPath.of(each.getKey())).orElseThrow(), ByteRange.ALL)) {
            assertArrayEquals(each.getValue(), in.readAllBytes(), each.getKey());
          }
        }
        assertEquals("3", reader.manifest().get("files").orElseThrow());
      }
      assertTrue(repository.verify(listed, Verifiers.checksums()).passed());
      BackupReport again = repository.backup(new MapSource("one", files));
      assertEquals(0, again.dataBlobs());
    }
  }
}
