package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.records.RecordKey;
import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What went wrong while a snapshot was made can be asked for later. */
class RunFindingsTest {

  @TempDir Path directory;
  @TempDir Path scratch;

  private BackupRepository create() throws IOException {
    return TestRepositories.create(
        LocalTarget.at(directory), RepositoryOptions.DEFAULT.scratch(scratch));
  }

  @Test
  void allFindingsOfARunAreKeptAndNotOnlyTheThousandOfItsReport() throws Exception {
    Snapshot snapshot;
    try (BackupRepository repository = create()) {
      BackupReport report = repository.backup(new WarningSource("one", 2500));
      snapshot = report.snapshot();
      assertEquals(1001, report.findings().size());
    }
    try (BackupRepository repository = TestRepositories.open(directory);
        Stream<Path> left = Files.list(scratch)) {
      List<Finding> findings = repository.findings(snapshot);
      assertEquals(2500, findings.size());
      for (int i = 0; i < findings.size(); i++) {
        assertEquals(WarningSource.warning(i), findings.get(i));
      }
      assertEquals(List.of(), left.toList(), "nothing stays in the scratch directory");
    }
  }

  @Test
  void whatARecordHasNoRoomForIsCounted() throws Exception {
    try (BackupRepository repository = create()) {
      Snapshot snapshot = repository.backup(new WarningSource("many", 150_000)).snapshot();
      List<Finding> findings = repository.findings(snapshot);
      Finding last = findings.get(findings.size() - 1);
      assertEquals(Finding.Severity.WARNING, last.severity());
      int others = Integer.parseInt(last.message().replaceAll(" more findings.*", ""));
      assertEquals(150_000, findings.size() - 1 + others);
      assertTrue(findings.size() > 50_000, () -> findings.size() + " fit into 8 MiB");
    }
  }

  @Test
  void aRunWithoutWarningsWritesNoRecord() throws Exception {
    try (BackupRepository repository = create()) {
      Snapshot snapshot = repository.backup(new MapSource("one", Map.of())).snapshot();
      assertEquals(List.of(), repository.findings(snapshot));
      assertEquals(List.of(), StoredRecords.at(directory).keys(RecordKind.FINDINGS));
    }
  }

  @Test
  void aRecordThatWasAlteredIsPassedOver() throws Exception {
    try (BackupRepository repository = create()) {
      Snapshot snapshot = repository.backup(new WarningSource("one", 1)).snapshot();
      assertEquals(List.of(WarningSource.warning(0)), repository.findings(snapshot));
      StoredRecords records = StoredRecords.at(directory);
      RecordKey key = records.only(RecordKind.FINDINGS);
      RecordKey earlier =
          new RecordKey(RecordKind.FINDINGS, key.subject(), "20000101T000000.000Z-0");
      records.put(earlier, new byte[] {1});
      assertEquals(List.of(WarningSource.warning(0)), repository.findings(snapshot));
      records.put(key, records.bytes(earlier));
      assertEquals(List.of(), repository.findings(snapshot));
    }
  }
}
