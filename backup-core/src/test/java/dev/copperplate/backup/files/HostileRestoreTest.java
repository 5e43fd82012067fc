package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RawName;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Whatever the snapshot says and whatever happens to the destination: nothing outside changes. */
@Timeout(60)
class HostileRestoreTest {

  private final Path to;
  private final Path outside;
  private final TestTree restored;
  private final MemorySnapshot snapshot = new MemorySnapshot();
  private final TestRun run = new TestRun();

  HostileRestoreTest(@TempDir Path directory) throws IOException {
    Path real = directory.toRealPath();
    to = Files.createDirectory(real.resolve("to"));
    outside = Files.createDirectory(real.resolve("outside"));
    Files.writeString(outside.resolve("precious"), "precious");
    restored = new TestTree(to);
  }

  @AfterEach
  void nothingOutsideHasChanged() throws IOException {
    run.close();
    assertEquals(List.of(RawName.of("precious")), Listing.of(outside));
    assertEquals("precious", Files.readString(outside.resolve("precious")));
  }

  private void restore() throws Exception {
    restore(Overwrite.ALWAYS);
  }

  private void restore(Overwrite policy) throws Exception {
    FilesRestorer.to(to).overwrite(policy).restore(snapshot, run);
  }

  private List<String> complaints() {
    return run.complaints().stream().map(Finding::subject).toList();
  }

  private static MemorySnapshot.Item item(String path, EntryType type, String content) {
    return new MemorySnapshot.Item(
        EntryPath.of(path),
        type,
        TestAttributes.of(0700),
        RawName.of(content),
        content.length(),
        Optional.empty(),
        0);
  }

  /** Somebody moves a directory away and puts a link to the outside in its place. */
  private void swap(String path) {
    try {
      Files.move(restored.path(path), restored.path("moved"));
      Files.createSymbolicLink(restored.path(path), outside);
    } catch (IOException failed) {
      throw new AssertionError(failed);
    }
  }

  @Test
  void nothingIsWrittenThroughALinkOfTheSnapshot() throws Exception {
    snapshot.symlink("a", outside.toString()).file("a/evil", "evil").file("a/precious", "evil");
    snapshot.directory("a/dir", 0700).file("a/dir/evil", "evil").file("b", "b");
    restore();
    assertEquals(List.of("/a/dir", "/a/dir/evil", "/a/evil", "/a/precious"), complaints());
    assertEquals("b", restored.content("b"));
  }

  @Test
  void theSameNameTwiceDoesNotMakeALinkADirectory() throws Exception {
    snapshot.symlink("z", outside.toString());
    snapshot.hostile(item("z", EntryType.DIRECTORY, ""));
    snapshot.hostile(item("z/evil", EntryType.FILE, "evil"));
    restore();
    assertTrue(Files.isSymbolicLink(restored.path("z")));
    assertEquals(List.of("/z"), complaints());
  }

  @Test
  void theSameNameTwiceInANewDirectoryLeavesTheFirst() throws Exception {
    snapshot.directory("d", 0700).file("d/a", "first");
    snapshot.hostile(item("d/a", EntryType.FILE, "second"));
    restore();
    assertEquals("first", restored.content("d/a"));
    assertEquals(List.of("/d/a"), complaints());
    assertEquals(List.of(RawName.of("a")), Listing.of(restored.path("d")));
  }

  @Test
  void namesWithoutOrderInANewDirectoryLeaveTheFirst() throws Exception {
    snapshot.directory("d", 0700).file("d/b", "first").file("d/c", "c");
    snapshot.hostile(item("d/a", EntryType.FILE, "a"));
    snapshot.hostile(item("d/b", EntryType.FILE, "second"));
    restore();
    assertEquals("a", restored.content("d/a"));
    assertEquals("first", restored.content("d/b"));
    assertEquals("c", restored.content("d/c"));
    assertEquals(List.of("/d/b"), complaints());
  }

  @Test
  void onlyWhatNobodyElseCouldHavePreparedIsTrusted() throws Exception {
    StatusReader statuses = new StatusReader(false);
    RawName name = RawName.of("d");
    Path path = restored.path("d");
    try (OpenDirectory top = OpenDirectory.at(to, statuses)) {
      assertFalse(top.isOurs());
      top.makeDirectory(name);
      try (OpenDirectory ours = top.open(name, true)) {
        assertTrue(ours.isOurs());
        ours.makeDirectory(name);
        try (OpenDirectory below = ours.open(name, true);
            OpenDirectory again = ours.open(name, false)) {
          assertTrue(below.isOurs());
          assertFalse(again.isOurs());
        }
      }
      // What lies in it was not made by this run.
      assertFalse(isOurs(top, name));
      Files.delete(path.resolve("d"));
      assertTrue(isOurs(top, name));
      for (String permissions : List.of("rwxrwx---", "rwx----w-")) {
        Files.setPosixFilePermissions(path, PosixFilePermissions.fromString(permissions));
        assertFalse(isOurs(top, name), permissions);
      }
    }
  }

  private static boolean isOurs(OpenDirectory in, RawName name) throws IOException {
    try (OpenDirectory opened = in.open(name, true)) {
      return opened.isOurs();
    }
  }

  @Test
  void linksToNowhereAreRefusedOneByOne() throws Exception {
    snapshot.symlink("empty", "").symlink("nul", "a\0b").symlink("long", "x".repeat(5_000));
    snapshot.file("z", "z");
    restore();
    assertEquals(List.of("/empty", "/long", "/nul"), complaints());
    assertEquals("z", restored.content("z"));
    try (TestRun again = new TestRun()) {
      Files.createSymbolicLink(restored.path("empty"), Path.of("x"));
      FilesRestorer.to(to).overwrite(Overwrite.CHANGED).restore(snapshot, again);
      assertEquals(3, again.complaints().size());
    }
  }

