package dev.copperplate.backup.target;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;

/** What a directory does beyond what every target does. */
class LocalTargetTest {

  private final Path directory;
  private final Path elsewhere;
  private final LocalTarget target;

  LocalTargetTest(@TempDir Path temporary) throws IOException {
    this.directory = temporary.resolve("backups");
    this.elsewhere = Files.createDirectory(temporary.resolve("elsewhere"));
    this.target = LocalTarget.at(directory);
  }

  @Test
  void objectsAreFilesThatOnlyTheOwnerCanRead() throws IOException {
    put("data/4f/4f1c", 10);
    assertEquals(10, Files.size(directory.resolve("data/4f/4f1c")));
    assertEquals("r--------", mode("data/4f/4f1c"));
    assertEquals("rwx------", mode("data/4f"));
    assertEquals("rwx------", mode(""));
  }

  @Test
  void whoCanReadTheConfigCanReadAll() throws IOException {
    put("config", 1);
    Files.setPosixFilePermissions(
        directory.resolve("config"), PosixFilePermissions.fromString("r--r-----"));
    put("data/00/x", 1);
    assertEquals("r--r-----", mode("data/00/x"));
    assertEquals("rwxr-x---", mode("data/00"));
  }

  @Test
  void aPutLeavesNothingButTheObject() throws IOException {
    put("config", 1);
    target.put(key("lock"), Content.of(new byte[5]), PutOptions.DATA.onlyIfAbsent());
    assertThrows(
        BackupException.class,
        () -> target.put(key("lock"), Content.of(new byte[5]), PutOptions.DATA.onlyIfAbsent()));
    assertThrows(
        IOException.class, () -> target.put(key("x"), new Interrupting(), PutOptions.DATA));
    assertTrue(Thread.interrupted());
    assertEquals(Set.of("config", "lock"), files());
  }

  @Test
  void aKeyWithAnotherLengthIsAConflictThatNamesBoth() throws IOException {
    put("data/00/x", 10);
    String message = assertKind(Kind.CONFLICT, () -> put("data/00/x", 11));
    assertTrue(message.contains("10 bytes, but now has 11"), message);
    assertTrue(message.contains(directory.resolve("data/00/x").toString()), message);
    assertEquals(10, Files.size(directory.resolve("data/00/x")));
  }

  @Test
  void whatIsNoObjectIsNotListed() throws IOException {
    put("data/00/x", 1);
    Files.writeString(directory.resolve("data/00/x-tmp-123"), "unfinished");
    Files.writeString(directory.resolve("data/00/with space"), "no key");
    Files.writeString(directory.resolve("data/00/tab\tname"), "no key");
    Files.createDirectory(directory.resolve("data/01"));
    Files.createSymbolicLink(directory.resolve("data/00/link"), directory.resolve("data/00/x"));
    Files.createSymbolicLink(directory.resolve("data/02"), elsewhere);
    Files.writeString(elsewhere.resolve("outside"), "outside");
    assertEquals(Set.of("data/00/x"), listed(""));
    assertEquals(Set.of("data/00/x"), listed("data/0"));
  }

  @Test
  void noOperationFollowsALinkBelowTheDirectory() throws IOException {
    put("config", 1);
    Files.createSymbolicLink(directory.resolve("data"), elsewhere);
    Files.createSymbolicLink(directory.resolve("file"), elsewhere.resolve("secret"));
    Files.writeString(elsewhere.resolve("secret"), "secret");
    for (String key : List.of("data/x", "data/secret", "data/a/b", "file")) {
      String message = assertKind(Kind.DENIED, () -> put(key, 6));
      assertTrue(message.contains("symbolic link"), message);
      assertTrue(message.startsWith("Put of " + key + " to " + directory), message);
      assertKind(Kind.DENIED, () -> target.read(key(key), ByteRange.ALL).close());
      assertEquals(Set.of(key(key)), target.delete(List.of(key(key))).keySet());
    }
    assertKind(Kind.DENIED, () -> target.list("data/").close());
    try (Stream<Path> all = Files.list(elsewhere)) {
      assertEquals(List.of(elsewhere.resolve("secret")), all.toList());
    }
  }

  @Test
  void theDirectoryItselfMayBeALink() throws IOException {
    Path link = directory.resolveSibling("link");
    Files.createSymbolicLink(link, elsewhere);
    try (LocalTarget linked = LocalTarget.at(link)) {
      linked.put(key("data/x"), Content.of(new byte[3]), PutOptions.DATA);
    }
    assertEquals(3, Files.size(elsewhere.resolve("data/x")));
  }

  @Test
  void whatAFileSystemCannotKeepIsUnsupported() throws IOException {
    put("a/b", 1);
    assertKind(Kind.UNSUPPORTED, () -> put("a", 1));
    assertKind(Kind.UNSUPPORTED, () -> put("a/b/c", 1));
    assertKind(Kind.UNSUPPORTED, () -> put("n".repeat(300), 1));
    assertKind(Kind.UNSUPPORTED, () -> put("n".repeat(300) + "/x", 1));
    assertKind(Kind.UNSUPPORTED, () -> put("a/c-tmp-1", 1));
    assertKind(Kind.NOT_FOUND, () -> target.read(key("a/b/c"), ByteRange.ALL).close());
    assertKind(Kind.NOT_FOUND, () -> target.read(key("a"), ByteRange.ALL).close());
    assertEquals(0, target.delete(List.of(key("a"), key("a/b/c"), key("a/c-tmp-1"))).size());
    assertEquals(Set.of("a/b"), files());
  }

