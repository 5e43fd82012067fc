package dev.copperplate.backup.repository.format;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;

/**
 * UTF-8 as Go reads it: what is invalid is invalid byte by byte. Java's decoder swallows several
 * bad bytes at once, which would change names.
 */
final class Utf8 {

  /** What {@link #codePoint} answers where no valid sequence begins. */
  static final int INVALID = -1;

  private static final byte[] REPLACEMENT = {(byte) 0xef, (byte) 0xbf, (byte) 0xbd};

  private Utf8() {}

  /**
   * The code point that begins at the offset, or {@link #INVALID}: then one byte is to be skipped.
   */
  static int codePoint(byte[] bytes, int offset) {
    int first = bytes[offset] & 0xff;
    if (first < 0x80) {
      return first;
    }
    if (first >= 0xc2 && first < 0xe0) {
      return continued(bytes, offset, 1, first & 0x1f, 0x80, 0x7ff);
    }
    if (first >= 0xe0 && first < 0xf0) {
      int codePoint = continued(bytes, offset, 2, first & 0x0f, 0x800, 0xffff);
      boolean surrogate = codePoint >= Character.MIN_SURROGATE && codePoint <= 0xdfff;
      return surrogate ? INVALID : codePoint;
    }
    if (first >= 0xf0 && first < 0xf5) {
      return continued(bytes, offset, 3, first & 0x07, 0x10000, Character.MAX_CODE_POINT);
    }
    return INVALID;
  }

  /** How many bytes a code point takes. */
  static int width(int codePoint) {
    if (codePoint < 0x80) {
      return 1;
    }
    return codePoint < 0x800 ? 2 : codePoint < 0x10000 ? 3 : 4;
  }

  static boolean isValid(byte[] bytes) {
    for (int i = 0; i < bytes.length; ) {
      int codePoint = codePoint(bytes, i);
      if (codePoint == INVALID) {
        return false;
      }
      i += width(codePoint);
    }
    return true;
  }

  /** The bytes of a text; half a surrogate pair becomes U+FFFD, as in Go. */
  static byte[] encode(String text) {
    return hasSurrogates(text) ? replacingHalves(text) : text.getBytes(StandardCharsets.UTF_8);
  }

  /** A text with U+FFFD for each half of a surrogate pair: what {@link #encode} makes of it. */
  static String wholePairs(String text) {
    return hasSurrogates(text) ? new String(replacingHalves(text), StandardCharsets.UTF_8) : text;
  }

  private static boolean hasSurrogates(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (Character.isSurrogate(text.charAt(i))) {
        return true;
      }
    }
    return false;
  }

  private static byte[] replacingHalves(String text) {
    try {
      ByteBuffer encoded =
          StandardCharsets.UTF_8
              .newEncoder()
              .onMalformedInput(CodingErrorAction.REPLACE)
              .replaceWith(REPLACEMENT)
              .encode(CharBuffer.wrap(text));
      byte[] bytes = new byte[encoded.remaining()];
      encoded.get(bytes);
      return bytes;
    } catch (CharacterCodingException e) {
      throw new IllegalStateException("UTF-8 can encode every text", e);
    }
  }

  private static int continued(byte[] bytes, int offset, int more, int start, int least, int most) {
    if (bytes.length - offset <= more) {
      return INVALID;
    }
    int codePoint = start;
    for (int i = offset + 1; i <= offset + more; i++) {
      if ((bytes[i] & 0xc0) != 0x80) {
        return INVALID;
      }
      codePoint = codePoint << 6 | (bytes[i] & 0x3f);
    }
    return codePoint >= least && codePoint <= most ? codePoint : INVALID;
  }
}
