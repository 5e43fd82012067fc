package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Reading, and continuing, the repositories that stock restic made. */
class ForeignRepositoryTest {

  private static final String HOST = "made elsewhere";
  private static final RepositoryOptions OPTIONS = RepositoryOptions.DEFAULT.environment(HOST);
  private static final int LARGE = 3_000_000;

  @TempDir static Path shared;
  @TempDir Path own;

  private static Path tree;
  private static FileTree onDisk;
  private Path repository;

  @BeforeAll
  static void makeTree() throws Exception {
    Restic.stock();
    tree = shared.resolve("tree");
    RichTree.make(tree, LARGE, 2);
    onDisk = FileTree.of(tree);
  }

  @BeforeEach
  void place() {
    repository = own.resolve("repository");
  }

  @Test
  void readsAndContinuesTheCurrentVersion() throws Exception {
    Restic restic = current();
    backup(restic);
    assertReadable(onDisk);
    assertContinuable(restic);
  }

  @Test
  void readsAndContinuesWhatIsNotCompressedInSmallPacks() throws Exception {
    Restic restic = current();
    backup(restic, "--compression", "off", "--pack-size", "4");
    assertReadable(onDisk);
    assertContinuable(restic);
  }

  @Test
  void readsAndContinuesWhatIsCompressedHardInLargePacks() throws Exception {
    Restic restic = current();
    backup(restic, "--compression", "max", "--pack-size", "64");
    assertReadable(onDisk);
    assertContinuable(restic);
  }

  @Test
  void readsAndContinuesWhatWasPruned() throws Exception {
    Restic restic = current();
    Path doomed = Files.createDirectory(own.resolve("doomed"));
    RichTree.make(doomed.resolve("tree"), LARGE, 3);
    restic.succeed("backup", "--tag", "doomed", doomed.toString(), tree.toString());
    backup(restic);
    restic.succeed("forget", "--tag", "doomed", "--unsafe-allow-remove-all", "--prune");
    assertReadable(onDisk);
    assertContinuable(restic);
  }

  @Test
  void readsVersion1AndRefusesToWriteToIt() throws Exception {
    Restic restic = make(Restic.stock(), repository, "1");
    backup(restic);
    assertReadable(onDisk);
    assertRefusesToWrite();
  }

  @Test
  void readsAndContinuesWhatRestic014Wrote() throws Exception {
    Restic restic = make(Restic.old(), repository, "2");
    backup(restic);
    assertReadable(asRestic014Stores(onDisk));
    assertContinuable(restic);
    WrittenRepositoryTest.assertClean(at(Restic.stock()));
  }

  @Test
  void readsVersion1OfRestic014AndRefusesToWriteToIt() throws Exception {
    Restic restic = make(Restic.old(), repository, "1");
    backup(restic);
    assertReadable(asRestic014Stores(onDisk));
    assertRefusesToWrite();
  }

  @Test
  void anyOfSeveralPasswordsOpens() throws Exception {
    Restic restic = current();
    List<String> passwords = List.of("\u00e9t\u00e9 \ud83d\ude00", "with blanks inside");
    for (String password : passwords) {
      Path file = own.resolve("new password");
      Files.writeString(file, password);
      restic.succeed("key", "add", "--new-password-file", file.toString());
    }
    for (String password : passwords) {
      open(password).close();
    }
    open(TestRepositories.PASSWORD).close();
    BackupException wrong = assertThrows(BackupException.class, () -> open("another"));
    assertEquals(Kind.WRONG_KEY, wrong.kind());
    assertTrue(wrong.getMessage().contains("None of the 3 key files"), wrong::getMessage);
  }

  @Test
  void aSnapshotThatResticTaggedKeepsTheIdOfItsFirstAncestorAsRun() throws Exception {
    Restic restic = current();
    backup(restic);
    try (BackupRepository open = open(TestRepositories.PASSWORD)) {
      Snapshot before = only(open);
      assertEquals(new RunId(before.id().hex()), before.run());
      restic.succeed("tag", "--add", "once");
      restic.succeed("tag", "--add", "twice", "--remove", "weekly");
      Snapshot after = only(open);
      assertNotEquals(before.id(), after.id());
      assertEquals(before.run(), after.run());
      assertEquals(before.content(), after.content());
      assertEquals(Set.of("by hand", "once", "twice"), after.tags());
      assertEquals(List.of(after), open.list(SnapshotFilter.of(before.run())));
    }
  }

  @Test
  void severalPathsAreOneSource() throws Exception {
    Restic restic = current();
    Path links = tree.resolve("links");
    Path times = tree.resolve("times");
    restic.succeed("backup", "--host", HOST, times.toString(), links.toString());
    try (BackupRepository open = open(TestRepositories.PASSWORD)) {
      FilesSource source = FilesSource.of(links, times);
      assertEquals(source.id(), only(open).source());
      BackupReport report = open.backup(source);
      assertEquals(0, report.dataBlobs());
      assertEquals(0, report.filesNew() + report.filesChanged());
    }
  }

