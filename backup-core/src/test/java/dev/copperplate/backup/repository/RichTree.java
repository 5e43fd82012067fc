package dev.copperplate.backup.repository;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/**
 * A directory with everything in it that a file system can hold and a backup can stumble over. The
 * same seed makes the same content.
 */
public final class RichTree {

  private static final boolean IS_ROOT = System.getProperty("user.name").equals("root");

  private final Path top;
  private final Random random;
  private final List<Path> directories = new ArrayList<>();

  private RichTree(Path top, long seed) {
    this.top = top;
    this.random = new Random(seed);
  }

  /**
   * Makes the directory.
   *
   * @param large bytes of its largest file, which are random
   */
  public static void make(Path top, int large, long seed) throws IOException, InterruptedException {
    new RichTree(top, seed).make(large);
  }

  /** Names that quoting, escaping or sorting has gone wrong on, or might. */
  static List<byte[]> hostileNames() {
    List<byte[]> names = new ArrayList<>();
    for (String text :
        List.of(
            "\"quoted\"",
            "single'quote",
            "back\\slash",
            "\\x41\\n\\u0041",
            "new\nline",
            "tab\tand\u000bvtab\fand\b",
            "<&>",
            "\ud83d\ude00 emoji",
            "\ue000 private use",
            "\uff5e beside supplementary",
            "\udb80\udc00 private plane",
            "\u00a0 NBSP",
            "\u0378 unassigned",
            "\u00ad soft hyphen",
            "DEL\u007f",
            "C1\u0085\u009f",
            "\u2028 and \u2029",
            "\ufeff BOM",
            "\ufffd replacement",
            "e\u0301 \u00e9",
            "\u0001\u0002\u001f\u001b[31m",
            " leading and trailing ",
            "...",
            "-rf",
            "*?[a]",
            "%2F%00",
            "CON",
            "~")) {
      names.add(text.getBytes(StandardCharsets.UTF_8));
    }
    names.add(new byte[] {(byte) 0xff, (byte) 0xfe});
    names.add(new byte[] {(byte) 0xed, (byte) 0xa0, (byte) 0x80, 's'}); // half a surrogate pair
    names.add(new byte[] {(byte) 0xc0, (byte) 0xaf}); // an overlong slash
    names.add(new byte[] {'c', (byte) 0xe2, (byte) 0x82}); // cut in a character
    names.add("l".repeat(255).getBytes(StandardCharsets.US_ASCII));
    names.add(("\u20ac".repeat(84) + "xyz").getBytes(StandardCharsets.UTF_8));
    byte[] longest = new byte[255];
    Arrays.fill(longest, (byte) 0x80);
    names.add(longest);
    return names;
  }

  private void make(int large) throws IOException, InterruptedException {
    directory(top);
    Path deep = top;
    for (int i = 0; i < 12; i++) {
      deep = directory(deep.resolve("level " + i));
    }
    file(deep.resolve("bottom"), 3);
    directory(top.resolve("empty directory"));
    file(top.resolve("empty file"), 0);
    file(top.resolve("large"), large);
    Files.writeString(top.resolve("compressible"), "the same line again\n".repeat(200_000));
    neighbours();
    for (byte[] name : hostileNames()) {
      file(FileTree.child(directory(top.resolve("hostile")), name), 20);
      directory(FileTree.child(directory(top.resolve("hostile directories")), name));
    }
    links();
    modes();
    extended();
    sparse();
    times();
  }

  /** Names that begin alike, in a directory and as directories. */
  private void neighbours() throws IOException {
    Path files = directory(top.resolve("neighbours"));
    file(files.resolve("a"), 1);
    file(files.resolve("a."), 2);
    file(files.resolve("a-"), 3);
    file(files.resolve("A"), 4);
    Path mixed = directory(top.resolve("neighbours of a directory"));
    file(directory(mixed.resolve("a")).resolve("a"), 1);
    file(mixed.resolve("a."), 2);
    file(mixed.resolve("a-"), 3);
    file(mixed.resolve("a0"), 4);
  }

