package dev.copperplate.backup.files;

import dev.copperplate.backup.SourceId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HexFormat;
import java.util.List;
import java.util.stream.Collectors;

/**
 * The one rule by which paths become the id of a source of plain files, and back.
 *
 * <p>The absolute normalised paths, sorted, are joined by a colon. A colon or backslash inside a
 * path gets a backslash in front; a control character, which no id may hold, becomes {@code
 * \}{@code u} and four hexadecimal digits. Bytes that are no UTF-8 are shown as U+FFFD and do not
 * come back: the id is a name, not an address.
 */
public final class FilePaths {

  private FilePaths() {}

  /** The id of the source that captures these paths; their order does not matter. */
  public static SourceId id(Collection<Path> paths) {
    return of(paths.stream().map(FilePaths::text).toList());
  }

  /** The id of a source with these absolute paths, such as restic's {@code paths}. */
  public static SourceId of(Collection<String> paths) {
    String name =
        paths.stream().sorted().distinct().map(FilePaths::escaped).collect(Collectors.joining(":"));
    return new SourceId(SourceId.FILES, name);
  }

  /**
   * The paths that an id stands for, sorted.
   *
   * @throws IllegalArgumentException if the id does not name plain files
   */
  public static List<String> paths(SourceId id) {
    if (!id.type().equals(SourceId.FILES)) {
      throw new IllegalArgumentException("Not a source of plain files: " + id);
    }
    List<String> paths = new ArrayList<>();
    StringBuilder path = new StringBuilder();
    String name = id.name();
    for (int i = 0; i < name.length(); i++) {
      char each = name.charAt(i);
      if (each == ':') {
        paths.add(path.toString());
        path.setLength(0);
      } else if (each == '\\' && i + 1 < name.length()) {
        i += unescape(name, i + 1, path);
      } else {
        path.append(each);
      }
    }
    paths.add(path.toString());
    return List.copyOf(paths);
  }

  private static String text(Path path) {
    byte[] bytes = PathBytes.bytes(path.toAbsolutePath().normalize()).toByteArray();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static String escaped(String path) {
    StringBuilder escaped = new StringBuilder(path.length());
    for (int i = 0; i < path.length(); i++) {
      char each = path.charAt(i);
      if (Character.isISOControl(each)) {
        escaped.append("\\u").append(HexFormat.of().toHexDigits(each));
      } else {
        if (each == ':' || each == '\\') {
          escaped.append('\\');
        }
        escaped.append(each);
      }
    }
    return escaped.toString();
  }

  /** Appends what the escape at that place stands for, and says how many characters it took. */
  private static int unescape(String name, int at, StringBuilder path) {
    boolean control = name.charAt(at) == 'u' && at + 5 <= name.length();
    if (control && name.substring(at + 1, at + 5).chars().allMatch(HexFormat::isHexDigit)) {
      path.append((char) HexFormat.fromHexDigits(name, at + 1, at + 5));
      return 5;
    }
    path.append(name.charAt(at));
    return 1;
  }
}
