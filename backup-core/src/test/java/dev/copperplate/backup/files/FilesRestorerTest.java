package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import dev.copperplate.backup.RestoreReport;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Timeout(60)
class FilesRestorerTest {

  private final Path to;
  private final TestTree restored;
  private final MemorySnapshot snapshot = new MemorySnapshot();
  private final TestRun run = new TestRun();

  FilesRestorerTest(@TempDir Path directory) throws IOException {
    to = directory.toRealPath().resolve("to");
    restored = new TestTree(to);
  }

  @AfterEach
  void endRun() {
    run.close();
  }

  private RestoreReport restore() throws Exception {
    return restore(FilesRestorer.to(to));
  }

  private RestoreReport restore(FilesRestorer restorer) throws Exception {
    return restorer.restore(snapshot, run);
  }

  private BackupException refused(FilesRestorer restorer) {
    return assertThrows(BackupException.class, () -> restorer.restore(snapshot, run));
  }

  private int permissions(String path) throws IOException {
    return new StatusReader(false).read(restored.path(path)).attributes().permissions();
  }

  private List<String> complaints() {
    return run.complaints().stream().map(Finding::subject).sorted().toList();
  }

  private void assertNothingTemporaryIsLeft() throws IOException {
    try (var all = Files.walk(to)) {
      assertEquals(
          List.of(),
          all.filter(each -> each.getFileName().toString().startsWith(RestoreJob.TEMPORARY))
              .toList());
    }
  }

  @Test
  void everythingComesToItsPlace() throws Exception {
    snapshot.directory("pg", 0755).directory("pg/main", 0700).file("pg/main/base", "rows");
    snapshot.directory("pg/empty", 0555).symlink("pg/link", "../../outside").file("top", "");
    RestoreReport report = restore();
    assertEquals("rows", restored.content("pg/main/base"));
    assertTrue(Files.isDirectory(restored.path("pg/empty")));
    assertEquals(Path.of("../../outside"), Files.readSymbolicLink(restored.path("pg/link")));
    assertEquals("", restored.content("top"));
    assertEquals(2, report.files());
    assertEquals(4, report.bytes());
    assertEquals(4, run.announced().bytes());
    assertEquals(List.of(), run.announced().destroys());
    assertEquals(2, run.expectedFiles.get());
    assertEquals(List.of(), complaints());
    assertNothingTemporaryIsLeft();
  }

  @Test
  void metadataIsAsItWas() throws Exception {
    Attributes attributes =
        new Attributes(
            0640,
            TestAttributes.TIME,
            TestAttributes.TIME,
            TestAttributes.TIME,
            0,
            0,
            "",
            "",
            0,
            0,
            1,
            Map.of(
                "user.k", RawName.of(new byte[] {0, 1}), "security.capability", RawName.of("x")));
    snapshot.directory("d", 0511).file("d/f", new byte[] {1}, attributes);
    restore();
    StatusReader statuses = new StatusReader(true);
    Status file = statuses.read(restored.path("d/f"));
    assertEquals(0640, file.attributes().permissions());
    assertEquals(TestAttributes.TIME, file.attributes().modified());
    assertEquals(TestAttributes.TIME, file.attributes().accessed());
    assertEquals(
        Map.of("user.k", RawName.of(new byte[] {0, 1})),
        ExtendedAttributes.read(restored.path("d/f")));
    Status directory = statuses.read(restored.path("d"));
    assertEquals(0511, directory.attributes().permissions());
    assertEquals(TestAttributes.TIME, directory.attributes().modified());
    // The attribute of another namespace is named.
    assertEquals(List.of("/d/f"), complaints());
  }

  @Test
  void rightsAreLentOnlyIfAsked() throws Exception {
    snapshot.file("f", new byte[0], TestAttributes.of(06755));
    restore();
    assertEquals(0755, permissions("f"));
    assertTrue(run.findings.stream().anyMatch(each -> each.message().contains("setuid")));
    try (TestRun again = new TestRun()) {
      FilesRestorer.to(to).overwrite(Overwrite.ALWAYS).privileged(true).restore(snapshot, again);
      assertTrue(again.findings.stream().noneMatch(each -> each.message().contains("setuid")));
    }
    assertEquals(06755, permissions("f"));
  }

