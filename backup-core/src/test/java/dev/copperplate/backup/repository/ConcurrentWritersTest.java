package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Several processes that write into one repository at once, judged by stock restic. */
class ConcurrentWritersTest {

  private static final int WRITERS = 4;

  @TempDir Path directory;

  @Test
  void fourProcessesWithSharedContentLeaveFourWholeSnapshots() throws Exception {
    Path repository = directory.resolve("repository");
    TestRepositories.create(repository).close();
    List<ChildJvm> writers = new ArrayList<>();
    try {
      for (int i = 0; i < WRITERS; i++) {
        // Twelve files each, six of which are the neighbour's, too.
        writers.add(
            ChildJvm.start("300m", OneBackup.class, repository, "w" + i, i * 6L, 12, 3_000_000));
      }
      for (ChildJvm each : writers) {
        assertNotNull(each.await("opened"), each.said());
      }
      for (ChildJvm each : writers) {
        each.tell("go");
      }
      for (ChildJvm each : writers) {
        assertEquals(0, each.end(), each.said());
      }
    } finally {
      for (ChildJvm each : writers) {
        each.close();
      }
    }
    Restic.Result check =
        Restic.stock().at(repository, TestRepositories.PASSWORD).run("check", "--read-data");
    assertEquals(0, check.exitCode(), check::toString);
    assertEquals("", check.err(), check::toString);
    requireAllWhole(repository);
  }

  private static void requireAllWhole(Path repository) throws Exception {
    try (BackupRepository open = TestRepositories.open(repository)) {
      Set<String> sources = new TreeSet<>();
      for (Snapshot each : open.list(SnapshotFilter.ALL)) {
        assertTrue(open.verify(each, Verifiers.checksums()).passed(), each.toString());
        sources.add(each.source().name());
      }
      assertEquals(Set.of("w0", "w1", "w2", "w3"), sources);
      // Whatever they stored twice, the next one stores nothing.
      BackupReport again = open.backup(new GeneratedSource("w0", 0, 12, 3_000_000));
      assertEquals(0, again.dataBlobs());
    }
  }
}
