package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.RawName;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What the drill says of a restored copy that is not what it should be. */
@Timeout(60)
class DrillComparisonTest {

  @TempDir Path copy;

  private final MemorySnapshot snapshot =
      new MemorySnapshot()
          .directory("d", 0755)
          .file("d/file", "content")
          .file("d/one", bytes("linked"), TestAttributes.linked(7, 2))
          .file("d/other", bytes("linked"), TestAttributes.linked(7, 2))
          .symlink("d/symlink", "file");

  /** Something that goes wrong with the copy. */
  @FunctionalInterface
  private interface Mishap {
    void befall() throws Exception;
  }

  @Test
  void aCopyThatIsTheSameHasNoFinding() throws Exception {
    assertEquals(List.of(), findingsAfter(() -> {}));
  }

  @Test
  void otherContentOfTheSameSizeIsAnError() throws Exception {
    assertFound(Severity.ERROR, "/d/file", "content", () -> replace("d/file", "contenT"));
  }

  @Test
  void contentThatIsCutIsAnError() throws Exception {
    assertFound(Severity.ERROR, "/d/file", "from byte 4", () -> replace("d/file", "cont"));
  }

  @Test
  void contentThatGoesOnIsAnError() throws Exception {
    assertFound(Severity.ERROR, "/d/file", "from byte 7", () -> replace("d/file", "content!"));
  }

  @Test
  void aMissingEntryIsAnError() throws Exception {
    assertFound(Severity.ERROR, "/d/symlink", "missing", () -> keepTime(() -> delete("d/symlink")));
  }

  @Test
  void anotherTargetIsAnError() throws Exception {
    assertFound(
        Severity.ERROR,
        "/d/symlink",
        "elsewhere",
        () ->
            keepTime(
                () -> {
                  delete("d/symlink");
                  Path link = copy.resolve("d/symlink");
                  Files.createSymbolicLink(link, Path.of("elsewhere"));
                  TestUser.exec("touch", "-h", "-d", TestAttributes.TIME.toString(), link + "");
                }));
  }

  @Test
  void aLinkInThePlaceOfADirectoryIsNotFollowed() throws Exception {
    Path moved = copy.resolve("moved");
    List<Finding> findings =
        findingsAfter(
            () -> {
              Files.move(copy.resolve("d"), moved);
              Files.createSymbolicLink(copy.resolve("d"), moved);
            });
    assertEquals(1, findings.size(), findings::toString);
    assertEquals("/d", findings.get(0).subject());
    assertEquals(Severity.ERROR, findings.get(0).severity());
  }

  @Test
  void otherPermissionsAreAWarning() throws Exception {
    assertFound(
        Severity.WARNING,
        "/d/file",
        "600",
        () -> Files.setAttribute(copy.resolve("d/file"), "unix:mode", 0600));
  }

  @Test
  void anotherTimeIsAWarning() throws Exception {
    assertFound(
        Severity.WARNING,
        "/d",
        "time",
        () -> Files.setLastModifiedTime(copy.resolve("d"), FileTime.from(Instant.EPOCH)));
  }

  @Test
  void anExtendedAttributeTooManyIsAWarning() throws Exception {
    assertFound(
        Severity.WARNING,
        "/d/file",
        "user.x",
        () ->
            Files.getFileAttributeView(copy.resolve("d/file"), UserDefinedFileAttributeView.class)
                .write("x", ByteBuffer.wrap(new byte[] {1})));
  }

  @Test
  void aLinkThatBecameAFileIsAWarning() throws Exception {
    assertFound(
        Severity.WARNING,
        "/d/other",
        "as its own",
        () ->
            keepTime(
                () -> {
                  delete("d/other");
                  replace("d/other", "linked");
                  Files.setAttribute(copy.resolve("d/other"), "unix:mode", 0644);
                }));
  }

  @Test
  void aSnapshotThatDoesNotFitIsRefusedBeforeAnythingIsWritten() throws Exception {
    Attributes attributes = TestAttributes.of(0644);
    MemorySnapshot huge =
        new MemorySnapshot()
            .item(
                new MemorySnapshot.Item(
                    EntryPath.of("huge"),
                    EntryType.FILE,
                    attributes,
                    RawName.of(""),
                    Long.MAX_VALUE,
                    Optional.empty(),
                    0));
    try (TestRun run = new TestRun()) {
      run.scratch = copy;
      BackupException full =
          assertThrows(BackupException.class, () -> FilesDrill.create().verify(huge, run));
      assertEquals(BackupException.Kind.FULL, full.kind());
      assertTrue(full.getMessage().contains("has room for"), full::getMessage);
      assertEquals(null, run.plan);
      assertEquals(List.of(), Listing.of(copy));
    }
  }

  @Test
  void whatNobodyMayEnterIsRestoredComparedAndRemoved(@TempDir Path place) throws Exception {
    List<String> output = TestUser.runAsNobody(DrillAsNobody.class, place);
    assertEquals(List.of("passed true", "left []"), output);
  }

  private void assertFound(Severity severity, String subject, String message, Mishap mishap)
      throws Exception {
    List<Finding> findings = findingsAfter(mishap);
    assertEquals(1, findings.size(), findings::toString);
    assertEquals(severity, findings.get(0).severity());
    assertEquals(subject, findings.get(0).subject());
    assertTrue(findings.get(0).message().contains(message), findings::toString);
  }

  private List<Finding> findingsAfter(Mishap mishap) throws Exception {
    try (TestRun run = new TestRun()) {
      FilesRestorer.to(copy).restore(snapshot, run);
      assertEquals(List.of(), run.complaints());
      run.findings.clear();
      mishap.befall();
      new DrillComparison(snapshot, run).compare(copy);
      return List.copyOf(run.findings);
    }
  }

  private void replace(String path, String content) throws Exception {
    Path file = copy.resolve(path);
    Files.writeString(file, content);
    Files.setLastModifiedTime(file, FileTime.from(TestAttributes.TIME));
  }

  private void delete(String path) throws Exception {
    Files.delete(copy.resolve(path));
  }

  private void keepTime(Mishap mishap) throws Exception {
    mishap.befall();
    Files.setLastModifiedTime(copy.resolve("d"), FileTime.from(TestAttributes.TIME));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
