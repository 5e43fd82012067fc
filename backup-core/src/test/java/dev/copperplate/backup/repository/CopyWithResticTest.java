package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Copies from and to the repositories of stock restic, and its own copies beside ours. */
class CopyWithResticTest {

  @TempDir static Path shared;
  @TempDir Path own;

  private static Path tree;
  private static FileTree onDisk;

  @BeforeAll
  static void makeTree() throws Exception {
    Restic.stock();
    tree = shared.resolve("tree");
    RichTree.make(tree, 3_000_000, 4);
    onDisk = FileTree.of(tree);
  }

  @Test
  void resticRestoresEveryFileOfACopyWithItsMetadata() throws Exception {
    Path from = own.resolve("from");
    Path to = own.resolve("to");
    try (BackupRepository repository = TestRepositories.create(from);
        BackupRepository replica = TestRepositories.createReplica(repository, LocalTarget.at(to))) {
      repository.backup(FilesSource.of(tree));
      Snapshot copied = copy(repository, replica);
      Restic restic = at(Restic.stock(), to);
      assertRestores(restic, copied, onDisk);
      WrittenRepositoryTest.assertClean(restic);
      // What is backed up there directly finds the pieces of the copy.
      assertTrue(
          restic.succeed("backup", "--json", tree.toString()).contains("\"data_blobs\":0,"),
          "The replica cuts files as its source does");
    }
  }

  @Test
  void resticCopiesNothingAfterUsAndWeNothingAfterRestic() throws Exception {
    Path from = own.resolve("from");
    Path ours = own.resolve("ours");
    Path stocks = own.resolve("stocks");
    try (BackupRepository repository = TestRepositories.create(from);
        BackupRepository replica =
            TestRepositories.createReplica(repository, LocalTarget.at(ours))) {
      repository.backup(FilesSource.of(tree));
      repository.backup(FilesSource.of(tree));
      at(Restic.stock(), from).succeed("backup", "--tag", "by hand", tree.toString());
      assertEquals(3, repository.copyTo(replica, CopyOptions.DEFAULT).copied().size());
      resticCopies(from, ours);
      assertEquals(3, replica.list(SnapshotFilter.ALL).size());

      make(Restic.stock(), stocks, "2");
      resticCopies(from, stocks);
      try (BackupRepository other = TestRepositories.open(stocks)) {
        assertEquals(3, other.list(SnapshotFilter.ALL).size());
        CopyReport nothing = repository.copyTo(other, CopyOptions.DEFAULT);
        assertEquals(3, nothing.present());
        assertEquals(List.of(), nothing.copied());
        assertEquals(0, nothing.blobs());
        // And the way back.
        assertEquals(3, other.copyTo(repository, CopyOptions.DEFAULT).present());
      }
      resticCopies(stocks, from);
      assertEquals(3, repository.list(SnapshotFilter.ALL).size());
    }
  }

  @Test
  void copiesWhatTheCurrentResticWroteIntoARepositoryThatItMade() throws Exception {
    Path from = make(Restic.stock(), own.resolve("from"), "2");
    backup(at(Restic.stock(), from));
    assertCopied(from, make(Restic.stock(), own.resolve("to"), "2"), onDisk);
  }

  @Test
  void copiesVersion1AndCompressesIt() throws Exception {
    Path from = make(Restic.stock(), own.resolve("from"), "1");
    backup(at(Restic.stock(), from));
    CopyReport report = assertCopied(from, make(Restic.stock(), own.resolve("to"), "2"), onDisk);
    long uncompressed = packBytes(from);
    assertTrue(report.bytes() < uncompressed, report.bytes() + " of " + uncompressed);
  }

  @Test
  void copiesWhatRestic014Wrote() throws Exception {
    Path from = make(Restic.old(), own.resolve("from"), "2");
    backup(at(Restic.old(), from));
    assertCopied(from, make(Restic.stock(), own.resolve("to"), "2"), asRestic014Stores(onDisk));
  }

  @Test
  void copiesVersion1OfRestic014IntoARepositoryOfRestic014() throws Exception {
    Path from = make(Restic.old(), own.resolve("from"), "1");
    backup(at(Restic.old(), from));
    Path to = make(Restic.old(), own.resolve("to"), "2");
    assertCopied(from, to, asRestic014Stores(onDisk));
    WrittenRepositoryTest.assertClean(at(Restic.old(), to));
  }

  /** Copies the one snapshot, has restic restore it, and reads every byte of it ourselves. */
  private CopyReport assertCopied(Path from, Path to, FileTree expected) throws Exception {
    try (BackupRepository repository = TestRepositories.open(from);
        BackupRepository replica = TestRepositories.open(to)) {
      CopyReport report = repository.copyTo(replica, CopyOptions.DEFAULT);
      assertEquals(1, report.copied().size(), report::toString);
      // Two repositories of stock restic cut files differently, which is mentioned.
      assertEquals(1, report.findings().size(), report::toString);
      Snapshot copied = report.copied().get(0);
      Verification read = replica.verify(copied, Verifiers.checksums());
      assertEquals(List.of(), read.findings());
      assertTrue(read.passed());
      assertRestores(at(Restic.stock(), to), copied, expected);
      WrittenRepositoryTest.assertClean(at(Restic.stock(), to));
      return report;
    }
  }

  private void assertRestores(Restic restic, Snapshot copied, FileTree expected) throws Exception {
    Path target = own.resolve("restored");
    Restic.Result result =
        restic.run("restore", copied.id().hex(), "--verify", "--target", target.toString());
    assertEquals(0, result.exitCode(), result::toString);
    FileTree restored = FileTree.of(FileTree.below(target, tree));
    for (String name : restored.items().keySet()) {
      if (!expected.items().containsKey(name)) {
        restored = restored.without(name);
      }
    }
    FileTree.assertSame(expected, restored);
  }

  private static Snapshot copy(BackupRepository from, BackupRepository to) throws Exception {
    CopyReport report = from.copyTo(to, CopyOptions.DEFAULT);
    assertEquals(List.of(), report.findings());
    assertEquals(1, report.copied().size());
    return report.copied().get(0);
  }

  private static void resticCopies(Path from, Path to) throws Exception {
    at(Restic.stock(), from);
    at(Restic.stock(), to)
        .succeed(
            "copy", "--from-repo", from.toString(), "--from-password-file", from + ".password");
  }

  private static Path make(Restic restic, Path place, String version) throws Exception {
    at(restic, place).succeed("init", "--repository-version", version);
    StoredRepository.cheapen(place);
    return place;
  }

  private static void backup(Restic restic) throws Exception {
    restic.succeed("backup", "--tag", "weekly", tree.toString());
  }

  private static Restic at(Restic restic, Path place) throws IOException {
    return restic.at(place, TestRepositories.PASSWORD);
  }

  /** It had no field for the bytes of a target that is no text. */
  private static FileTree asRestic014Stores(FileTree tree) {
    return tree.without("links/no%20UTF-8");
  }

  private static long packBytes(Path repository) throws IOException {
    long size = 0;
    for (Path each : new Damage(repository).files(ObjectKind.PACK)) {
      size += Files.size(each);
    }
    return size;
  }
}
