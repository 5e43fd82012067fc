package dev.copperplate.backup.repository.format;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/**
 * Names of tree nodes: bytes, written as the inside of a Go string literal (and that again as a
 * JSON string, which is not done here). So names that are no text survive.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design, "Trees
 *     and Data"</a>
 */
final class QuotedName {

  private static final String ESCAPED = "\u0007\b\f\n\r\t\u000b\\\"";
  private static final String LETTERS = "abfnrtv\\\"";

  private QuotedName() {}

  /** The quoted form, in UTF-8. */
  static byte[] encode(byte[] name) {
    return isPlain(name) ? name : quote(name);
  }

  /**
   * The bytes of a name.
   *
   * @throws IllegalArgumentException if Go would not take the literal
   */
  static byte[] decode(String quoted) {
    if (quoted.indexOf('\\') < 0 && quoted.indexOf('"') < 0 && quoted.indexOf('\n') < 0) {
      return Utf8.encode(quoted);
    }
    return new Unquoter(quoted).unquote();
  }

  private static boolean isPlain(byte[] name) {
    for (byte each : name) {
      if (each < ' ' || each >= 0x7f || each == '"' || each == '\\') {
        return false;
      }
    }
    return true;
  }

  private static byte[] quote(byte[] name) {
    ByteArrayOutputStream quoted = new ByteArrayOutputStream(name.length * 2);
    for (int i = 0; i < name.length; ) {
      int codePoint = Utf8.codePoint(name, i);
      int width = codePoint == Utf8.INVALID ? 1 : Utf8.width(codePoint);
      int letter = codePoint == Utf8.INVALID ? -1 : ESCAPED.indexOf(codePoint);
      if (letter >= 0) {
        quoted.write('\\');
        quoted.write(LETTERS.charAt(letter));
      } else if (codePoint != Utf8.INVALID && Printable.contains(codePoint)) {
        quoted.write(name, i, width);
      } else {
        quoted.writeBytes(escape(codePoint, name[i]).getBytes(StandardCharsets.US_ASCII));
      }
      i += width;
    }
    return quoted.toByteArray();
  }

  private static String escape(int codePoint, byte raw) {
    if (codePoint == Utf8.INVALID || codePoint < ' ' || codePoint == 0x7f) {
      return "\\x" + HexFormat.of().toHexDigits(raw);
    }
    return codePoint < 0x10000
        ? "\\u" + HexFormat.of().toHexDigits((char) codePoint)
        : "\\U" + HexFormat.of().toHexDigits(codePoint);
  }

  /** Reads one literal. */
  private static final class Unquoter {

    private final String quoted;
    private final ByteArrayOutputStream name;
    private int at;

    Unquoter(String quoted) {
      this.quoted = quoted;
      this.name = new ByteArrayOutputStream(quoted.length());
    }

    byte[] unquote() {
      while (at < quoted.length()) {
        int codePoint = quoted.codePointAt(at);
        at += Character.charCount(codePoint);
        if (codePoint == '"' || codePoint == '\n') {
          throw wrong();
        }
        if (codePoint == '\\') {
          escape();
        } else {
          text(codePoint);
        }
      }
      return name.toByteArray();
    }

    private void escape() {
      char letter = at < quoted.length() ? quoted.charAt(at++) : '\'';
      switch (letter) {
        case 'x' -> name.write(number(2, 16));
        case 'u' -> text(character(number(4, 16)));
        case 'U' -> text(character(number(8, 16)));
        case '0', '1', '2', '3' -> {
          at--;
          name.write(number(3, 8));
        }
        default -> {
          int index = LETTERS.indexOf(letter);
          if (index < 0) {
            throw wrong();
          }
          name.write(ESCAPED.charAt(index));
        }
      }
    }

    private int number(int digits, int radix) {
      int value = 0;
      for (int end = at + digits; at < end; at++) {
        int digit = at < quoted.length() ? digit(quoted.charAt(at), radix) : -1;
        if (digit < 0 || value > Character.MAX_CODE_POINT) {
          throw wrong();
        }
        value = value * radix + digit;
      }
      return value;
    }

    private int character(int codePoint) {
      boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= 0xdfff;
      if (surrogate || !Character.isValidCodePoint(codePoint)) {
        throw wrong();
      }
      return codePoint;
    }

    private void text(int codePoint) {
      name.writeBytes(Utf8.encode(Character.toString(codePoint)));
    }

    private IllegalArgumentException wrong() {
      return new IllegalArgumentException("The name is not quoted as Go does, at " + at);
    }

    private static int digit(char character, int radix) {
      return character < 0x80
          ? Character.digit(character, radix)
          : -1; // no digits of other scripts
    }
  }
}