  @Test
  void ownersComeBackOnlyIfAsked() throws Exception {
    assumeTrue(TestUser.isRoot(), "only root gives files away");
    Attributes attributes =
        new Attributes(
            04755,
            TestAttributes.TIME,
            TestAttributes.TIME,
            TestAttributes.TIME,
            4_000_000_000L,
            12,
            "",
            "",
            0,
            0,
            1,
            Map.of());
    snapshot.file("f", new byte[0], attributes);
    restore(FilesRestorer.to(to.resolve("without")));
    assertEquals(0, Files.getAttribute(to.resolve("without/f"), "unix:uid"));
    try (TestRun again = new TestRun()) {
      FilesRestorer.to(to.resolve("with")).owners(true).privileged(true).restore(snapshot, again);
      assertEquals(List.of(), again.findings);
    }
    Status status = new StatusReader(false).read(to.resolve("with/f"));
    assertEquals(4_000_000_000L, status.attributes().uid());
    assertEquals(12, status.attributes().gid());
    assertEquals(04755, status.attributes().permissions());
  }

  @Test
  void namesOfAnyBytesComeBack() throws Exception {
    for (RawName name : TestTree.HOSTILE_NAMES) {
      snapshot.item(
          new MemorySnapshot.Item(
              EntryPath.ROOT.child(name),
              EntryType.FILE,
              TestAttributes.of(0600),
              name,
              name.length(),
              Optional.empty(),
              0));
    }
    restore();
    assertEquals(TestTree.HOSTILE_NAMES.stream().sorted().toList(), Listing.of(to));
    for (RawName name : TestTree.HOSTILE_NAMES) {
      assertArrayEquals(name.toByteArray(), Files.readAllBytes(PathBytes.child(to, name)));
    }
  }

  @Test
  void aNameThatTheDestinationRefusesIsNamedAndTheRestIsThere() throws Exception {
    snapshot.file("a", "a").file("x".repeat(300), "x").file("z", "z");
    snapshot.directory("y".repeat(300), 0700).file("y".repeat(300) + "/inside", "y");
    restore();
    assertEquals(List.of("/" + "x".repeat(300), "/" + "y".repeat(300)), complaints());
    assertEquals(2, Listing.of(to).size());
  }

  @Test
  void hardLinksAreNamesOfOneFileAgain() throws Exception {
    byte[] content = "shared".getBytes(StandardCharsets.UTF_8);
    snapshot.file("a", content, TestAttributes.linked(7, 3)).directory("d", 0700);
    snapshot.file("d/b", content, TestAttributes.linked(7, 3));
    snapshot.file("e", content, TestAttributes.linked(7, 3));
    snapshot.file("f", content, TestAttributes.linked(8, 2));
    RestoreReport report = restore();
    assertEquals(
        Files.getAttribute(restored.path("a"), "unix:ino"),
        Files.getAttribute(restored.path("d/b"), "unix:ino"));
    assertEquals(3, Files.getAttribute(restored.path("e"), "unix:nlink"));
    assertEquals(1, Files.getAttribute(restored.path("f"), "unix:nlink"));
    assertEquals(4, report.files());
    assertNothingTemporaryIsLeft();
  }

  @Test
  void runsOfZerosBecomeHoles() throws Exception {
    byte[] content = new byte[5 << 20];
    content[1 << 20] = 1;
    snapshot.file("sparse", content, TestAttributes.of(0600));
    snapshot.file("zeros", new byte[1 << 20], TestAttributes.of(0600));
    byte[] dense = new byte[300_000];
    new Random(1).nextBytes(dense);
    snapshot.file("dense", dense, TestAttributes.of(0600));
    restore();
    assertArrayEquals(content, Files.readAllBytes(restored.path("sparse")));
    assertArrayEquals(new byte[1 << 20], Files.readAllBytes(restored.path("zeros")));
    assertArrayEquals(dense, Files.readAllBytes(restored.path("dense")));
    assertTrue(blocks("sparse") * 512 <= 3 * SparseCopy.BLOCK, "blocks: " + blocks("sparse"));
  }

  private long blocks(String path) throws Exception {
    Process stat = new ProcessBuilder("stat", "-c", "%b", restored.path(path).toString()).start();
    return Long.parseLong(
        new String(stat.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).trim());
  }

