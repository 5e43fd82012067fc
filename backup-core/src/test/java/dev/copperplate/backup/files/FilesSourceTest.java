package dev.copperplate.backup.files;

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
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class FilesSourceTest {

  private final TestTree tree;
  private final String prefix;
  private final MemorySnapshot snapshot = new MemorySnapshot();
  private final TestRun run = new TestRun();

  FilesSourceTest(@TempDir Path directory) throws IOException {
    tree = new TestTree(directory.toRealPath());
    prefix = tree.top.toString();
  }

  @AfterEach
  void endRun() {
    run.close();
  }

  private void capture() throws Exception {
    FilesSource.of(tree.top).capture(snapshot, run);
  }

  private MemorySnapshot.Item captured(String path) {
    return snapshot.get(prefix + "/" + path);
  }

  private List<String> complaints() {
    return run.complaints().stream().map(Finding::toString).toList();
  }

  @Test
  void aPathLiesInTheSnapshotWithTheDirectoriesOnItsWay() throws Exception {
    tree.file("a/b", "text");
    tree.mode("a", 0751).time("a", Instant.parse("2020-01-01T00:00:00.123456789Z"));
    FilesSource.of(tree.path("a/b")).capture(snapshot, run);
    MemorySnapshot.Item way = captured("a");
    assertEquals(EntryType.DIRECTORY, way.type());
    assertEquals(0751, way.attributes().permissions());
    assertEquals(Instant.parse("2020-01-01T00:00:00.123456789Z"), way.attributes().modified());
    assertEquals(RawName.of("text"), captured("a/b").content());
    assertEquals(List.of(), complaints());
  }

  @Test
  void everyAttributeIsKept() throws Exception {
    tree.file("f", "12345").mode("f", 04751);
    Path file = tree.path("f");
    ExtendedAttributes.write(file, "user.colour", RawName.of(new byte[] {0, (byte) 0xff}));
    Files.setLastModifiedTime(file, FileTime.from(Instant.parse("1999-12-31T23:59:59.987654321Z")));
    capture();
    Attributes attributes = captured("f").attributes();
    assertEquals(04751, attributes.permissions());
    assertEquals(Instant.parse("1999-12-31T23:59:59.987654321Z"), attributes.modified());
    assertEquals(
        Map.of("user.colour", RawName.of(new byte[] {0, (byte) 0xff})), attributes.extended());
    Map<String, Object> unix = Files.readAttributes(file, "unix:*");
    assertEquals(unix.get("ino"), attributes.inode());
    assertEquals(unix.get("dev"), attributes.device());
    assertEquals(1, attributes.links());
    assertEquals(unix.get("ctime"), FileTime.from(attributes.changed()));
    assertEquals(Files.getOwner(file).getName(), attributes.user());
    assertEquals(5, captured("f").size());
  }

  @Test
  void timesOfAccessAreKeptOnlyIfAsked() throws Exception {
    tree.file("f", "x");
    FileTime accessed = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));
    Files.setAttribute(tree.path("f"), "lastAccessTime", accessed);
    MemorySnapshot asked = new MemorySnapshot();
    FilesSource.of(tree.path("f")).accessTimes().capture(asked, run);
    FilesSource.of(tree.path("f")).capture(snapshot, run);
    assertEquals(accessed.toInstant(), asked.get(prefix + "/f").attributes().accessed());
    Attributes attributes = captured("f").attributes();
    assertEquals(attributes.modified(), attributes.accessed());
  }

  @Test
  void anOwnerWithoutANameHasNone() throws Exception {
    assumeTrue(TestUser.isRoot(), "only root gives files away");
    tree.file("f", "");
    Files.setAttribute(tree.path("f"), "unix:uid", (int) 4_000_000_000L);
    capture();
    assertEquals(4_000_000_000L, captured("f").attributes().uid());
    assertEquals("", captured("f").attributes().user());
  }

  @Test
  void linksAreStoredAndNotFollowed() throws Exception {
    tree.file("dir/inside", "x").link("link", "dir").link("broken", "/nowhere/\u00fc/");
    capture();
    assertEquals(RawName.of("dir"), captured("link").linkTarget().orElseThrow());
    assertEquals(RawName.of("/nowhere/\u00fc/"), captured("broken").linkTarget().orElseThrow());
    assertFalse(snapshot.entries().containsKey(EntryPath.of(prefix + "/link/inside")));
  }

  @Test
  void aGivenPathThatIsALinkIsStoredAsSuch() throws Exception {
    tree.file("dir/inside", "x").link("link", "dir");
    FilesSource.of(tree.path("link")).capture(snapshot, run);
    assertEquals(EntryType.SYMLINK, captured("link").type());
  }

  @Test
  void aLinkOnTheWayStandsForItsDirectory() throws Exception {
    tree.file("dir/inside", "x").link("link", "dir");
    FilesSource.of(tree.path("link/inside")).capture(snapshot, run);
    assertEquals(EntryType.DIRECTORY, captured("link").type());
    assertEquals(RawName.of("x"), captured("link/inside").content());
  }

  @Test
  void namesOfAnyBytesAreKept() throws Exception {
    for (RawName name : TestTree.HOSTILE_NAMES) {
      tree.file(PathBytes.child(tree.top, name), name.toByteArray());
    }
    capture();
    for (RawName name : TestTree.HOSTILE_NAMES) {
      EntryPath path = EntryPath.of(prefix).child(name);
      assertEquals(name, snapshot.get(path).content());
    }
    assertEquals(List.of(), complaints());
  }

  @Test
  void theSecondNameOfAFileIsNotReadAgain() throws Exception {
    tree.file("a", "shared").directory("z");
    Files.createLink(tree.path("z/b"), tree.path("a"));
    Files.createLink(tree.path("c"), tree.path("a"));
    capture();
    assertEquals(1, snapshot.read.size());
    assertEquals(2, snapshot.reused.size());
    assertEquals(RawName.of("shared"), captured("z/b").content());
    assertEquals(3, captured("c").attributes().links());
    assertEquals(captured("a").attributes().inode(), captured("c").attributes().inode());
  }

  @Test
  void pipesSocketsAndDevicesAreKnownByTheirMode() throws Exception {
    assertEquals(0, TestUser.exec("mkfifo", tree.path("fifo").toString()));
    boolean device =
        TestUser.isRoot()
            && TestUser.exec("mknod", tree.path("null").toString(), "c", "1", "3") == 0;
    capture();
    assertEquals(EntryType.FIFO, captured("fifo").type());
    assertEquals(0, captured("fifo").deviceNumber());
    if (device) {
      assertEquals(EntryType.CHARACTER_DEVICE, captured("null").type());
      assertEquals(0x103, captured("null").deviceNumber());
    }
  }

  @Test
  void everyDirectoryIsCompletedAndMoreFilesThanAllowedAreNeverOpen() throws Exception {
    for (int i = 0; i < 200; i++) {
      tree.file("d" + i % 10 + "/f" + i, "x".repeat(i));
    }
    capture();
    assertTrue(snapshot.isComplete(prefix + "/d3"));
    assertTrue(snapshot.isComplete(prefix));
    assertTrue(snapshot.mostOpen <= run.openFiles(), "open at once: " + snapshot.mostOpen);
    assertEquals(200, snapshot.read.size());
  }

  @Test
  void unchangedFilesAreTakenOverWithoutBeingRead() throws Exception {
    tree.file("a", "one").file("d/b", "two").directory("empty");
    ExtendedAttributes.write(tree.path("a"), "user.x", RawName.of("y"));
    capture();
    MemorySnapshot second = new MemorySnapshot();
    try (TestRun again = new TestRun().after(snapshot)) {
      FilesSource.of(tree.top).capture(second, again);
      assertEquals(List.of(), second.read);
      assertEquals(2, second.reused.size());
      EntryPath top = EntryPath.of(prefix);
      assertEquals(snapshot.entries().tailMap(top, true), second.entries().tailMap(top, true));
      assertEquals(7, again.expectedFiles.get());
    }
  }

  @Test
  void contentBehindUnchangedMetadataIsNotLookedAt() throws Exception {
    tree.file("a", "one");
    capture();
    // The previous snapshot claims other bytes: taking them shows that the file was not read.
    MemorySnapshot.Item item = captured("a");
    snapshot.item(
        new MemorySnapshot.Item(
            item.path(),
            item.type(),
            item.attributes(),
            RawName.of("two"),
            item.size(),
            item.linkTarget(),
            0));
    MemorySnapshot second = new MemorySnapshot();
    try (TestRun again = new TestRun().after(snapshot)) {
      FilesSource.of(tree.top).capture(second, again);
    }
    assertEquals(RawName.of("two"), second.get(prefix + "/a").content());
  }

  @Test
  void contentThatIsNoLongerStoredIsReadAgain() throws Exception {
    tree.file("a", "one");
    Files.createLink(tree.path("b"), tree.path("a"));
    capture();
    MemorySnapshot second = new MemorySnapshot();
    second.forgetful = true;
    try (TestRun again = new TestRun().after(snapshot)) {
      FilesSource.of(tree.top).capture(second, again);
    }
    assertEquals(2, second.read.size());
  }

  @Test
  void newMetadataIsKeptThoughTheContentIsTakenOver() throws Exception {
    tree.file("a", "one");
    capture();
    tree.mode("a", 0600);
    MemorySnapshot second = new MemorySnapshot();
    try (TestRun again = new TestRun().after(snapshot)) {
      FilesSource.of(tree.top).ignoreCtime().capture(second, again);
    }
    assertEquals(1, second.reused.size());
    assertEquals(0600, second.get(prefix + "/a").attributes().permissions());
  }

  @Test
  void aChangedTimeOfChangeMeansReadingAgain() throws Exception {
    tree.file("a", "one");
    capture();
    tree.mode("a", 0600);
    MemorySnapshot second = new MemorySnapshot();
    try (TestRun again = new TestRun().after(snapshot)) {
      FilesSource.of(tree.top).capture(second, again);
    }
    assertEquals(1, second.read.size());
  }

  @Test
  void aReplacedFileWithTheSameTimesIsReadUnlessInodesAreIgnored() throws Exception {
    tree.file("a", "one").time("a", Instant.EPOCH);
    capture();
    tree.file("new", "two").time("new", Instant.EPOCH);
    Files.move(tree.path("new"), tree.path("a"), StandardCopyOption.REPLACE_EXISTING);
    MemorySnapshot second = new MemorySnapshot();
    MemorySnapshot third = new MemorySnapshot();
    try (TestRun again = new TestRun().after(snapshot)) {
      FilesSource.of(tree.top).ignoreCtime().capture(second, again);
      FilesSource.of(tree.top).ignoreCtime().ignoreInode().capture(third, again);
    }
    assertEquals(1, second.read.size());
    assertEquals(1, third.reused.size());
  }

  @Test
  void aBrokenPreviousSnapshotIsReadAround() throws Exception {
    tree.file("d/a", "one").file("e", "two");
    capture();
    snapshot.breaks(prefix + "/d", BackupException.Kind.DAMAGED);
    MemorySnapshot second = new MemorySnapshot();
    try (TestRun again = new TestRun().after(snapshot)) {
      FilesSource.of(tree.top).capture(second, again);
      assertEquals(List.of(), again.complaints());
    }
    assertEquals(RawName.of("one"), second.get(prefix + "/d/a").content());
  }

  @Test
  void holesAreZeros() throws Exception {
    try (var channel =
        Files.newByteChannel(
            tree.path("sparse"),
            StandardOpenOption.CREATE_NEW,
            StandardOpenOption.WRITE,
            StandardOpenOption.SPARSE)) {
      channel.position(3_000_000).write(ByteBuffer.wrap(new byte[] {1}));
    }
    capture();
    byte[] content = captured("sparse").content().toByteArray();
    assertEquals(3_000_001, content.length);
    assertTrue(Arrays.equals(new byte[3_000_000], Arrays.copyOf(content, 3_000_000)));
  }

  @Test
  void patternsChooseAndExcludedDirectoriesAreNotEntered() throws Exception {
    tree.file("keep/a.txt", "a").file("keep/b.log", "b").file("cache/c.txt", "c");
    tree.file("deep/cache/d.txt", "d").file("deep/e.jpg", "e");
    FilesSource.of(tree.top).exclude("*.log", "/cache").include("*.txt").capture(snapshot, run);
    assertEquals(
        List.of("deep", "deep/cache", "deep/cache/d.txt", "keep", "keep/a.txt"),
        snapshot.entries().keySet().stream()
            .map(EntryPath::toString)
            .filter(each -> each.startsWith(prefix + "/"))
            .map(each -> each.substring(prefix.length() + 1))
            .toList());
  }

  @Test
  void otherFileSystemsAreKeptEmptyIfAsked() throws Exception {
    Path proc = Path.of("/proc/self");
    assumeTrue(Files.exists(proc), "another file system is needed");
    FilesSource.of(Path.of("/"))
        .oneFileSystem()
        .exclude("/[!p]*", "/p[!r]*", "/.*")
        .capture(snapshot, run);
    assertEquals(EntryType.DIRECTORY, snapshot.get("/proc").type());
    assertFalse(snapshot.entries().containsKey(EntryPath.of("/proc/self")));
  }

  @Test
  void aMissingPathIsAWarningAndOnlyMissingPathsAreAFailure() throws Exception {
    tree.file("here", "x");
    FilesSource.of(tree.path("here"), tree.path("gone")).capture(snapshot, run);
    assertEquals(1, run.complaints().size());
    assertEquals(prefix + "/gone", run.complaints().get(0).subject());
    BackupException failure =
        assertThrows(
            BackupException.class,
            () -> FilesSource.of(tree.path("gone")).capture(new MemorySnapshot(), run));
    assertEquals(BackupException.Kind.NOT_FOUND, failure.kind());
    assertEquals("Nothing to back up: " + prefix + "/gone does not exist", failure.getMessage());
  }

  @Test
  void aPathBelowAnotherIsCapturedOnce() throws Exception {
    tree.file("a/b/c", "x");
    FilesSource.of(tree.path("a/b"), tree.path("a"), tree.path("a/b/c")).capture(snapshot, run);
    assertEquals(1, snapshot.read.size());
  }

  @Test
  void filesThatVanishGrowOrShrinkAreNamedAndTheRestIsThere() throws Exception {
    tree.file("a", "a").file("grows", "12345").file("shrinks", "x".repeat(100)).file("z", "z");
    snapshot.onFile =
        path -> {
          try {
            switch (path.name().toString()) {
              case "a" -> Files.delete(tree.path("z"));
              case "grows" ->
                  Files.writeString(tree.path("grows"), "more", StandardOpenOption.APPEND);
              case "shrinks" -> Files.writeString(tree.path("shrinks"), "less");
              default -> {}
            }
          } catch (IOException failed) {
            throw new AssertionError(failed);
          }
        };
    capture();
    assertEquals(RawName.of("12345more"), captured("grows").content());
    assertEquals(RawName.of("less"), captured("shrinks").content());
    assertFalse(snapshot.entries().containsKey(EntryPath.of(prefix + "/z")));
    String changed = ": changed while it was read; the snapshot has what was read";
    assertEquals(
        List.of(
            "WARNING " + prefix + "/grows" + changed,
            "WARNING " + prefix + "/shrinks" + changed,
            "WARNING " + prefix + "/z: vanished before it was read"),
        complaints().stream().sorted().toList());
  }

  @Test
  void whatTheJdkCannotReachIsNamedOnce() throws Exception {
    tree.file("a", "a").file("b", "b").link("c", "a");
    capture();
    List<Finding> infos =
        run.findings.stream().filter(each -> each.severity() == Finding.Severity.INFO).toList();
    assertEquals(1, infos.size());
    assertTrue(infos.get(0).message().contains("3 files and directories and of 1 symbolic"));
  }

  @Test
  void aFirstCaptureIsCountedBesideTheReading() throws Exception {
    tree.file("a", "12").file("d/b", "345").file("skip", "678");
    FilesSource.of(tree.top).exclude("skip").capture(snapshot, run);
    assertEquals(2, run.expectedFiles.get());
    assertEquals(5, run.expectedBytes.get());
  }

  @Test
  void anInterruptEndsTheCapture() throws Exception {
    tree.file("a", "a").file("b", "b");
    snapshot.onFile = path -> Thread.currentThread().interrupt();
    assertThrows(InterruptedException.class, this::capture);
  }

  @Test
  void theIdIsThePathsAndOptionsDoNotChangeIt() {
    FilesSource source = FilesSource.of(Path.of("/b"), Path.of("/a/./c"));
    assertEquals("files:/a/c:/b", source.id().toString());
    assertEquals(source.id(), source.exclude("x").oneFileSystem().ignoreInode().id());
    assertThrows(IllegalArgumentException.class, () -> FilesSource.of());
  }

  @Test
  void withoutPermissionTheFileIsMissingAndTheDirectoryIsEmpty() throws Exception {
    tree.file("secret/x", "x").file("unreadable", "y").file("z", "z");
    tree.mode("secret", 0).mode("unreadable", 0);
    List<String> output = TestUser.runAsNobody(CaptureAsNobody.class, tree.top);
    assertEquals(
        List.of(
            "WARNING "
                + prefix
                + "/secret: cannot be listed: permission denied; what it holds is missing",
            "WARNING "
                + prefix
                + "/unreadable: cannot be read: permission denied; it is missing in the snapshot"
                + " (Give the backup permission to read it, or exclude it)",
            prefix + "/secret",
            prefix + "/z"),
        output);
  }

  /** Captures a directory in a process of its own and prints what it got. */
  static final class CaptureAsNobody {

    private CaptureAsNobody() {}

    @SuppressWarnings("SystemOut")
    public static void main(String[] arguments) throws Exception {
      Path top = Path.of(arguments[0]);
      MemorySnapshot snapshot = new MemorySnapshot();
      try (TestRun run = new TestRun()) {
        FilesSource.of(top).capture(snapshot, run);
        run.complaints().forEach(System.out::println);
        EntryPath at = PathBytes.entryPath(top);
        snapshot.entries().keySet().stream()
            .filter(each -> each.startsWith(at) && !each.equals(at))
            .forEach(System.out::println);
      }
    }
  }
}