  @Test
  void sizesThatAreLiesDoNotBreakThePlan() throws Exception {
    for (String name : List.of("a", "b")) {
      snapshot.item(
          new MemorySnapshot.Item(
              EntryPath.of(name),
              EntryType.FILE,
              TestAttributes.of(0600),
              RawName.of("x"),
              Long.MAX_VALUE,
              Optional.empty(),
              0));
    }
    restore();
    assertEquals(Long.MAX_VALUE, run.announced().bytes());
    assertEquals(List.of("/a", "/b"), complaints().stream().sorted().toList());
  }

  @Test
  void aLinkInTheDestinationIsReplacedByTheDirectory() throws Exception {
    Files.createSymbolicLink(restored.path("d"), outside);
    snapshot.directory("d", 0700).file("d/precious", "new");
    restore();
    assertFalse(Files.isSymbolicLink(restored.path("d")));
    assertEquals("new", restored.content("d/precious"));
    assertEquals(List.of(to + "/d"), run.announced().destroys());
  }

  @Test
  void aLinkInTheDestinationIsRefusedIfNothingMayGo() throws Exception {
    Files.createSymbolicLink(restored.path("d"), outside);
    snapshot.directory("d", 0700).file("d/precious", "new");
    BackupException failure = assertThrows(BackupException.class, () -> restore(Overwrite.FAIL));
    assertEquals(BackupException.Kind.ALREADY_EXISTS, failure.kind());
  }

  @Test
  void aFileThatIsALinkIsReplacedAndNotWrittenThrough() throws Exception {
    Files.createSymbolicLink(restored.path("f"), outside.resolve("precious"));
    snapshot.file("f", "new");
    restore();
    assertTrue(Files.isRegularFile(restored.path("f"), LinkOption.NOFOLLOW_LINKS));
  }

  @Test
  void aDirectorySwappedForALinkBetweenTwoEntriesLeadsNowhere() throws Exception {
    snapshot.directory("d", 0750).file("d/a", "a").file("d/precious", "evil");
    snapshot.directory("d/sub", 0700).file("d/sub/deep", "deep").symlink("d/t", "x");
    snapshot.file("z", "z");
    snapshot.beforeNext =
        entry -> {
          if (run.plan != null && entry.path().equals(EntryPath.of("d/precious"))) {
            swap("d");
          }
        };
    restore();
    // All of it went on into the directory that was opened, wherever that is now.
    assertEquals("a", restored.content("moved/a"));
    assertEquals("evil", restored.content("moved/precious"));
    assertEquals("deep", restored.content("moved/sub/deep"));
    assertEquals(Path.of("x"), Files.readSymbolicLink(restored.path("moved/t")));
    Status moved = new StatusReader(false).read(restored.path("moved"));
    assertEquals(TestAttributes.TIME, moved.attributes().modified());
    assertEquals(0750, moved.attributes().permissions());
    assertEquals("z", restored.content("z"));
    assertEquals(List.of(), complaints());
  }

  @Test
  void aSwapWhileAFileIsBeingWrittenLeadsNowhere() throws Exception {
    snapshot.directory("d", 0700).file("d/precious", "evil");
    snapshot.onOpen = entry -> swap("d");
    restore();
    assertEquals("evil", restored.content("moved/precious"));
  }

  @Test
  void aSwapOfAnExistingDirectoryAfterThePlanIsRefused() throws Exception {
    restored.file("d/precious", "old");
    snapshot.directory("d", 0700).file("d/precious", "evil");
    run.afterBegin = () -> swap("d");
    restore();
    assertEquals(List.of("/d"), complaints());
    assertTrue(Files.isSymbolicLink(restored.path("d")));
    assertEquals("old", restored.content("moved/precious"));
  }

  @Test
  void aMadeDirectoryThatBecomesALinkCannotBeOpened() throws Exception {
    try (OpenDirectory top = OpenDirectory.at(to, new StatusReader(false))) {
      RawName name = RawName.of("d");
      top.makeDirectory(name);
      swap("d");
      assertThrows(IOException.class, () -> top.open(name, true));
    }
  }

  @Test
  void extraThingsAreNotDeletedThroughLinks() throws Exception {
    restored.directory("d/tree/deep");
    Files.createSymbolicLink(restored.path("d/link"), outside);
    Files.createSymbolicLink(restored.path("d/tree/deep/link"), outside);
    snapshot.directory("d", 0700);
    FilesRestorer.to(to).deleteExtra(true).restore(snapshot, run);
    assertEquals(List.of(), Listing.of(restored.path("d")));
    assertEquals(List.of(), complaints());
  }

  @Test
  void aSwapBeforeDeletingLeadsNowhere() throws Exception {
    restored.file("d/precious", "mine");
    snapshot.directory("d", 0700).directory("e", 0700);
    snapshot.beforeNext =
        entry -> {
          if (run.plan != null && entry.path().equals(EntryPath.of("e"))) {
            swap("d");
          }
        };
    FilesRestorer.to(to).deleteExtra(true).restore(snapshot, run);
    assertFalse(restored.has("moved/precious"));
  }

  @Test
  void aDirectoryThatSomebodyElseHasOpenIsRestoredAllTheSame() throws Exception {
    restored.directory("d");
    snapshot.directory("d", 0711).file("d/a", "a").symlink("d/l", "x").directory("d/s", 0700);
    try (DirectoryStream<Path> other = Files.newDirectoryStream(restored.path("d"))) {
      restore();
      assertTrue(other.iterator().hasNext());
    }
    assertEquals("a", restored.content("d/a"));
    assertEquals(List.of(), complaints());
  }
}
