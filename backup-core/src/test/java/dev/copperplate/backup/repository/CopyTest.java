package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.format.SnapshotFile;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What is copied into another repository, what is not, and who is told. */
class CopyTest extends CopyFixture {

  private static final String OTHER = "another battery";

  @Test
  void whatASnapshotDependsOnIsCopiedFirstWhateverTheFilterSays() throws Exception {
    Snapshot first = backup("first", 1);
    Snapshot second = backup("second", 2, first);
    Snapshot third = backup("third", 3, second);
    backup("unrelated", 4);
    CopyReport report = copy(SnapshotFilter.of(third.source()));
    assertEquals(List.of(), report.findings());
    assertEquals(
        List.of(first.run(), second.run(), third.run()),
        report.copied().stream().map(Snapshot::run).toList());
    assertEquals(3, replica.list(SnapshotFilter.ALL).size());
    assertSameTrees(List.of(first, second, third));
    assertClean();
  }

  @Test
  void whatDependsOnARunThatIsGoneIsRefusedByNameAndTheOthersAreCopied() throws Exception {
    Snapshot first = backup("first", 1);
    Snapshot second = backup("second", 2, first);
    Snapshot third = backup("third", 3, second);
    Snapshot other = backup("other", 4);
    forget(first);
    CopyReport report = copy(SnapshotFilter.ALL);
    assertEquals(List.of(other.run()), report.copied().stream().map(Snapshot::run).toList());
    assertEquals(2, report.findings().size(), report::toString);
    assertFinding(report, Finding.Severity.ERROR, second, first.run().value());
    assertFinding(report, Finding.Severity.ERROR, third, second.run().value());
    assertEquals(1, replica.list(SnapshotFilter.ALL).size());
  }

  @Test
  void whatDependsOnARunThatOnlyTheReplicaStillHasIsCopied() throws Exception {
    Snapshot first = backup("first", 1);
    copy(SnapshotFilter.ALL);
    Snapshot second = backup("second", 2, first);
    forget(first);
    CopyReport report = copy(SnapshotFilter.ALL);
    assertEquals(List.of(), report.findings());
    assertEquals(List.of(second.run()), report.copied().stream().map(Snapshot::run).toList());
  }

  @Test
  void forgedSnapshotsThatDependOnEachOtherAreRefused() throws Exception {
    Snapshot honest = backup("honest", 1);
    StoredRepository stored = StoredRepository.at(place);
    for (String tags : List.of("\"run=a\",\"parent=b\"", "\"run=b\",\"parent=a\"")) {
      stored.write(
          ObjectKind.SNAPSHOT,
          "{\"time\":\"2020-01-01T00:00:00Z\",\"tree\":\""
              + honest.content().hex()
              + "\",\"paths\":[\"/x\"],\"tags\":["
              + tags
              + "]}");
    }
    CopyReport report = copy(SnapshotFilter.ALL);
    assertEquals(List.of(honest.run()), report.copied().stream().map(Snapshot::run).toList());
    assertEquals(2, errors(report), report::toString);
  }

  @Test
  void theFilterChoosesBySourceAndByTags() throws Exception {
    backup("a", 1);
    Snapshot wanted = backup("b", 2);
    Snapshot tagged =
        repository
            .backup(source("c", 3), BackupOptions.DEFAULT.tags(Set.of("gold", "weekly")))
            .snapshot();
    repository.backup(source("c", 4), BackupOptions.DEFAULT.tags(Set.of("weekly")));
    CopyReport bySource = copy(SnapshotFilter.of(wanted.source()));
    assertEquals(List.of(wanted.run()), runs(bySource));
    CopyReport byTags = copy(SnapshotFilter.ALL.tagged(Set.of("gold", "weekly")));
    assertEquals(List.of(tagged.run()), runs(byTags));
    assertEquals(0, byTags.present());
    CopyReport again = copy(SnapshotFilter.ALL.tagged(Set.of("weekly")));
    assertEquals(1, again.copied().size());
    assertEquals(1, again.present());
  }

  @Test
  void aCopyKeepsAllThatASnapshotSaysButItsParent() throws Exception {
    backup("a", 1);
    Snapshot second =
        repository.backup(source("a", 2), BackupOptions.DEFAULT.tags(Set.of("x"))).snapshot();
    SnapshotFile before = file(place, second);
    assertTrue(before.parent() != null);
    CopyReport report = copy(SnapshotFilter.ALL);
    Snapshot copied = report.copied().get(1);
    assertEquals(
        before.toBuilder().parent(null).original(Sha256.parse(second.id().hex())).build(),
        file(replicaPlace, copied));
    assertEquals(second.run(), copied.run());
    assertNotEquals(second.id(), copied.id());
    // A copy of a copy names the first of its line, and going home it is known there.
    try (BackupRepository third =
        TestRepositories.createReplica(replica, LocalTarget.at(directory.resolve("third")))) {
      Snapshot twice = replica.copyTo(third, CopyOptions.DEFAULT).copied().get(1);
      assertEquals(
          Sha256.parse(second.id().hex()), file(directory.resolve("third"), twice).original());
      CopyReport home = third.copyTo(repository, CopyOptions.DEFAULT);
      assertEquals(List.of(), home.copied());
      assertEquals(2, home.present());
    }
  }

