package dev.copperplate.backup;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * The one reversible rule that turns any bytes (a topic, a table, an object's key) into a path.
 *
 * <ul>
 *   <li>Printable text stays as it is. Slash, percent, control characters and bytes that are no
 *       UTF-8 become {@code %XX} with upper-case digits.
 *   <li>The dots of the names {@code .}, {@code ..} and {@code .backup} become {@code %2E}, and so
 *       do those that would be the last level of a long name alone.
 *   <li>The empty name becomes {@code %%}.
 *   <li>What is longer than 255 bytes is cut into levels: every level but the last ends in a single
 *       percent sign, which no other name does, and is a directory.
 * </ul>
 *
 * <p>So two different names never share a path, and none is an ancestor of another.
 */
public final class EntryNames {

  /** What file systems take for one name, in bytes. */
  private static final int MAX_NAME = 255;

  private static final String EMPTY = "%%";
  private static final String DIGITS = "0123456789ABCDEF";

  private EntryNames() {}

  /** Where the name lies below the parent. */
  public static EntryPath resolve(EntryPath parent, byte[] name) {
    byte[] escaped = escape(name);
    EntryPath path = parent;
    int from = 0;
    while (escaped.length - from > MAX_NAME) {
      int to = cut(escaped, from, from + MAX_NAME - 1);
      byte[] level = new byte[to - from + 1];
      System.arraycopy(escaped, from, level, 0, to - from);
      level[to - from] = '%';
      path = path.child(RawName.of(level));
      from = to;
    }
    byte[] last = new byte[escaped.length - from];
    System.arraycopy(escaped, from, last, 0, last.length);
    // The end of a long name may be dots alone, which no file can be called.
    return path.child(RawName.of(isDots(last) ? escape(last) : last));
  }

  /**
   * The name that {@link #resolve} was given.
   *
   * @throws IllegalArgumentException if the path is not the resolution of any name below that
   *     parent
   */
  public static byte[] name(EntryPath parent, EntryPath resolved) {
    if (!resolved.startsWith(parent) || resolved.equals(parent)) {
      throw new IllegalArgumentException(resolved + " is not below " + parent);
    }
    List<RawName> levels = resolved.names().subList(parent.names().size(), resolved.names().size());
    ByteArrayOutputStream joined = new ByteArrayOutputStream();
    for (int i = 0; i < levels.size() - 1; i++) {
      byte[] level = levels.get(i).toByteArray();
      if (level[level.length - 1] != '%') {
        throw new IllegalArgumentException("Not a level of a long name: " + levels.get(i));
      }
      joined.write(level, 0, level.length - 1);
    }
    joined.writeBytes(levels.get(levels.size() - 1).toByteArray());
    byte[] name = unescape(joined.toByteArray());
    if (!resolve(parent, name).equals(resolved)) {
      throw new IllegalArgumentException("Not an escaped name: " + resolved);
    }
    return name;
  }

  private static byte[] escape(byte[] name) {
    if (name.length == 0) {
      return EMPTY.getBytes(StandardCharsets.US_ASCII);
    }
    boolean dots = isReserved(name);
    ByteArrayOutputStream escaped = new ByteArrayOutputStream(name.length);
    for (int i = 0; i < name.length; ) {
      int length = printable(name, i, dots);
      if (length > 0) {
        escaped.write(name, i, length);
        i += length;
      } else {
        escaped.write('%');
        escaped.write(DIGITS.charAt((name[i] >> 4) & 15));
        escaped.write(DIGITS.charAt(name[i] & 15));
        i++;
      }
    }
    return escaped.toByteArray();
  }

  private static boolean isReserved(byte[] name) {
    return isDots(name) || new String(name, StandardCharsets.ISO_8859_1).equals(".backup");
  }

  private static boolean isDots(byte[] name) {
    String text = new String(name, StandardCharsets.ISO_8859_1);
    return text.equals(".") || text.equals("..");
  }

  /** How many bytes from here stay as they are: a character, or 0. */
  private static int printable(byte[] name, int at, boolean dots) {
    int first = name[at] & 0xff;
    if (first < 0x80) {
      boolean plain =
          first >= 0x20 && first != 0x7f && first != '/' && first != '%' && !(dots && first == '.');
      return plain ? 1 : 0;
    }
    int length = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
    if (at + length > name.length) {
      return 0;
    }
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(name, at, length));
      return length;
    } catch (CharacterCodingException notText) {
      return 0;
    }
  }

  /** The last place up to {@code limit} that splits neither an escape nor a character. */
  private static int cut(byte[] escaped, int from, int limit) {
    int at = limit;
    while ((escaped[at] & 0xc0) == 0x80) {
      at--;
    }
    if (escaped[at - 1] == '%') {
      return at - 1;
    }
    if (at - 2 >= from && escaped[at - 2] == '%') {
      return at - 2;
    }
    return at;
  }

  private static byte[] unescape(byte[] escaped) {
    if (new String(escaped, StandardCharsets.ISO_8859_1).equals(EMPTY)) {
      return new byte[0];
    }
    ByteArrayOutputStream name = new ByteArrayOutputStream(escaped.length);
    for (int i = 0; i < escaped.length; i++) {
      if (escaped[i] != '%') {
        name.write(escaped[i]);
        continue;
      }
      int high = i + 2 < escaped.length ? DIGITS.indexOf(escaped[i + 1]) : -1;
      int low = i + 2 < escaped.length ? DIGITS.indexOf(escaped[i + 2]) : -1;
      if (high < 0 || low < 0) {
        throw new IllegalArgumentException("Not an escaped name");
      }
      name.write(high << 4 | low);
      i += 2;
    }
    return name.toByteArray();
  }
}
