package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.verify.Verifiers;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Records and stock restic on one repository: it passes them over, and what it rewrites is seen.
 */
class RecordsWithResticTest {

  private static final byte[] CONTENT = "content".getBytes(StandardCharsets.UTF_8);
  private static final SnapshotFilter PROVED = SnapshotFilter.ALL.proved(Proof.DATA);

  @TempDir Path directory;

  private Path place;
  private Restic restic;
  private Snapshot snapshot;

  @BeforeEach
  void keepOneRecordOfEachKind() throws Exception {
    place = directory.resolve("repository");
    restic = Restic.stock().at(createAt(place), TestRepositories.PASSWORD);
    try (BackupRepository repository = TestRepositories.open(place)) {
      repository.backup(new WarningSource("warned", 1200));
      snapshot =
          repository
              .backup(new MapSource("one", Map.of("a/file", CONTENT, "b/file", CONTENT)))
              .snapshot();
      assertTrue(repository.verify(snapshot, Verifiers.checksums()).passed());
      repository.hold(snapshot, "lawsuit");
    }
  }

  private static Path createAt(Path place) throws Exception {
    TestRepositories.create(place).close();
    return place;
  }

  /** Runs restic; a word on standard error fails the test. */
  private static String silent(Restic restic, String... arguments) throws Exception {
    Restic.Result result = restic.run(arguments);
    assertEquals(0, result.exitCode(), result::toString);
    assertEquals("", result.err(), result::toString);
    return result.out();
  }

  private Map<RecordKey, String> contents() throws Exception {
    StoredRecords records = StoredRecords.at(place);
    Map<RecordKey, String> contents = new HashMap<>();
    for (RecordKind kind : RecordKind.values()) {
      for (RecordKey key : records.keys(kind)) {
        contents.put(key, records.store().read(key).body());
      }
    }
    return contents;
  }

  @Test
  void stockToolsPassRecordsOver() throws Exception {
    Map<RecordKey, String> before = contents();
    assertEquals(3, before.size());
    silent(restic, "check", "--read-data");
    silent(restic, "forget", "--keep-last", "1", "--group-by", "");
    silent(restic, "prune");
    silent(restic, "check");
    assertEquals(before, contents());
    try (BackupRepository repository = TestRepositories.open(place)) {
      assertEquals(List.of(snapshot), repository.list(PROVED));
    }
  }

  @Test
  void receiptsAndHoldsOutliveTag() throws Exception {
    silent(restic, "tag", "--add", "seen", snapshot.id().hex());
    try (BackupRepository repository = TestRepositories.open(place)) {
      Snapshot tagged = repository.list(PROVED).get(0);
      assertNotEquals(snapshot.id(), tagged.id());
      assertEquals(snapshot.run(), tagged.run());
      assertTrue(tagged.tags().contains("seen"));
      assertEquals(1, repository.receipts(tagged).size());
      repository.release(tagged);
      assertEquals(3 + 1, contents().size(), "the hold was found by its run");
    }
  }

  @Test
  void receiptsAreVoidAfterRewriteChangesWhatIsThere() throws Exception {
    silent(restic, "rewrite", "--exclude", "/b", "--forget", snapshot.id().hex());
    try (BackupRepository repository = TestRepositories.open(place)) {
      Snapshot rewritten = repository.list(SnapshotFilter.of(snapshot.run())).get(0);
      assertNotEquals(snapshot.content(), rewritten.content());
      assertEquals(List.of(), repository.receipts(rewritten));
      assertEquals(List.of(), repository.list(PROVED));
    }
  }

  @Test
  void nothingIsProvedWhereStockCopyBroughtIt() throws Exception {
    Path replica = createAt(directory.resolve("replica"));
    Restic to = Restic.stock().at(replica, TestRepositories.PASSWORD);
    silent(
        to,
        "copy",
        "--from-repo",
        place.toString(),
        "--from-password-file",
        directory.resolve("repository.password").toString(),
        snapshot.id().hex());
    assertFalse(Files.exists(replica.resolve("copperplate")));
    try (BackupRepository repository = TestRepositories.open(replica)) {
      Snapshot copied = repository.list(SnapshotFilter.ALL).get(0);
      assertEquals(snapshot.run(), copied.run());
      assertEquals(List.of(), repository.list(PROVED));
      assertTrue(repository.verify(copied, Verifiers.checksums()).passed());
      assertEquals(List.of(copied), repository.list(PROVED), "it is earned again");
    }
  }

  @Test
  void losingAllRecordsLosesNoBackup() throws Exception {
    StoredRepository.remove(place.resolve("copperplate"));
    silent(restic, "check", "--read-data");
    try (BackupRepository repository = TestRepositories.open(place)) {
      assertEquals(2, repository.list(SnapshotFilter.ALL).size());
      assertEquals(List.of(), repository.list(PROVED));
      assertEquals(List.of(), repository.findings(snapshot));
      try (SnapshotReader reader = repository.open(snapshot);
          InputStream in =
              reader.open(reader.entry(EntryPath.of("b/file")).orElseThrow(), ByteRange.ALL)) {
        assertArrayEquals(CONTENT, in.readAllBytes());
      }
      assertTrue(repository.verify(snapshot, Verifiers.checksums()).passed());
      assertEquals(List.of(snapshot), repository.list(PROVED));
    }
    Path restored = directory.resolve("restored");
    silent(restic, "restore", snapshot.id().hex(), "--target", restored.toString());
    assertArrayEquals(CONTENT, Files.readAllBytes(restored.resolve("b/file")));
  }
}