  /** A fresh repository of the current version, which is made once and copied. */
  private Restic current() throws Exception {
    if (Files.notExists(shared.resolve("made"))) {
      make(Restic.stock(), shared.resolve("made"), "2");
    }
    StoredRepository.copy(shared.resolve("made"), repository);
    return at(Restic.stock());
  }

  private static Restic make(Restic restic, Path place, String version) throws Exception {
    Restic there = restic.at(place, TestRepositories.PASSWORD);
    there.succeed("init", "--repository-version", version);
    StoredRepository.cheapen(place);
    return there;
  }

  private Restic at(Restic restic) throws IOException {
    return restic.at(repository, TestRepositories.PASSWORD);
  }

  private BackupRepository open(String password) throws IOException {
    return BackupRepository.open(
        LocalTarget.at(repository), Passwords.of(password::toCharArray), OPTIONS);
  }

  private static void backup(Restic restic, String... options) throws Exception {
    List<String> arguments =
        new ArrayList<>(List.of("backup", "--host", HOST, "--tag", "weekly", "--tag", "by hand"));
    arguments.addAll(List.of(options));
    arguments.add(tree.toString());
    restic.succeed(arguments.toArray(String[]::new));
  }

  /** It had no field for the bytes of a target that is no text: they were lost when it stored. */
  private static FileTree asRestic014Stores(FileTree tree) {
    return tree.without("links/no%20UTF-8");
  }

  /** Lists, verifies and restores the one snapshot. */
  private void assertReadable(FileTree expected) throws Exception {
    try (BackupRepository open = open(TestRepositories.PASSWORD)) {
      Snapshot snapshot = only(open);
      assertEquals(FilesSource.of(tree).id(), snapshot.source());
      assertEquals(HOST, snapshot.environment());
      assertEquals(Set.of("weekly", "by hand"), snapshot.tags());
      assertEquals(SnapshotState.COMPLETE, snapshot.state());
      assertEquals(new RunId(snapshot.id().hex()), snapshot.run());
      for (Verifier verifier : List.of(Verifiers.structure(), Verifiers.checksums())) {
        Verification verification = open.verify(snapshot, verifier);
        assertEquals(List.of(), verification.findings());
        assertTrue(verification.passed());
        long files =
            onDisk.items().values().stream().filter(each -> each.type().equals("file")).count();
        assertEquals(String.valueOf(files), verification.facts().get("files"));
      }
      FileTree restored = RestoredTree.of(open, snapshot, own.resolve("restored"), tree);
      assertEquals(onDisk.asTheJdkCan().items().keySet(), restored.items().keySet());
      FileTree.assertSame(expected.asTheJdkCan(), asMuchAs(expected, restored));
    }
  }

  private static FileTree asMuchAs(FileTree expected, FileTree restored) {
    FileTree same = restored;
    for (String name : restored.items().keySet()) {
      if (!expected.items().containsKey(name)) {
        same = same.without(name);
      }
    }
    return same;
  }

  /** Adds a snapshot of ours and one of restic's, and asks restic about all of it. */
  private void assertContinuable(Restic restic) throws Exception {
    try (BackupRepository open = open(TestRepositories.PASSWORD)) {
      assertEquals(0, open.backup(FilesSource.of(tree)).dataBlobs());
      assertTrue(open.backup(new MapSource("new", Map.of("a", new byte[] {1}))).dataBlobs() > 0);
      WrittenRepositoryTest.assertClean(restic);
      backup(restic);
      assertEquals(4, open.list(SnapshotFilter.ALL).size());
    }
  }

  private void assertRefusesToWrite() throws Exception {
    StoredRepository stored = StoredRepository.at(repository);
    try (BackupRepository open = open(TestRepositories.PASSWORD)) {
      BackupException refused =
          assertThrows(BackupException.class, () -> open.backup(FilesSource.of(tree)));
      assertEquals(Kind.UNSUPPORTED, refused.kind());
      assertTrue(refused.getMessage().contains("has version 1, which knows no compression"));
      assertTrue(refused.getMessage().contains("restic migrate upgrade_repo_v2"));
      assertEquals(1, open.list(SnapshotFilter.ALL).size());
    }
    assertEquals(Set.of(), stored.ids(ObjectKind.LOCK));
  }

  private static Snapshot only(BackupRepository repository) throws IOException {
    List<Snapshot> all = repository.list(SnapshotFilter.ALL);
    assertEquals(1, all.size());
    return all.get(0);
  }
}
