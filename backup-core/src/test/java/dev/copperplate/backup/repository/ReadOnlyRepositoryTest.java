package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.target.ReadOnlyTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What can be done with a repository that nobody may change. */
@Timeout(120)
class ReadOnlyRepositoryTest {

  @TempDir Path parent;

  private final BackupSource source =
      new MapSource("orders", Map.of("a/b", "content".getBytes(StandardCharsets.UTF_8)));
  private Path directory;
  private BackupTarget target;
  private Snapshot snapshot;

  @BeforeEach
  void store() throws Exception {
    directory = parent.resolve("repository");
    try (BackupRepository repository = TestRepositories.create(directory)) {
      snapshot = repository.backup(source).snapshot();
    }
    target = ReadOnlyTarget.of(LocalTarget.at(directory));
  }

  @Test
  void listsReadsAndRestoresAndLeavesItAsItWas() throws Exception {
    FileTree before = FileTree.of(directory);
    try (BackupRepository repository = BackupRepository.open(target, TestRepositories.PASSWORDS)) {
      assertEquals(List.of(snapshot), repository.list(SnapshotFilter.ALL));
      try (SnapshotReader reader = repository.open(snapshot)) {
        assertEquals(Map.of("files", "1").keySet(), reader.manifest().facts().keySet());
      }
      Path restored = parent.resolve("restored");
      repository.restore(snapshot, FilesRestorer.to(restored));
      assertEquals("content", Files.readString(restored.resolve("a/b")));
    }
    FileTree.assertSame(before, FileTree.of(directory));
  }

  @Test
  void verifies() throws Exception {
    try (BackupRepository repository = BackupRepository.open(target, TestRepositories.PASSWORDS)) {
      assertTrue(repository.verify(snapshot, Verifiers.checksums()).passed());
    }
  }

  @Test
  void aBackupIsDeniedSaysWhatToDoAndLeavesNothing() throws Exception {
    FileTree before = FileTree.of(directory);
    try (BackupRepository repository = BackupRepository.open(target, TestRepositories.PASSWORDS)) {
      BackupException thrown = assertThrows(BackupException.class, () -> repository.backup(source));
      assertEquals(Kind.DENIED, thrown.kind());
      assertTrue(thrown.toString().contains("without ReadOnlyTarget"), thrown::toString);
    }
    assertEquals(List.of(), EngineThreads.remaining());
    FileTree.assertSame(before, FileTree.of(directory));
  }

  @Test
  void nothingCanBePutDeletedOrRetained() throws Exception {
    ObjectKey config = new ObjectKey("config");
    assertDenied(() -> target.put(config, Content.of(new byte[1]), PutOptions.DATA));
    assertDenied(() -> target.retain(List.of(config), Instant.EPOCH));
    Map<ObjectKey, BackupException> remaining = target.delete(List.of(config));
    assertEquals(Kind.DENIED, remaining.get(config).kind());
    assertEquals(
        "Delete of config from "
            + directory
            + " refused: it was opened for reading only. Use the target without ReadOnlyTarget if"
            + " it is to be changed",
        remaining.get(config).getMessage());
    assertTrue(Files.exists(directory.resolve("config")));
  }

  private static void assertDenied(org.junit.jupiter.api.function.Executable call) {
    assertEquals(Kind.DENIED, assertThrows(BackupException.class, call).kind());
  }
}