  @ParameterizedTest
  @EnumSource(names = {"DAMAGED", "MISSING"})
  void anUnreadableFileIsNamedAndLeavesNothing(BackupException.Kind kind) throws Exception {
    snapshot.file("a", "a").file("bad", "x".repeat(200_000)).file("z", "z");
    snapshot.breaks("bad", kind);
    RestoreReport report = restore();
    assertEquals(List.of("/bad"), complaints());
    assertEquals(Finding.Severity.ERROR, run.complaints().get(0).severity());
    assertFalse(restored.has("bad"));
    assertEquals("z", restored.content("z"));
    assertEquals(2, report.files());
    assertNothingTemporaryIsLeft();
  }

  @Test
  void anUnreadableFileDoesNotTakeThePlaceOfAnExistingOne() throws Exception {
    restored.file("bad", "old");
    snapshot.file("bad", "x".repeat(200_000)).breaks("bad", BackupException.Kind.DAMAGED);
    restore(FilesRestorer.to(to).overwrite(Overwrite.ALWAYS));
    assertEquals("old", restored.content("bad"));
  }

  @Test
  void anUnreadableDirectoryIsNamedAndTheWalkGoesOnBehindIt() throws Exception {
    snapshot.directory("a", 0700).file("a/lost", "x").file("b", "b");
    snapshot.breaks("a", BackupException.Kind.DAMAGED);
    restore();
    assertTrue(Files.isDirectory(restored.path("a")));
    assertEquals("b", restored.content("b"));
    assertEquals(1, run.complaints().size());
    assertTrue(run.complaints().get(0).message().contains("/a"));
  }

  @Test
  void anyOtherFailureOfTheReaderEndsTheRestore() {
    snapshot.file("a", "x".repeat(200_000)).breaks("a", BackupException.Kind.UNAVAILABLE);
    assertEquals(BackupException.Kind.UNAVAILABLE, refused(FilesRestorer.to(to)).kind());
  }

  @Test
  void whatExistsIsNotTouchedUnlessAsked() throws Exception {
    for (int i = 0; i < 12; i++) {
      restored.file("d/" + i, "old");
      snapshot.file("d/" + i, "new");
    }
    restored.file("extra", "mine");
    snapshot.directory("d", 0700).file("a", "new");
    BackupException failure = refused(FilesRestorer.to(to));
    assertEquals(BackupException.Kind.ALREADY_EXISTS, failure.kind());
    String message = failure.toString();
    assertTrue(message.contains("12 things"), message);
    assertTrue(message.contains(to + "/d/0 " + to + "/d/1 "), message);
    assertTrue(message.contains(" and others"), message);
    assertFalse(restored.has("a"));
    assertEquals("old", restored.content("d/0"));
    assertEquals(null, run.plan);
  }

  @Test
  void existingDirectoriesAreMerged() throws Exception {
    restored.file("d/mine", "mine");
    snapshot.directory("d", 0711).file("d/new", "new");
    restore();
    assertEquals("mine", restored.content("d/mine"));
    assertEquals("new", restored.content("d/new"));
    assertEquals(0711, permissions("d"));
  }

  @Test
  void everythingThatIsReplacedIsAnnouncedByName() throws Exception {
    restored.file("d/a", "old").file("d/same", "same").link("d/l", "old").file("z", "old");
    snapshot.directory("d", 0700).file("d/a", "new").symlink("d/l", "new").file("n", "n");
    restore(FilesRestorer.to(to).overwrite(Overwrite.ALWAYS));
    assertEquals(List.of(to + "/d/a", to + "/d/l"), run.announced().destroys());
    assertEquals("new", restored.content("d/a"));
    assertEquals(Path.of("new"), Files.readSymbolicLink(restored.path("d/l")));
    assertEquals("same", restored.content("d/same"));
    assertEquals("old", restored.content("z"));
    assertNothingTemporaryIsLeft();
  }

  @Test
  void aDryRunChangesNothing() throws Exception {
    restored.file("a", "old");
    snapshot.file("a", "new").file("b", "new");
    run.dryRun = true;
    BackupException failure = refused(FilesRestorer.to(to).overwrite(Overwrite.ALWAYS));
    assertEquals(BackupException.Kind.NOT_CONFIRMED, failure.kind());
    assertEquals(List.of(RawName.of("a")), Listing.of(to));
    assertEquals("old", restored.content("a"));
    assertEquals(List.of(to + "/a"), run.announced().destroys());
  }