  @Test
  void aSecondCopyFindsEverythingThereAndWritesNothing() throws Exception {
    Snapshot first = backup("a", 1);
    backup("b", 2, first);
    CopyReport report = copy(SnapshotFilter.ALL);
    assertTrue(report.blobs() > 0 && report.bytes() > 0, report::toString);
    RecordingTarget watched = new RecordingTarget(LocalTarget.at(replicaPlace));
    try (BackupRepository open = BackupRepository.open(watched, TestRepositories.PASSWORDS)) {
      CopyReport again = repository.copyTo(open, CopyOptions.DEFAULT);
      assertEquals(List.of(), again.copied());
      assertEquals(2, again.present());
      assertEquals(0, again.blobs());
    }
    assertEquals(List.of(), watched.events());
  }

  @Test
  void aRepositoryIsNotCopiedIntoItself() throws Exception {
    assertThrows(
        IllegalArgumentException.class, () -> repository.copyTo(repository, CopyOptions.DEFAULT));
    try (BackupRepository again = TestRepositories.open(place)) {
      assertThrows(
          IllegalArgumentException.class, () -> repository.copyTo(again, CopyOptions.DEFAULT));
    }
    Path twin = StoredRepository.copy(place, directory.resolve("twin"));
    try (BackupRepository open = TestRepositories.open(twin)) {
      BackupException refused =
          assertThrows(BackupException.class, () -> repository.copyTo(open, CopyOptions.DEFAULT));
      assertEquals(Kind.INVALID, refused.kind());
      assertTrue(refused.getMessage().contains("copied file by file"), refused::getMessage);
    }
  }

  @Test
  void aReplicaOfAnotherPolynomialWorksAndIsMentioned() throws Exception {
    Snapshot made = backup("a", 1);
    Path strange = directory.resolve("strange");
    try (BackupRepository other = TestRepositories.create(strange)) {
      CopyReport report = repository.copyTo(other, CopyOptions.DEFAULT);
      assertEquals(1, report.copied().size());
      assertEquals(1, report.findings().size());
      Finding finding = report.findings().get(0);
      assertEquals(Finding.Severity.WARNING, finding.severity());
      assertTrue(finding.message().contains("shares nothing"), finding::toString);
      assertEquals(tree(repository, made), tree(other, report.copied().get(0)));
    }
  }

  @Test
  void whatWasDamagedWhenItWasMadeIsCopiedOnlyIfTheFilterAsksForIt() throws Exception {
    Snapshot damaged =
        repository
            .backup(
                new PausingSource(
                    source("a", 1),
                    (writer, context) -> context.report(Finding.error("x", "lost", ""))))
            .snapshot();
    assertEquals(SnapshotState.DAMAGED, damaged.state());
    CopyReport report = copy(SnapshotFilter.ALL);
    assertEquals(List.of(), report.copied());
    assertFinding(report, Finding.Severity.INFO, damaged, "was damaged when it was made");
    SnapshotFilter asked =
        new SnapshotFilter(
            Optional.empty(),
            Optional.empty(),
            Set.of(),
            Set.of(SnapshotState.DAMAGED),
            Optional.empty());
    assertEquals(SnapshotState.DAMAGED, copy(asked).copied().get(0).state());
  }

  @Test
  void aReplicaThatIsMadeForItSharesWhatIsBackedUpThereDirectly() throws Exception {
    MapSource source = new MapSource("large", Map.of("content", random(9, 5_000_000)));
    repository.backup(source);
    Path made = directory.resolve("made");
    Passwords other = Passwords.of(OTHER::toCharArray);
    try (BackupRepository created =
        repository.createReplica(LocalTarget.at(made), other, RepositoryOptions.DEFAULT)) {
      repository.copyTo(created, CopyOptions.DEFAULT);
      assertEquals(0, created.backup(source).dataBlobs());
      BackupException exists =
          assertThrows(
              BackupException.class,
              () ->
                  repository.createReplica(LocalTarget.at(made), other, RepositoryOptions.DEFAULT));
      assertEquals(Kind.ALREADY_EXISTS, exists.kind());
    }
    Restic restic = Restic.stock().at(made, OTHER);
    WrittenRepositoryTest.assertClean(restic);
    assertTrue(restic.succeed("snapshots").contains("2 snapshots"));
  }
}
