package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PruneRepositoryTest {

  private static final int SIZE = 300_000;

  @TempDir Path directory;
  private Place place;

  /** Two backups that have nothing in common, of which one is removed. */
  @BeforeEach
  void makeGarbage() throws Exception {
    place = Place.in(directory);
    for (int i = 0; i < 2; i++) {
      byte[] content = new byte[SIZE];
      new Random(i).nextBytes(content);
      Files.write(place.documents().resolve("content"), content);
      place.backup();
    }
    place.run(ApplyRetention.PROGRAM, "--keep-last=1").ending(ExitCode.SUCCESS);
  }

  @Test
  void freesWhatNoSnapshotNeeds() throws Exception {
    Invocation pruned =
        place
            .run(PruneRepository.PROGRAM, "--max-unused=0", "--wait=10s", "--json")
            .ending(ExitCode.SUCCESS);
    assertEquals(true, pruned.json().get("complete"));
    assertTrue(((Number) pruned.json().get("bytesFreed")).longValue() > SIZE);
    assertEquals(0L, pruned.json().get("bytesUnused"));
    place.run(CheckRepository.PROGRAM).ending(ExitCode.SUCCESS);
  }

  @Test
  void aDryRunFreesNothing() throws Exception {
    long before = size();
    Invocation dry = place.run(PruneRepository.PROGRAM, "--dry-run").ending(ExitCode.SUCCESS);
    assertTrue(dry.out().contains(" would be freed, "), dry.out());
    assertEquals(before, size());
  }

  @Test
  void aShareThatIsNoneIsRefused() throws Exception {
    Invocation wrong =
        place.run(PruneRepository.PROGRAM, "--max-unused=101").ending(ExitCode.USAGE);
    assertTrue(wrong.err().contains("1.01"), wrong.err());
  }

  private long size() throws Exception {
    try (var files = Files.walk(place.repository().resolve("data"))) {
      return files.filter(Files::isRegularFile).mapToLong(each -> each.toFile().length()).sum();
    }
  }
}