  @Test
  void onlyWhatDiffersIsReplaced() throws Exception {
    restored.file("same", "1234").time("same", TestAttributes.TIME).mode("same", 0600);
    restored.file("time", "1234").file("size", "123").time("size", TestAttributes.TIME);
    restored.link("link", "there").link("other", "there");
    snapshot.file("same", "abcd").file("time", "abcd").file("size", "abcd");
    snapshot.symlink("link", "there").symlink("other", "elsewhere");
    restore(FilesRestorer.to(to).overwrite(Overwrite.CHANGED));
    assertEquals(List.of(to + "/other", to + "/size", to + "/time"), run.announced().destroys());
    assertEquals("1234", restored.content("same"));
    assertEquals("abcd", restored.content("time"));
    assertEquals("abcd", restored.content("size"));
    assertEquals(0644, permissions("same"));
  }

  @Test
  void onlyWhatIsOlderIsReplaced() throws Exception {
    restored.file("old", "mine").time("old", TestAttributes.TIME.minusNanos(1));
    restored.file("equal", "mine").time("equal", TestAttributes.TIME);
    restored.file("new", "mine").time("new", TestAttributes.TIME.plusNanos(1));
    restored.file("dir", "mine").time("dir", TestAttributes.TIME.plusNanos(1));
    snapshot.file("old", "theirs").file("equal", "theirs").file("new", "theirs");
    snapshot.directory("dir", 0700).file("dir/inside", "theirs");
    restore(FilesRestorer.to(to).overwrite(Overwrite.NEWER));
    assertEquals(List.of(to + "/old"), run.announced().destroys());
    assertEquals("theirs", restored.content("old"));
    assertEquals("mine", restored.content("equal"));
    assertEquals("mine", restored.content("new"));
    assertEquals("mine", restored.content("dir"));
    assertEquals(List.of("/dir"), complaints());
  }

  @Test
  void extraThingsGoOnlyIfAskedAndAreAnnounced() throws Exception {
    restored.file("d/extra", "x").file("d/tree/deep/x", "x").file("d/keep", "old");
    restored.file("top", "x").link("d/link", "/");
    snapshot.directory("d", 0700).file("d/keep", "new");
    restore(FilesRestorer.to(to).overwrite(Overwrite.ALWAYS).deleteExtra(true));
    assertEquals(
        List.of(to + "/d/extra", to + "/d/keep", to + "/d/link", to + "/d/tree/", to + "/top"),
        run.announced().destroys());
    assertEquals(List.of(RawName.of("d")), Listing.of(to));
    assertEquals(List.of(RawName.of("keep")), Listing.of(restored.path("d")));
    assertEquals("new", restored.content("d/keep"));
  }

  @Test
  void nothingExtraGoesIfTheSnapshotCannotBeReadWhole() throws Exception {
    restored.file("d/mine", "x").file("e/mine", "x");
    snapshot.directory("d", 0700).file("d/mine", "y").directory("e", 0700);
    snapshot.breaks("d", BackupException.Kind.DAMAGED);
    restore(FilesRestorer.to(to).deleteExtra(true));
    assertEquals("x", restored.content("d/mine"));
    assertEquals("x", restored.content("e/mine"));
    assertEquals(List.of(), run.announced().destroys());
  }

  @Test
  void aDirectoryInTheWayGoesOnlyWithDeleteExtra() throws Exception {
    restored.file("a/inside", "x");
    snapshot.file("a", "file");
    assertEquals(
        BackupException.Kind.ALREADY_EXISTS,
        refused(FilesRestorer.to(to).overwrite(Overwrite.ALWAYS)).kind());
    restore(FilesRestorer.to(to).overwrite(Overwrite.ALWAYS).deleteExtra(true));
    assertEquals(List.of(to + "/a/"), run.announced().destroys());
    assertEquals("file", restored.content("a"));
  }

  @Test
  void whatAppearsAfterThePlanIsKeptAndNamed() throws Exception {
    snapshot.directory("d", 0700).file("d/a", "new").file("d/b", "new").symlink("d/l", "new");
    run.afterBegin =
        () -> {
          try {
            restored.file("d/a", "mine").file("d/l", "mine").file("d/extra", "mine");
          } catch (IOException failed) {
            throw new AssertionError(failed);
          }
        };
    restore(FilesRestorer.to(to).overwrite(Overwrite.ALWAYS).deleteExtra(true));
    assertEquals("mine", restored.content("d/a"));
    assertEquals("mine", restored.content("d/l"));
    assertEquals("mine", restored.content("d/extra"));
    assertEquals("new", restored.content("d/b"));
    assertEquals(List.of("/d/a", "/d/l"), complaints());
  }