  private void links() throws IOException {
    Path links = directory(top.resolve("links"));
    Files.createSymbolicLink(links.resolve("dangling"), Path.of("no/such/file"));
    Files.createSymbolicLink(links.resolve("to itself"), Path.of("to itself"));
    Files.createSymbolicLink(links.resolve("absolute"), Path.of("/no/such/file"));
    Files.createSymbolicLink(links.resolve("to a directory"), Path.of("../level 0"));
    Files.createSymbolicLink(links.resolve("out of here"), Path.of("../../../../no/such/file"));
    Files.createSymbolicLink(
        links.resolve("no UTF-8"), FileTree.relative(new byte[] {'t', (byte) 0xff, (byte) 0xfe}));
    Files.createSymbolicLink(
        links.resolve("quoted"),
        FileTree.relative("\"\\<&>\u2028\n".getBytes(StandardCharsets.UTF_8)));
    file(links.resolve("one"), 100_000);
    Files.createLink(links.resolve("other name of one"), links.resolve("one"));
    Files.createLink(top.resolve("elsewhere, one again"), links.resolve("one"));
    file(links.resolve("empty one"), 0);
    Files.createLink(links.resolve("empty one again"), links.resolve("empty one"));
  }

  private void modes() throws IOException, InterruptedException {
    Path modes = directory(top.resolve("modes"));
    for (int mode : new int[] {0, 0400, 0644, 0777, 01644, 02755, 04755, 07777}) {
      if (mode == 0 && !IS_ROOT) {
        continue; // Nobody else could read it.
      }
      Path file = modes.resolve(Integer.toOctalString(mode));
      file(file, 10);
      Files.setAttribute(file, "unix:mode", mode);
    }
    Files.setAttribute(directory(modes.resolve("sticky")), "unix:mode", 01777);
    Files.setAttribute(directory(modes.resolve("setgid")), "unix:mode", 02750);
    if (IS_ROOT) {
      Path owned = modes.resolve("of somebody else");
      file(owned, 5);
      Files.setAttribute(owned, "unix:uid", 12345);
      Files.setAttribute(owned, "unix:gid", -2);
    }
    Process pipe = new ProcessBuilder("mkfifo", modes.resolve("pipe").toString()).start();
    if (pipe.waitFor() != 0) {
      throw new IOException("mkfifo made no pipe");
    }
  }

  private void extended() throws IOException {
    Path file = top.resolve("extended attributes");
    file(file, 10);
    write(file, "z.last", new byte[] {0, 1, (byte) 0xff});
    write(file, "a.first", "text".getBytes(StandardCharsets.UTF_8));
    write(file, "m.empty", new byte[0]);
    write(directory(top.resolve("of a directory")), "on.directory", new byte[] {1});
  }

  private static void write(Path file, String name, byte[] value) throws IOException {
    Files.getFileAttributeView(file, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS)
        .write(name, ByteBuffer.wrap(value));
  }

  private void sparse() throws IOException {
    try (FileChannel file =
        FileChannel.open(
            top.resolve("sparse"), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      file.write(ByteBuffer.wrap(new byte[] {1}), 3_000_000);
      file.write(ByteBuffer.wrap(new byte[] {2}), 4_000_000);
    }
  }

  /** Last of all, because whatever is made changes the time of its directory. */
  private void times() throws IOException {
    Path times = directory(top.resolve("times"));
    for (String each :
        List.of(
            "1969-07-20T20:17:40Z",
            "1969-12-31T23:59:59.999999999Z",
            "1970-01-01T00:00:00Z",
            "2001-09-09T01:46:40.000000001Z",
            "2024-02-29T23:59:00Z",
            "2024-03-01T00:00:00.1Z",
            "2024-03-01T00:00:00.120Z",
            "2038-01-19T03:14:08.5Z",
            "2200-01-01T12:00:00.123456789Z")) {
      Path file = times.resolve(each);
      file(file, 4);
      Files.setLastModifiedTime(file, FileTime.from(Instant.parse(each)));
    }
    Collections.reverse(directories);
    long second = 1_700_000_000;
    for (Path each : directories) {
      Instant time = Instant.ofEpochSecond(second++, random.nextInt(1_000_000_000));
      Files.setLastModifiedTime(each, FileTime.from(time));
    }
  }

  private Path directory(Path path) throws IOException {
    if (!Files.exists(path)) {
      directories.add(Files.createDirectories(path));
    }
    return path;
  }

  private void file(Path path, int size) throws IOException {
    byte[] content = new byte[size];
    random.nextBytes(content);
    Files.write(path, content);
  }
}
