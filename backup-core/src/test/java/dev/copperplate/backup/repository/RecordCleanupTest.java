package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Records of removed snapshots go with the next prune; what somebody may ask for stays. */
class RecordCleanupTest {

  private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");

  @TempDir Path directory;

  @Test
  void receiptsAndFindingsOfRemovedSnapshotsGoAndEverythingElseStays() throws Exception {
    StoredRecords records;
    Snapshot kept;
    Set<RecordKey> removed = new HashSet<>();
    try (BackupRepository repository = TestRepositories.create(directory)) {
      records = StoredRecords.at(directory);
      Snapshot gone = repository.backup(new WarningSource("gone", 1)).snapshot();
      verify(repository, gone);
      repository.hold(gone, "a hold outlives its snapshot");
      removed.addAll(records.keys(RecordKind.RECEIPT));
      removed.addAll(records.keys(RecordKind.FINDINGS));
      kept = repository.backup(new MapSource("kept", Map.of("f", new byte[1]))).snapshot();
      verify(repository, kept);
      Files.delete(directory.resolve("snapshots").resolve(gone.id().hex()));
      repository.approve(approval(NOW.minus(Duration.ofDays(399))));
      repository.approve(approval(NOW.plus(Duration.ofDays(1))));
      assertEquals(2, records.keys(RecordKind.APPROVAL).size());
    }
    OpenRepository parts = parts();
    RecordCleanup cleanup = new RecordCleanup(parts);
    List<Snapshot> listed = parts.catalog().list(SnapshotFilter.ALL);
    List<RecordKey> unneeded = cleanup.unneeded(listed, NOW);
    assertEquals(removed, Set.copyOf(unneeded));
    assertEquals(Map.of(), parts.records().delete(unneeded));
    assertEquals(List.of(), cleanup.unneeded(listed, NOW));
    assertEquals(1, records.keys(RecordKind.RECEIPT).size());
    assertEquals(1, records.keys(RecordKind.HOLD).size());
    assertEquals(1, cleanup.unneeded(listed, NOW.plus(Duration.ofDays(2))).size());
  }

  @Test
  void anApprovalThatCannotBeReadStays() throws Exception {
    TestRepositories.create(directory).close();
    RecordKey junk = new RecordKey(RecordKind.APPROVAL, "removal", "junk");
    StoredRecords.at(directory).put(junk, new byte[] {1});
    assertEquals(List.of(), new RecordCleanup(parts()).unneeded(List.of(), NOW));
  }

  private OpenRepository parts() throws Exception {
    LocalTarget target = LocalTarget.at(directory);
    RepositoryKeys.Opened opened = new RepositoryKeys(target).open(TestRepositories.PASSWORDS);
    return OpenRepository.of(
        opened.config(), opened.polynomial(), new ObjectStore(target, opened.key()));
  }

  private static void verify(BackupRepository repository, Snapshot snapshot) throws Exception {
    assertTrue(repository.verify(snapshot, StoredRecords.answering(Proof.DATA, true)).passed());
  }

  private static Approval approval(Instant expires) {
    return new Approval(
        Set.of(new RunId("r")), "ann", expires.minusSeconds(60), expires, Optional.empty());
  }
}