  @Test
  void aSelectedPathComesUnderItsFullPath() throws Exception {
    snapshot.directory("a", 0711).directory("a/b", 0750).file("a/b/c", "c").file("a/b/d", "d");
    snapshot.directory("a/z", 0700).file("a/z/x", "x").file("y", "y");
    restore(FilesRestorer.to(to).only(EntryPath.of("a/b/c"), EntryPath.of("a/z")));
    assertEquals("c", restored.content("a/b/c"));
    assertEquals("x", restored.content("a/z/x"));
    assertFalse(restored.has("a/b/d"));
    assertFalse(restored.has("y"));
    assertEquals(0711, permissions("a"));
  }

  @Test
  void existingDirectoriesOnTheWayKeepTheirMetadataAndTheirExtras() throws Exception {
    restored.file("a/mine", "mine").mode("a", 0777).time("a", Instant.EPOCH);
    snapshot.directory("a", 0700).file("a/b", "b").file("a/c", "c");
    restore(FilesRestorer.to(to).only(EntryPath.of("a/b")).deleteExtra(true));
    assertEquals("mine", restored.content("a/mine"));
    assertEquals(0777, permissions("a"));
    assertEquals(List.of(), run.announced().destroys());
  }

  @Test
  void aSelectedPathThatIsNotThereIsAFailureBeforeAnyChange() {
    snapshot.file("a", "a");
    BackupException failure =
        refused(FilesRestorer.to(to).only(EntryPath.of("a"), EntryPath.of("b")));
    assertEquals(BackupException.Kind.NOT_FOUND, failure.kind());
    assertEquals("The snapshot 00000000 has no /b", failure.getMessage());
    assertFalse(Files.exists(to));
  }

  @Test
  void pipesAndDevicesAreCountedAndNothingGoesForThem() throws Exception {
    restored.file("fifo", "mine");
    for (String name : List.of("fifo", "fifo2", "null")) {
      snapshot.item(
          new MemorySnapshot.Item(
              EntryPath.of(name),
              name.equals("null") ? EntryType.CHARACTER_DEVICE : EntryType.FIFO,
              TestAttributes.of(0600),
              RawName.of(""),
              0,
              Optional.empty(),
              0));
    }
    restore(FilesRestorer.to(to).overwrite(Overwrite.ALWAYS));
    assertEquals("mine", restored.content("fifo"));
    assertEquals(1, run.complaints().size());
    assertTrue(run.complaints().get(0).message().startsWith("3 entries"));
  }

  @Test
  void aFileWithMoreContentThanItsSizeIsRefused() throws Exception {
    snapshot.item(
        new MemorySnapshot.Item(
            EntryPath.of("bomb"),
            EntryType.FILE,
            TestAttributes.of(0600),
            RawName.of("x".repeat(300_000)),
            10,
            Optional.empty(),
            0));
    restore();
    assertFalse(restored.has("bomb"));
    assertEquals(List.of("/bomb"), complaints());
  }

  @Test
  void aDeepTreeComesBack() throws Exception {
    StringBuilder path = new StringBuilder("d");
    snapshot.directory("d", 0700);
    for (int i = 0; i < 150; i++) {
      path.append("/directory with a longer name, so that the path is longer than any may be");
      snapshot.directory(path.toString(), 0700);
    }
    snapshot.file(path + "/f", "f");
    RestoreReport report = restore();
    assertEquals(1, report.files());
    assertEquals(List.of(), complaints());
    // The JDK cannot take it away again.
    assertEquals(0, TestUser.exec("rm", "-rf", to.toString()));
  }

  @Test
  void anInterruptEndsTheRestoreAndLeavesNothingTemporary() throws Exception {
    for (int i = 0; i < 50; i++) {
      snapshot.file("f" + i, "x".repeat(100_000));
    }
    snapshot.onOpen = entry -> {};
    snapshot.beforeNext =
        entry -> {
          if (run.plan != null && entry.path().name().toString().equals("f30")) {
            Thread.currentThread().interrupt();
          }
        };
    assertThrows(InterruptedException.class, this::restore);
    Thread.interrupted();
    run.workers().join();
    assertNothingTemporaryIsLeft();
  }

