package dev.copperplate.backup.repository;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * What a directory holds on disk, as far as a restore has to bring it back: to be compared with
 * what another directory holds. Reads with the JDK alone, not with the code under test. Names are
 * percent-encoded bytes, so that none is lost under any locale; immutable.
 */
public final class FileTree {

  /** The name of the directory itself. */
  static final String TOP = ".";

  private static final String FIELDS = "unix:mode,uid,gid,nlink,dev,ino,rdev,size,lastModifiedTime";

  private final SortedMap<String, Item> items;

  private FileTree(SortedMap<String, Item> items) {
    this.items = items;
  }

  /**
   * One entry.
   *
   * @param type {@code file}, {@code dir}, {@code link} or another letter of the mode
   * @param content hash of a file, target of a link, number of a device
   * @param sameAs the first name of the same file, where it has several
   */
  record Item(
      String type,
      int permissions,
      Instant modified,
      String owner,
      long size,
      String content,
      String sameAs,
      Map<String, String> extended) {}

  /** Reads a directory with all below it. */
  public static FileTree of(Path top) throws IOException {
    SortedMap<String, Item> items = new TreeMap<>();
    Map<String, String> firstNames = new HashMap<>();
    items.put(TOP, item(top, TOP, firstNames));
    children(top, "", items, firstNames);
    return new FileTree(items);
  }

  /** The path with this last name, of any bytes but slash and NUL. */
  static Path child(Path directory, byte[] name) {
    return directory.resolve(relative(name));
  }

  /** A relative path of these bytes. */
  static Path relative(byte[] bytes) {
    StringBuilder uri = new StringBuilder("file:///");
    for (byte each : bytes) {
      uri.append(each == '/' ? "/" : "%" + HexFormat.of().withUpperCase().toHexDigits(each));
    }
    Path absolute = Path.of(URI.create(uri.toString()));
    return absolute.subpath(0, absolute.getNameCount());
  }

  /** Where restic and we put an absolute path when it is restored to a target. */
  public static Path below(Path target, Path absolute) {
    return target.resolve(absolute.getRoot().relativize(absolute));
  }

  SortedMap<String, Item> items() {
    return items;
  }

  /**
   * What {@code FilesRestorer} promises to bring back: no pipes, sockets and devices, and times of
   * links in microseconds, because the JDK can do no more.
   */
  FileTree asTheJdkCan() {
    SortedMap<String, Item> kept = new TreeMap<>();
    items.forEach(
        (name, each) -> {
          if (each.type.equals("link")) {
            kept.put(name, modified(each, each.modified.truncatedTo(ChronoUnit.MICROS)));
          } else if (each.type.equals("file") || each.type.equals("dir")) {
            kept.put(name, each);
          }
        });
    return new FileTree(kept);
  }

  /** Without what lies at or below a name. */
  FileTree without(String name) {
    SortedMap<String, Item> kept = new TreeMap<>(items);
    kept.keySet().removeIf(each -> each.equals(name) || each.startsWith(name + "/"));
    return new FileTree(kept);
  }

  private static Item modified(Item item, Instant at) {
    return new Item(
        item.type,
        item.permissions,
        at,
        item.owner,
        item.size,
        item.content,
        item.sameAs,
        item.extended);
  }

  /** Fails with the names that differ, and how. */
  public static void assertSame(FileTree expected, FileTree actual) {
    SortedSet<String> names = new TreeSet<>(expected.items.keySet());
    names.addAll(actual.items.keySet());
    List<String> differences = new ArrayList<>();
    for (String name : names) {
      Item left = expected.items.get(name);
      Item right = actual.items.get(name);
      if (left == null || !left.equals(right)) {
        differences.add(name + "\n  expected " + left + "\n  but was  " + right + "\n");
      }
    }
    assertEquals(List.of(), differences);
  }

  private static void children(
      Path directory, String prefix, SortedMap<String, Item> items, Map<String, String> firstNames)
      throws IOException {
    SortedMap<String, Path> children = new TreeMap<>();
    try (DirectoryStream<Path> all = Files.newDirectoryStream(directory)) {
      all.forEach(each -> children.put(prefix + encoded(each.getFileName()), each));
    }
    for (Map.Entry<String, Path> each : children.entrySet()) {
      Item item = item(each.getValue(), each.getKey(), firstNames);
      items.put(each.getKey(), item);
      if (item.type.equals("dir")) {
        children(each.getValue(), each.getKey() + "/", items, firstNames);
      }
    }
  }

  private static Item item(Path path, String name, Map<String, String> firstNames)
      throws IOException {
    Map<String, Object> fields = Files.readAttributes(path, FIELDS, LinkOption.NOFOLLOW_LINKS);
    int mode = (int) fields.get("mode");
    String type = type(mode);
    boolean shared = !type.equals("dir") && (int) fields.get("nlink") > 1;
    String file = fields.get("dev") + ":" + fields.get("ino");
    return new Item(
        type,
        mode & 07777,
        ((FileTime) fields.get("lastModifiedTime")).toInstant(),
        fields.get("uid") + ":" + fields.get("gid"),
        type.equals("file") ? (long) fields.get("size") : 0,
        content(path, type, fields),
        shared ? firstNames.computeIfAbsent(file, first -> name) : "",
        type.equals("file") || type.equals("dir") ? extended(path) : Map.of());
  }

  private static String type(int mode) {
    return switch (mode & 0170000) {
      case 0100000 -> "file";
      case 0040000 -> "dir";
      case 0120000 -> "link";
      default -> "special 0" + Integer.toOctalString(mode & 0170000);
    };
  }

  private static String content(Path path, String type, Map<String, Object> fields)
      throws IOException {
    return switch (type) {
      case "file" -> hash(path);
      case "link" -> encoded(Files.readSymbolicLink(path));
      case "dir" -> "";
      default -> fields.get("rdev").toString();
    };
  }

  private static Map<String, String> extended(Path path) throws IOException {
    UserDefinedFileAttributeView view =
        Files.getFileAttributeView(
            path, UserDefinedFileAttributeView.class, LinkOption.NOFOLLOW_LINKS);
    Map<String, String> all = new TreeMap<>();
    for (String name : view == null ? List.<String>of() : view.list()) {
      ByteBuffer value = ByteBuffer.allocate(view.size(name));
      view.read(name, value);
      all.put(name, HexFormat.of().formatHex(value.array()));
    }
    return all;
  }

  private static String hash(Path file) throws IOException {
    MessageDigest digest = sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        digest.update(buffer, 0, n);
      }
    }
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException impossible) {
      throw new IllegalStateException("Every JDK has SHA-256", impossible);
    }
  }

  /**
   * The bytes of a path, percent-encoded; below a place where nothing is, so that none is added.
   */
  private static String encoded(Path path) {
    String uri = Path.of("/dev/null").resolve(path).toUri().getRawPath();
    String bare = uri.startsWith("/dev/null/") ? uri.substring("/dev/null/".length()) : uri;
    return bare.length() > 1 && bare.endsWith("/") ? bare.substring(0, bare.length() - 1) : bare;
  }
}
