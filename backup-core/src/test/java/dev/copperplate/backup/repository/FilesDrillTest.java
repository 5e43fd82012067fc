package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.files.FilesDrill;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class FilesDrillTest {

  @TempDir Path place;

  private Path scratch;
  private Path data;
  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    scratch = Files.createDirectory(place.resolve("scratch"));
    data = place.resolve("data");
    repository =
        TestRepositories.create(
            LocalTarget.at(place.resolve("repository")),
            RepositoryOptions.DEFAULT.scratch(scratch));
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @Test
  void everythingThatAFileSystemHoldsComesBackAndIsCompared() throws Exception {
    RichTree.make(data, 3 << 20, 7);
    Snapshot snapshot = repository.backup(FilesSource.of(data)).snapshot();

    Verification drill = repository.verify(snapshot, FilesDrill.create());

    assertTrue(drill.passed(), drill::toString);
    assertEquals(Proof.RESTORED, drill.proof());
    assertEquals(List.of(), differences(drill));
    assertEquals(String.valueOf(snapshot.files()), drill.facts().get("files"));
    assertTrue(Long.parseLong(drill.facts().get("bytes")) > 3 << 20, drill::toString);
    assertTrue(Long.parseLong(drill.facts().get("milliseconds")) >= 0, drill::toString);
    assertScratchIsEmpty();
  }

  @Test
  void damagedContentFailsTheDrillWithAFindingForEachFile() throws Exception {
    Files.createDirectory(data);
    Files.write(data.resolve("large"), new byte[3 << 20]);
    Files.writeString(data.resolve("small"), "content");
    Snapshot snapshot = repository.backup(FilesSource.of(data)).snapshot();
    for (Path pack : new Damage(place.resolve("repository")).files(ObjectKind.PACK)) {
      Damage.flip(pack, 40);
    }

    Verification drill = repository.verify(snapshot, FilesDrill.create());

    assertFalse(drill.passed(), drill::toString);
    assertTrue(
        drill.findings().stream().anyMatch(each -> each.severity() == Severity.ERROR),
        drill::toString);
    assertScratchIsEmpty();
  }

  @Test
  void aLostPackFailsTheDrillAndThrowsNothing() throws Exception {
    Files.createDirectory(data);
    Files.writeString(data.resolve("small"), "content");
    Snapshot snapshot = repository.backup(FilesSource.of(data)).snapshot();
    for (Path pack : new Damage(place.resolve("repository")).files(ObjectKind.PACK)) {
      Damage.remove(pack);
    }

    assertFalse(repository.verify(snapshot, FilesDrill.create()).passed());
    assertScratchIsEmpty();
  }

  /** What the comparison found; the restorer's own findings say what it was not asked for. */
  private static List<Finding> differences(Verification drill) {
    return drill.findings().stream()
        .filter(each -> !each.remedy().isEmpty() || each.severity() == Severity.ERROR)
        .filter(each -> each.subject().startsWith("/"))
        .toList();
  }

  private void assertScratchIsEmpty() throws Exception {
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(List.of(), left.toList());
    }
  }
}
