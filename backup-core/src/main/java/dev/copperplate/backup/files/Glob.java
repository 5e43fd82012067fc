package dev.copperplate.backup.files;

import dev.copperplate.backup.RawName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One pattern for names or paths, as {@link FilesSource} documents them. Compares bytes: patterns
 * and names are read as ISO 8859-1 text of their bytes, so that no name is ever unreadable.
 */
final class Glob {

  /** One character of UTF-8, or one byte where there is none. */
  private static final String ANY = "(?:[^/\\x80-\\xbf][\\x80-\\xbf]*|[\\x80-\\xbf])";

  private final String text;
  private final Pattern pattern;
  private final boolean wholePath;
  private final boolean directoriesOnly;

  private Glob(String text, Pattern pattern, boolean wholePath, boolean directoriesOnly) {
    this.text = text;
    this.pattern = pattern;
    this.wholePath = wholePath;
    this.directoriesOnly = directoriesOnly;
  }

  static Glob of(String text) {
    boolean directoriesOnly = text.endsWith("/");
    String body = directoriesOnly ? text.substring(0, text.length() - 1) : text;
    boolean wholePath = body.indexOf('/') >= 0;
    if (body.startsWith("/")) {
      body = body.substring(1);
    }
    if (body.isEmpty()) {
      throw new IllegalArgumentException("A pattern needs a name: '" + text + "'");
    }
    String bytes = bytesOf(body.getBytes(StandardCharsets.UTF_8));
    Pattern pattern = Pattern.compile(regex(text, bytes), Pattern.DOTALL);
    return new Glob(text, pattern, wholePath, directoriesOnly);
  }

  /** Whether it means this path; {@code names} lead there from the backed-up path. */
  boolean matches(List<RawName> names, boolean directory) {
    if (names.isEmpty() || (directoriesOnly && !directory)) {
      return false;
    }
    List<RawName> seen = wholePath ? names : names.subList(names.size() - 1, names.size());
    StringBuilder path = new StringBuilder();
    for (RawName name : seen) {
      path.append(path.length() == 0 ? "" : "/").append(bytesOf(name.toByteArray()));
    }
    return pattern.matcher(path).matches();
  }

  @Override
  public String toString() {
    return text;
  }

  private static String bytesOf(byte[] bytes) {
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }

  private static String regex(String text, String glob) {
    StringBuilder regex = new StringBuilder();
    for (int i = 0; i < glob.length(); i++) {
      char each = glob.charAt(i);
      if (glob.startsWith("**/", i) && startsName(glob, i)) {
        regex.append("(?:.*/)?");
        i += 2;
      } else if (glob.startsWith("**", i) && startsName(glob, i) && i + 2 == glob.length()) {
        regex.append(".+");
        i++;
      } else if (each == '*') {
        regex.append("[^/]*");
      } else if (each == '?') {
        regex.append(ANY);
      } else if (each == '[') {
        i = set(text, glob, i, regex);
      } else if (each == '\\' && i + 1 < glob.length()) {
        i++;
        regex.append(literal(glob.charAt(i)));
      } else {
        regex.append(literal(each));
      }
    }
    return regex.toString();
  }

  private static boolean startsName(String glob, int at) {
    return at == 0 || glob.charAt(at - 1) == '/';
  }

  /** Translates {@code [a-z]} or {@code [!a-z]} and returns the place of its last bracket. */
  private static int set(String text, String glob, int from, StringBuilder regex) {
    int end = glob.indexOf(']', from + 2);
    if (end < 0) {
      throw new IllegalArgumentException("A bracket is not closed in the pattern '" + text + "'");
    }
    boolean negated = glob.charAt(from + 1) == '!';
    regex.append(negated ? "[^/" : "[");
    for (int i = from + (negated ? 2 : 1); i < end; i++) {
      char each = glob.charAt(i);
      if (each >= 0x80) {
        throw new IllegalArgumentException("Brackets hold ASCII only: '" + text + "'");
      }
      boolean range = each == '-' && i > from + 1 && i + 1 < end;
      regex.append(range ? "-" : literal(each));
    }
    regex.append(']');
    return end;
  }

  private static String literal(char each) {
    return "\\x" + HexFormat.of().toHexDigits((byte) each);
  }
}
