package dev.copperplate.backup.repository.format;

import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.URI;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ServerSocketChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;

/** A directory of everything that a file system allows and a careless format loses. */
final class HostileFiles {

  private HostileFiles() {}

  /** Names that only bytes can say, apart from ordinary ones. */
  static List<byte[]> names() {
    List<byte[]> names = new ArrayList<>();
    for (String name :
        List.of(
            "plain",
            "a\"quote",
            "back\\slash",
            "\\x41 is no escape",
            "new\nline",
            "tab\there",
            "<&>",
            "'single'",
            "\ud83d\ude00 emoji",
            "private \ue000 use",
            "plane 15 \udb80\udc00",
            "no\u00a0break",
            "delete\u007f",
            "line\u2028separator",
            "paragraph\u2029separator",
            "next\u0085line",
            "soft\u00adhyphen",
            "replacement \ufffd",
            "combining e\u0301",
            "unassigned \u0378",
            "noncharacter \uffff",
            "byte order \ufeff mark",
            "\u0000f".substring(1) + "\u202e right to left",
            "x".repeat(255),
            "\u00e9".repeat(127),
            "...",
            ".hidden",
            " ",
            "-rf",
            "$(true)")) {
      names.add(name.getBytes(StandardCharsets.UTF_8));
    }
    for (int control = 1; control < 32; control++) {
      names.add(new byte[] {'c', (byte) control});
    }
    names.add(bytes(0xff, 0xfe));
    names.add(bytes('l', 0xe9)); // Latin-1
    names.add(bytes(0xe2, 0x82)); // cut off
    names.add(bytes(0xc0, 0xaf)); // a slash in disguise
    names.add(bytes(0xed, 0xa0, 0x80)); // half a surrogate pair
    names.add(bytes(0xf4, 0x90, 0x80, 0x80)); // beyond Unicode
    names.add(bytes(0xf0, 0x9f, 0x98, 0x80, 0xf0, 0x9f)); // sound, then cut off
    byte[] longest = new byte[255];
    Arrays.fill(longest, (byte) 0x80);
    names.add(longest);
    return names;
  }

  /** Fills the directory. */
  static void create(Path directory) throws IOException, InterruptedException {
    Path named = Files.createDirectories(directory.resolve("names"));
    for (byte[] name : names()) {
      Files.write(child(named, name), name);
    }
    Path directories = Files.createDirectories(directory.resolve("directories"));
    for (byte[] name : names()) {
      Files.createDirectory(child(directories, name));
    }
    createLinks(Files.createDirectories(directory.resolve("links")));
    createModes(Files.createDirectories(directory.resolve("modes")));
    createTimes(Files.createDirectories(directory.resolve("times")));
    createAttributes(Files.createDirectories(directory.resolve("attributes")));
    createSpecial(Files.createDirectories(directory.resolve("special")));
    Files.createDirectories(directory.resolve("deep/er/and/empty"));
    Files.createFile(directory.resolve("empty file"));
  }

  private static void createLinks(Path directory) throws IOException {
    int count = 0;
    for (byte[] target : names()) {
      Path link = directory.resolve("link" + count++);
      Files.createSymbolicLink(link, child(directory, target));
    }
    Path first = Files.writeString(directory.resolve("hard1"), "linked");
    Files.createLink(directory.resolve("hard2"), first);
  }

  private static void createModes(Path directory) throws IOException {
    for (int mode : new int[] {0, 0200, 0644, 0777, 01777, 02755, 04755, 07777}) {
      Path file = Files.writeString(directory.resolve("mode" + mode), "mode");
      Files.setAttribute(file, "unix:mode", mode);
      Path inner = Files.createDirectory(directory.resolve("directory" + mode));
      Files.setAttribute(inner, "unix:mode", mode | 0500);
    }
  }

  private static void createTimes(Path directory) throws IOException {
    for (String time :
        List.of(
            "1969-12-31T23:59:59Z",
            "1901-12-14T00:00:00Z",
            "1970-01-01T00:00:00Z",
            "2001-02-03T04:05:00Z",
            "2001-02-03T04:05:06.5Z",
            "2001-02-03T04:05:06.000000001Z",
            "2001-02-03T04:05:06.120Z",
            "2200-02-28T12:34:56.789012345Z")) {
      Path file = Files.writeString(directory.resolve(time), "time");
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse(time)));
    }
  }

  private static void createAttributes(Path directory) throws IOException {
    Path file = Files.writeString(directory.resolve("file"), "attributes");
    setAttribute(file, "zulu", "last by name, first by time".getBytes(StandardCharsets.UTF_8));
    setAttribute(file, "empty", new byte[0]);
    setAttribute(file, "raw", bytes(0, 0xff, '"', '\n'));
    setAttribute(file, "<quoted>&\"", bytes(1));
    setAttribute(directory, "on.directory", bytes(2));
  }

  private static void setAttribute(Path file, String name, byte[] value) throws IOException {
    Files.setAttribute(file, "user:" + name, ByteBuffer.wrap(value), LinkOption.NOFOLLOW_LINKS);
  }

  private static void createSpecial(Path directory) throws IOException, InterruptedException {
    run("mkfifo", directory.resolve("fifo").toString());
    try (ServerSocketChannel channel = ServerSocketChannel.open(StandardProtocolFamily.UNIX)) {
      channel.bind(UnixDomainSocketAddress.of(directory.resolve("socket")));
    }
    run("mknod", directory.resolve("char").toString(), "c", "5", "300"); // refused unless root
    run("mknod", directory.resolve("block").toString(), "b", "259", "70000");
  }

  private static void run(String... command) throws IOException, InterruptedException {
    new ProcessBuilder(command).redirectErrorStream(true).start().waitFor();
  }

  /** A child whose name is these bytes, whatever encoding the runtime uses for paths. */
  static Path child(Path directory, byte[] name) {
    HexFormat escapes = HexFormat.of().withPrefix("%");
    return Path.of(URI.create(directory.toUri() + escapes.formatHex(name)));
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }
}