  @Test
  void aDestinationThatIsAFileIsRefused() throws Exception {
    Files.writeString(to, "x");
    snapshot.file("a", "a");
    assertEquals(BackupException.Kind.INVALID, refused(FilesRestorer.to(to)).kind());
  }

  @Test
  void timesOfLinksComeBackOrItIsSaidThatTheyAreCut() throws Exception {
    snapshot.symlink("l", "x");
    restore();
    FileTime time = Files.getLastModifiedTime(restored.path("l"), LinkOption.NOFOLLOW_LINKS);
    boolean said = run.findings.stream().anyMatch(each -> each.message().contains("microseconds"));
    boolean whole = time.toInstant().equals(TestAttributes.TIME);
    assertEquals(whole, !said);
    assertEquals(
        TestAttributes.TIME.truncatedTo(ChronoUnit.MICROS),
        time.toInstant().truncatedTo(ChronoUnit.MICROS));
  }

  @Test
  void aFullFileSystemEndsTheRestore() throws Exception {
    assumeTrue(TestUser.isRoot(), "only root mounts");
    Files.createDirectories(to);
    String mount = to.toString();
    assumeTrue(
        TestUser.exec("mount", "-t", "tmpfs", "-o", "size=512k", "none", mount) == 0,
        "cannot mount here");
    try {
      byte[] content = new byte[400_000];
      new Random(1).nextBytes(content);
      snapshot.file("a", content, TestAttributes.of(0600));
      snapshot.file("b", content, TestAttributes.of(0600));
      BackupException failure = refused(FilesRestorer.to(to));
      assertEquals(BackupException.Kind.FULL, failure.kind());
      assertNothingTemporaryIsLeft();
    } finally {
      assertEquals(0, TestUser.exec("umount", mount));
    }
  }

  @Test
  void linksAcrossFileSystemsBecomeCopiesAndAreNamed() throws Exception {
    assumeTrue(TestUser.isRoot(), "only root mounts");
    Path inner = Files.createDirectories(restored.path("inner"));
    assumeTrue(
        TestUser.exec("mount", "-t", "tmpfs", "none", inner.toString()) == 0, "cannot mount here");
    try {
      snapshot
          .directory("inner", 0700)
          .file("inner/a", new byte[] {1}, TestAttributes.linked(5, 2));
      snapshot.file("inner/b", new byte[] {1}, TestAttributes.linked(5, 2));
      restore();
      assertArrayEquals(new byte[] {1}, Files.readAllBytes(inner.resolve("b")));
      assertEquals(List.of("/inner/a"), complaints());
      assertTrue(run.complaints().get(0).message().startsWith("2 entries"));
    } finally {
      assertEquals(0, TestUser.exec("umount", inner.toString()));
    }
  }

  @Test
  void nobodyRestoresReadOnlyDirectoriesTwice() throws Exception {
    Files.createDirectories(to);
    List<String> output = TestUser.runAsNobody(RestoreAsNobody.class, to);
    assertEquals(List.of("OWNERS", "again", "OWNERS"), output);
  }

  /** Restores a tree with directories that do not let their owner in. */
  static final class RestoreAsNobody {

    private RestoreAsNobody() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
      MemorySnapshot snapshot = new MemorySnapshot();
      snapshot.directory("ro", 0555).directory("ro/deep", 0511).file("ro/deep/f", "f");
      snapshot.file("ro/none", new byte[] {1}, TestAttributes.of(0));
      FilesRestorer restorer = FilesRestorer.to(Path.of(arguments[0])).owners(true);
      try (TestRun run = new TestRun()) {
        restorer.restore(snapshot, run);
        print(run);
      }
      System.out.println("again");
      snapshot.file("ro/deep/g", "g");
      try (TestRun run = new TestRun()) {
        restorer.overwrite(Overwrite.ALWAYS).restore(snapshot, run);
        print(run);
      }
      Status status = new StatusReader(false).read(Path.of(arguments[0], "ro"));
      if (status.attributes().permissions() != 0555
          || !Files.readString(Path.of(arguments[0], "ro/deep/g")).equals("g")) {
        throw new AssertionError("not restored");
      }
    }

    @SuppressWarnings("SystemOut")
    private static void print(TestRun run) {
      for (Finding finding : run.findings) {
        boolean owners = finding.message().contains("could not be given to their owners");
        System.out.println(owners ? "OWNERS" : finding.toString());
      }
    }
  }
}