  @Test
  void aNameMayBeAsLongAsTheFileSystemAllows() throws IOException {
    put("n".repeat(255), 7);
    assertEquals(Set.of("n".repeat(255)), listed("n"));
  }

  @Test
  void aStreamOfAFileThatIsCutFailsInsteadOfEnding() throws IOException {
    put("data/00/x", 1_000_000);
    Path file = directory.resolve("data/00/x");
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    try (InputStream in = target.read(key("data/00/x"), ByteRange.ALL)) {
      assertEquals(1000, in.readNBytes(1000).length);
      try (FileChannel cut = FileChannel.open(file, StandardOpenOption.WRITE)) {
        cut.truncate(500_000);
      }
      String message = assertKind(Kind.DAMAGED, in::readAllBytes);
      assertTrue(message.contains("1000000 bytes"), message);
    }
  }

  @Test
  void anInterruptedReaderIsToldSo() throws IOException {
    put("data/00/x", 1_000_000);
    try (InputStream in = target.read(key("data/00/x"), ByteRange.ALL)) {
      Thread.currentThread().interrupt();
      assertThrows(InterruptedIOException.class, in::readAllBytes);
      assertTrue(Thread.interrupted());
    }
  }

  @Test
  void aFileThatIsDeletedWhileItIsReadIsReadToItsEnd() throws IOException {
    put("data/00/x", 1_000_000);
    try (InputStream in = target.read(key("data/00/x"), ByteRange.ALL)) {
      assertEquals(0, target.delete(List.of(key("data/00/x"))).size());
      assertEquals(1_000_000, in.readAllBytes().length);
    }
  }

  @Test
  void aMissingDirectoryIsNamedWhenAnObjectIsNotFound() throws IOException {
    String message =
        assertKind(Kind.NOT_FOUND, () -> target.read(key("config"), ByteRange.ALL).close());
    assertTrue(message.contains("no directory " + directory + "; see whether it is mounted"));
    assertEquals(Set.of(), listed(""));
    assertFalse(Files.exists(directory));
  }

  @Test
  void askingForCapabilitiesMakesNoDirectory() {
    assertEquals(1, target.capabilities().size());
    assertFalse(Files.exists(directory));
  }

  @Test
  void directoriesThatVanishDuringAListingArePassedOver() throws IOException {
    put("a/x", 1);
    put("b/x", 1);
    put("c/x", 1);
    try (Cursor<ObjectInfo> cursor = target.list("")) {
      ObjectInfo first = cursor.next();
      assertTrue(first != null);
      for (String name : List.of("a", "b", "c")) {
        Files.delete(directory.resolve(name).resolve("x"));
        Files.delete(directory.resolve(name));
      }
      assertNull(cursor.next());
    }
  }

  @Test
  void aRelativeDirectoryIsDescribedByItsAbsolutePath() {
    Path relative = Path.of("some/../backups");
    try (LocalTarget local = LocalTarget.at(relative)) {
      assertEquals(Path.of("backups").toAbsolutePath().toString(), local.description());
    }
  }

  private static final class Interrupting implements Content {

    @Override
    public long length() {
      return 10;
    }

    @Override
    public InputStream open() {
      Thread.currentThread().interrupt();
      return InputStream.nullInputStream();
    }
  }

  private static ObjectKey key(String value) {
    return new ObjectKey(value);
  }

  private void put(String key, int length) throws IOException {
    target.put(key(key), Content.of(new byte[length]), PutOptions.DATA);
    try (InputStream in = target.read(key(key), ByteRange.ALL)) {
      assertArrayEquals(new byte[length], in.readAllBytes());
    }
  }

  private Set<String> listed(String prefix) throws IOException {
    Set<String> keys = new TreeSet<>();
    try (Cursor<ObjectInfo> cursor = target.list(prefix)) {
      for (ObjectInfo info = cursor.next(); info != null; info = cursor.next()) {
        keys.add(info.key().value());
      }
    }
    return keys;
  }

  private Set<String> files() throws IOException {
    try (Stream<Path> all = Files.walk(directory)) {
      return new TreeSet<>(
          all.filter(Files::isRegularFile).map(p -> directory.relativize(p).toString()).toList());
    }
  }

  private String mode(String relative) throws IOException {
    return PosixFilePermissions.toString(
        Files.getPosixFilePermissions(directory.resolve(relative)));
  }

  private static String assertKind(Kind kind, Executable call) {
    BackupException thrown = assertThrows(BackupException.class, call);
    assertEquals(kind, thrown.kind(), thrown::toString);
    return String.valueOf(thrown.getMessage());
  }
}
