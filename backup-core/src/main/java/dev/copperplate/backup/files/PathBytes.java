package dev.copperplate.backup.files;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/**
 * Converts between paths of the JDK and the bytes that the file system knows.
 *
 * <p>A {@link Path} holds the bytes, but its text depends on the locale: under {@code LC_ALL=C}
 * everything beyond ASCII is lost in {@code toString} and refused by {@code Path.of(String)}. Only
 * URIs carry every byte, so whatever is not plain ASCII goes through them.
 */
final class PathBytes {

  /** Nothing lies below it, so {@code toUri} never adds the slash that it gives to directories. */
  private static final Path NOWHERE = Path.of("/dev/null");

  private static final String NOWHERE_PREFIX = "/dev/null/";
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private PathBytes() {}

  /** The bytes of the whole path as it stands, relative or absolute. */
  static RawName bytes(Path path) {
    String text = path.toString();
    if (isAscii(text)) {
      return RawName.of(text);
    }
    if (!path.isAbsolute()) {
      String uri = NOWHERE.resolve(path).toUri().getRawPath();
      return RawName.of(decoded(uri.substring(NOWHERE_PREFIX.length())));
    }
    String uri = path.toUri().getRawPath();
    boolean slashAdded = uri.endsWith("/") && !text.endsWith("/");
    return RawName.of(decoded(slashAdded ? uri.substring(0, uri.length() - 1) : uri));
  }

  /** The bytes of the last name of a path. */
  static RawName name(Path path) {
    Path last = path.getFileName();
    if (last == null) {
      throw new IllegalArgumentException("Has no name: " + path);
    }
    return bytes(last);
  }

  /**
   * The path with these bytes. A trailing slash stays; repeated slashes become one, because the JDK
   * knows no path with them.
   */
  static Path path(RawName bytes) {
    byte[] raw = bytes.toByteArray();
    if (raw.length > 0 && raw[raw.length - 1] != '/' && isAscii(raw)) {
      return Path.of(new String(raw, StandardCharsets.US_ASCII));
    }
    boolean absolute = raw.length > 0 && raw[0] == '/';
    // The JDK takes one trailing slash away.
    boolean slash = raw.length > 1 && raw[raw.length - 1] == '/';
    String encoded = (absolute ? "file://" : "file:///") + encoded(raw) + (slash ? "/" : "");
    Path path = Path.of(URI.create(encoded));
    return absolute ? path : path.subpath(0, path.getNameCount());
  }

  /**
   * Where a link is to point, as the snapshot has it.
   *
   * @throws FileSystemException if no link can point there, whatever the file system
   */
  static Path target(RawName bytes) throws FileSystemException {
    try {
      return path(bytes);
    } catch (IllegalArgumentException impossible) {
      throw new FileSystemException(null, null, "its target is empty or holds a NUL");
    }
  }

  /** The path of an entry's name in a directory. */
  static Path child(Path directory, RawName name) {
    return directory.resolve(path(name));
  }

  /** The path below a directory where an entry belongs. */
  static Path below(Path directory, EntryPath entry) {
    Path path = directory;
    for (RawName name : entry.names()) {
      path = child(path, name);
    }
    return path;
  }

  /** Where an absolute path lies in a snapshot. */
  static EntryPath entryPath(Path absolute) {
    List<RawName> names = new ArrayList<>(absolute.getNameCount());
    for (Path name : absolute) {
      names.add(bytes(name));
    }
    return new EntryPath(names);
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static boolean isAscii(byte[] bytes) {
    for (byte each : bytes) {
      if (each <= 0) {
        return false;
      }
    }
    return true;
  }

  private static byte[] decoded(String uri) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(uri.length());
    for (int i = 0; i < uri.length(); i++) {
      char each = uri.charAt(i);
      if (each == '%') {
        bytes.write(HexFormat.fromHexDigits(uri, i + 1, i + 3));
        i += 2;
      } else {
        bytes.write(each);
      }
    }
    return bytes.toByteArray();
  }

  private static String encoded(byte[] bytes) {
    StringBuilder uri = new StringBuilder(bytes.length * 3);
    for (byte each : bytes) {
      if (each == '/') {
        uri.append('/');
      } else {
        uri.append('%').append(HEX.toHexDigits(each));
      }
    }
    return uri.toString();
  }
}
