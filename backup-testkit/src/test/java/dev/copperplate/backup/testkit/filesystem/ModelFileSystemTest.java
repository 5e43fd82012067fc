package dev.copperplate.backup.testkit.filesystem;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedByInterruptException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The model bites: who does not sync loses, and who does keeps. */
class ModelFileSystemTest {

  private static final int SEEDS = 200;
  private static final byte[] CONTENT = new byte[20_000];

  static {
    Arrays.fill(CONTENT, (byte) 'x');
  }

  private final ModelFileSystem disk = new ModelFileSystem();
  private final Path file = disk.getPath("/file");

  /** What a file may be after a power failure; the empty text is for no file. */
  private Set<String> fates(Path path) throws IOException {
    Set<String> fates = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      Path found = disk.afterPowerFailure(seed).getPath(path.toString());
      fates.add(Files.exists(found) ? fate(Files.readAllBytes(found)) : "absent");
    }
    return fates;
  }

  private static String fate(byte[] bytes) {
    int kept = 0;
    for (byte each : bytes) {
      kept += each == 'x' ? 1 : 0;
    }
    if (bytes.length == CONTENT.length) {
      return kept == bytes.length ? "whole" : kept == 0 ? "zeros" : "holes";
    }
    return bytes.length == 0 ? "empty" : "cut";
  }

  private static void force(Path path, StandardOpenOption how) throws IOException {
    try (FileChannel channel = FileChannel.open(path, how)) {
      channel.force(true);
    }
  }

  @Test
  void whoOnlyWritesMayLoseAnyPartOfIt() throws IOException {
    Files.write(file, CONTENT);
    assertEquals(Set.of("absent", "cut", "empty", "holes", "whole", "zeros"), fates(file));
  }

  @Test
  void whoForcesTheFileKeepsTheBytesIfTheyHaveAName() throws IOException {
    Files.write(file, CONTENT);
    force(file, StandardOpenOption.WRITE);
    assertEquals(Set.of("absent", "whole"), fates(file));
  }

  @Test
  void whoForcesTheDirectoryKeepsTheNameAndMayLoseTheBytes() throws IOException {
    Files.write(file, CONTENT);
    force(disk.getPath("/"), StandardOpenOption.READ);
    assertEquals(Set.of("cut", "empty", "holes", "whole", "zeros"), fates(file));
  }

  @Test
  void whoForcesBothKeepsBoth() throws IOException {
    Files.write(file, CONTENT);
    force(file, StandardOpenOption.WRITE);
    force(disk.getPath("/"), StandardOpenOption.READ);
    assertEquals(Set.of("whole"), fates(file));
  }

  @Test
  void theNameOfADirectoryIsLostWithAllBelowIt() throws IOException {
    Path directory = Files.createDirectory(disk.getPath("/directory"));
    Path below = Files.write(directory.resolve("file"), CONTENT);
    force(below, StandardOpenOption.WRITE);
    force(directory, StandardOpenOption.READ);
    assertEquals(Set.of("absent", "whole"), fates(below));
    force(disk.getPath("/"), StandardOpenOption.READ);
    assertEquals(Set.of("whole"), fates(below));
  }

  @Test
  void whatIsDeletedMayComeBackUntilTheDirectoryIsForced() throws IOException {
    whoForcesBothKeepsBoth();
    Files.delete(file);
    assertEquals(Set.of("absent", "whole"), fates(file));
    force(disk.getPath("/"), StandardOpenOption.READ);
    assertEquals(Set.of("absent"), fates(file));
  }

  @Test
  void aRenamedFileHasOneOfItsNames() throws IOException {
    whoForcesBothKeepsBoth();
    Path renamed = disk.getPath("/renamed");
    Files.move(file, renamed, StandardCopyOption.ATOMIC_MOVE);
    for (int seed = 0; seed < SEEDS; seed++) {
      ModelFileSystem found = disk.afterPowerFailure(seed);
      assertTrue(
          Files.exists(found.getPath("/file")) != Files.exists(found.getPath("/renamed")),
          "seed " + seed);
    }
  }

  @Test
  void ofSeveralNamesAnySubsetSurvivesInAnyOrder() throws IOException {
    for (String name : List.of("/a", "/b")) {
      Files.write(disk.getPath(name), CONTENT);
    }
    Set<String> survivors = new TreeSet<>();
    for (int seed = 0; seed < SEEDS; seed++) {
      survivors.add(names(disk.afterPowerFailure(seed)).toString());
    }
    assertEquals(Set.of("[/a, /b]", "[/a]", "[/b]", "[]"), survivors);
  }

  private static List<Path> names(ModelFileSystem disk) throws IOException {
    try (Stream<Path> all = Files.list(disk.getPath("/"))) {
      return all.toList();
    }
  }

  @Test
  void theSameSeedChoosesTheSame() throws IOException {
    Files.write(file, CONTENT);
    for (int seed = 0; seed < 20; seed++) {
      Path one = disk.afterPowerFailure(seed).getPath("/file");
      Path other = disk.afterPowerFailure(seed).getPath("/file");
      assertEquals(Files.exists(one), Files.exists(other));
      if (Files.exists(one)) {
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(other));
      }
    }
  }

  @Test
  void whatSurvivedIsDurable() throws IOException {
    Files.write(file, CONTENT);
    ModelFileSystem found = disk.afterPowerFailure(1);
    for (int seed = 0; seed < 20; seed++) {
      Path again = found.afterPowerFailure(seed).getPath("/file");
      assertEquals(Files.exists(found.getPath("/file")), Files.exists(again));
    }
  }

  @Test
  void withoutPowerEveryCallFailsUntilTheRestart() throws IOException {
    Files.write(file, CONTENT);
    List<String> done = disk.log();
    FileChannel open = FileChannel.open(file, StandardOpenOption.READ, StandardOpenOption.WRITE);
    disk.cutAfter(1);
    assertFalse(disk.isCut());
    Files.createDirectory(disk.getPath("/made"));
    assertThrows(IOException.class, () -> Files.createDirectory(disk.getPath("/not")));
    assertTrue(disk.isCut());
    assertThrows(IOException.class, () -> open.read(ByteBuffer.allocate(1)));
    assertThrows(IOException.class, () -> open.write(ByteBuffer.allocate(1)));
    assertThrows(IOException.class, () -> open.force(true));
    assertThrows(IOException.class, () -> Files.readAllBytes(file));
    assertThrows(IOException.class, () -> names(disk));
    assertThrows(IOException.class, () -> Files.size(file));
    assertThrows(IOException.class, () -> Files.delete(file));
    assertThrows(IOException.class, () -> Files.getFileStore(file));
    assertEquals(done.size() + 1, disk.operations());
    disk.restart();
    assertArrayEquals(CONTENT, Files.readAllBytes(file));
    assertTrue(Files.isDirectory(disk.getPath("/made")));
    open.close();
  }

  @Test
  void failsAsFileSystemsDo() throws IOException {
    Files.write(file, CONTENT);
    Path directory = Files.createDirectories(disk.getPath("/a/b"));
    assertThrows(
        FileAlreadyExistsException.class,
        () -> Files.write(file, CONTENT, StandardOpenOption.CREATE_NEW));
    assertThrows(FileAlreadyExistsException.class, () -> Files.createLink(file, file));
    assertThrows(FileAlreadyExistsException.class, () -> Files.createDirectory(directory));
    assertThrows(NoSuchFileException.class, () -> Files.size(disk.getPath("/none")));
    assertThrows(NoSuchFileException.class, () -> Files.write(disk.getPath("/no/file"), CONTENT));
    assertThrows(DirectoryNotEmptyException.class, () -> Files.delete(disk.getPath("/a")));
    IOException name =
        assertThrows(
            IOException.class, () -> Files.write(disk.getPath("/" + "n".repeat(256)), CONTENT));
    assertTrue(name.getMessage().contains("File name too long"), name::toString);
    disk.capacity(30_000);
    IOException full =
        assertThrows(IOException.class, () -> Files.write(disk.getPath("/more"), CONTENT));
    assertEquals("No space left on device", full.getMessage());
    Thread.currentThread().interrupt();
    assertThrows(
        ClosedByInterruptException.class,
        () -> FileChannel.open(file, StandardOpenOption.READ).read(ByteBuffer.allocate(1)));
    assertTrue(Thread.interrupted());
    assertThrows(
        UnsupportedOperationException.class, () -> Files.createSymbolicLink(directory, file));
  }

  @Test
  void keepsLinksTimesAndPermissions() throws IOException {
    Files.write(file, "one".getBytes(StandardCharsets.UTF_8));
    Path link = Files.createLink(disk.getPath("/link"), file);
    Files.writeString(file, "other");
    assertEquals("other", Files.readString(link));
    assertTrue(Files.isSameFile(file, link));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--r-----"));
    assertEquals("r--r-----", PosixFilePermissions.toString(Files.getPosixFilePermissions(link)));
    Files.delete(file);
    assertEquals("other", Files.readString(link));
    assertEquals(
        List.of(
            "create /file",
            "write /file",
            "link /file as /link",
            "truncate /file",
            "write /file",
            "permissions /file",
            "delete /file"),
        disk.log());
  }

  @Test
  void pathsAreThoseOfUnix() {
    for (String text : List.of("/", "", "/a/b", "a/b", "a//b/", "../a", "/a/./b/../c", "..", ".")) {
      Path model = disk.getPath(text);
      Path real = Path.of(text);
      assertEquals(real.toString(), model.toString());
      assertEquals(real.normalize().toString(), model.normalize().toString(), text);
      assertEquals(String.valueOf(real.getParent()), String.valueOf(model.getParent()), text);
      assertEquals(String.valueOf(real.getFileName()), String.valueOf(model.getFileName()), text);
      assertEquals(real.resolve("x").toString(), model.resolve("x").toString(), text);
      assertEquals(real.resolve("/x").toString(), model.resolve("/x").toString(), text);
      assertEquals(real.startsWith("a"), model.startsWith("a"), text);
      assertEquals(real.endsWith("b"), model.endsWith("b"), text);
      if (real.isAbsolute()) {
        assertEquals(
            real.normalize().relativize(Path.of("/a/x")).toString(),
            model.normalize().relativize(disk.getPath("/a/x")).toString(),
            text);
      }
    }
  }
}
