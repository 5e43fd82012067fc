package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TreeComparisonTest {

  @TempDir Path directory;
  private Path original;
  private Path copy;

  @BeforeEach
  void makeTwoTrees() throws Exception {
    original = Files.createDirectories(directory.resolve("original/below")).getParent();
    copy = directory.resolve("copy");
    Files.writeString(original.resolve("below/file"), "content");
    Files.createSymbolicLink(original.resolve("link"), Path.of("there"));
    TreeCopy.copy(original, copy);
  }

  @Test
  void findsNoDifferenceBetweenCopies() throws Exception {
    assertEquals(Optional.empty(), difference());
  }

  @Test
  void findsAByteThatDiffersThoughTheTimesAreTheSame() throws Exception {
    Path file = copy.resolve("below/file");
    FileTime before = Files.getLastModifiedTime(file);
    Files.writeString(file, "c0ntent");
    Files.setLastModifiedTime(file, before);
    assertDifference("differs from byte 1 on");
  }

  @Test
  void findsPermissionsThatDiffer() throws Exception {
    Files.setPosixFilePermissions(
        copy.resolve("below"), PosixFilePermissions.fromString("rwx------"));
    Files.setPosixFilePermissions(
        original.resolve("below"), PosixFilePermissions.fromString("rwxr-x---"));
    assertDifference("permissions differ");
  }

  @Test
  void findsTimesThatDiffer() throws Exception {
    Files.setLastModifiedTime(copy.resolve("below/file"), FileTime.fromMillis(0));
    assertDifference("is at 1970-01-01T00:00:00Z");
  }

  @Test
  void findsALinkThatPointsElsewhere() throws Exception {
    FileTime time = Files.getLastModifiedTime(copy);
    Files.delete(copy.resolve("link"));
    Files.createSymbolicLink(copy.resolve("link"), Path.of("here"));
    Files.setLastModifiedTime(copy, time);
    Optional<String> difference = difference();
    assertTrue(difference.isPresent(), "the target differs, and the time of the link");
  }

  @Test
  void findsAFileThatIsMissing() throws Exception {
    FileTime time = Files.getLastModifiedTime(copy.resolve("below"));
    Files.delete(copy.resolve("below/file"));
    Files.setLastModifiedTime(copy.resolve("below"), time);
    assertDifference("holds 1 names, and 0");
  }

  private Optional<String> difference() throws IOException {
    return new TreeComparison().firstDifference(original, copy);
  }

  private void assertDifference(String expected) throws IOException {
    String difference = difference().orElse("none");
    assertTrue(difference.contains(expected), difference);
  }
}
