package dev.copperplate.backup.files;

import dev.copperplate.backup.RawName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.List;

/** Makes real files below a directory, with names of any bytes. */
final class TestTree {

  /** Names that break programs: not UTF-8, control characters, quotes, as long as can be, emoji. */
  static final List<RawName> HOSTILE_NAMES =
      List.of(
          RawName.of(new byte[] {(byte) 0xff, (byte) 0xfe}),
          RawName.of("new\nline"),
          RawName.of("quote\"'\\`$()"),
          RawName.of("x".repeat(255)),
          RawName.of("\ud83d\ude00"),
          RawName.of("\u00fcml\u00e4ut"),
          RawName.of("%41 %"),
          RawName.of(" "),
          RawName.of("-rf"),
          RawName.of("..."),
          RawName.of("*?[a]"),
          RawName.of(new byte[] {1, 127}));

  final Path top;

  TestTree(Path top) {
    this.top = top;
  }

  Path path(String slashed) {
    Path path = top;
    for (String name : slashed.split("/", -1)) {
      path = PathBytes.child(path, RawName.of(name));
    }
    return path;
  }

  TestTree directory(String path) throws IOException {
    Files.createDirectories(path(path));
    return this;
  }

  TestTree file(String path, String content) throws IOException {
    return file(path(path), content.getBytes(StandardCharsets.UTF_8));
  }

  TestTree file(Path path, byte[] content) throws IOException {
    Path parent = path.getParent();
    if (parent != null) {
      Files.createDirectories(parent);
    }
    Files.write(path, content);
    return this;
  }

  TestTree link(String path, String target) throws IOException {
    Files.createSymbolicLink(path(path), PathBytes.path(RawName.of(target)));
    return this;
  }

  TestTree mode(String path, int bits) throws IOException {
    Files.setAttribute(path(path), "unix:mode", bits, LinkOption.NOFOLLOW_LINKS);
    return this;
  }

  TestTree time(String path, Instant time) throws IOException {
    Files.setLastModifiedTime(path(path), FileTime.from(time));
    return this;
  }

  String content(String path) throws IOException {
    return Files.readString(path(path));
  }

  boolean has(String path) {
    return Files.exists(path(path), LinkOption.NOFOLLOW_LINKS);
  }
}
