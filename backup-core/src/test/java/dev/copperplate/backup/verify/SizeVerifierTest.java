package dev.copperplate.backup.verify;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.MapSource;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SizeVerifierTest {

  @TempDir Path directory;

  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(directory);
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @Test
  void aFirstSnapshotPassesWithARemark() throws Exception {
    Verification first = verify("one", 10, 1_000);
    assertTrue(first.passed());
    assertEquals(Proof.STRUCTURE, first.proof());
    assertEquals(List.of(Severity.INFO), severities(first));
  }

  @Test
  void aSnapshotLikeTheOnesBeforePassesWithoutARemark() throws Exception {
    verify("one", 10, 1_000);
    verify("one", 12, 900);
    Verification third = verify("one", 9, 1_100);
    assertTrue(third.passed(), third::toString);
    assertEquals(List.of(), third.findings());
    assertTrue(third.facts().containsKey("medianFiles"), third::toString);
    assertTrue(third.facts().containsKey("medianBytes"), third::toString);
  }

  @Test
  void aSourceThatIsSuddenlyEmptyFails() throws Exception {
    verify("one", 10, 1_000);
    Verification empty = verify("one", 0, 0);
    assertFalse(empty.passed());
    assertTrue(empty.findings().get(0).message().contains("files"), empty::toString);
  }

  @Test
  void asManyFilesOfMuchLessContentFail() throws Exception {
    verify("one", 10, 10_000);
    Verification shrunk = verify("one", 10, 1_000);
    assertFalse(shrunk.passed());
    assertEquals(List.of(Severity.ERROR), severities(shrunk));
  }

  @Test
  void muchMoreThanBeforeIsAWarning() throws Exception {
    verify("one", 10, 1_000);
    Verification grown = verify("one", 50, 1_000);
    assertTrue(grown.passed());
    assertEquals(List.of(Severity.WARNING, Severity.WARNING), severities(grown));
  }

  @Test
  void theFactorSaysHowMuchIsTooMuch() throws Exception {
    backup("one", 10, 1_000);
    backup("one", 50, 1_000);
    Verification patient = repository.verify(backup("one", 100, 1_000), Verifiers.size(10));
    assertEquals(List.of(), patient.findings());
    assertThrows(IllegalArgumentException.class, () -> Verifiers.size(1));
  }

  @Test
  void oneOddSnapshotInTheHistoryDoesNotCount() throws Exception {
    verify("one", 10, 1_000);
    verify("one", 10, 1_000);
    verify("one", 1_000, 1_000);
    assertEquals(List.of(), verify("one", 10, 1_000).findings());
  }

  @Test
  void otherSourcesAndEnvironmentsAreNoHistory() throws Exception {
    verify("other", 1_000, 1_000);
    try (BackupRepository elsewhere =
        BackupRepository.open(
            LocalTarget.at(directory),
            TestRepositories.PASSWORDS,
            RepositoryOptions.DEFAULT.environment("elsewhere"))) {
      elsewhere.backup(source("one", 1_000, 1_000));
    }
    assertEquals(List.of(Severity.INFO), severities(verify("one", 10, 1_000)));
  }

  private Verification verify(String name, int files, int bytes) throws Exception {
    return repository.verify(backup(name, files, bytes), Verifiers.size());
  }

  private Snapshot backup(String name, int files, int bytes) throws Exception {
    return repository.backup(source(name, files, bytes)).snapshot();
  }

  private static MapSource source(String name, int files, int bytes) {
    Map<String, byte[]> content = new HashMap<>();
    for (int i = 0; i < files; i++) {
      content.put("f" + i, new byte[bytes]);
    }
    return new MapSource(name, content);
  }

  private static List<Severity> severities(Verification verification) {
    return verification.findings().stream().map(Finding::severity).toList();
  }
}
