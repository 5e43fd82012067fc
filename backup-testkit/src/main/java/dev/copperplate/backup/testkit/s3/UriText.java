package dev.copperplate.backup.testkit.s3;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/**
 * Percent encoding as <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/sig-v4-header-based-auth.html">signatures
 * of version 4</a> want it: all but the unreserved characters of RFC 3986.
 */
final class UriText {

  private static final String UNRESERVED =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~";

  private UriText() {}

  static String encode(String text, String alsoPlain) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      char character = (char) (each & 0xff);
      if (UNRESERVED.indexOf(character) >= 0 || alsoPlain.indexOf(character) >= 0) {
        encoded.append(character);
      } else {
        encoded.append('%').append(digit(each >> 4)).append(digit(each));
      }
    }
    return encoded.toString();
  }

  /** As {@code encoding-type=url} in listings has it: blanks are plus signs, slashes stay. */
  static String encodeForm(String text) {
    return encode(text, "/*").replace("%20", "+").replace("~", "%7E");
  }

  private static char digit(int value) {
    return "0123456789ABCDEF".charAt(value & 15);
  }

  /** Refuses what is no UTF-8, as S3 does. */
  static String decode(String raw, boolean form) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(raw.length());
    for (int at = 0; at < raw.length(); at++) {
      char character = raw.charAt(at);
      if (character == '%') {
        bytes.write(octet(raw, at + 1));
        at += 2;
      } else {
        bytes.write(form && character == '+' ? ' ' : character);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      throw unreadable();
    }
  }

  private static int octet(String raw, int at) {
    int high = at + 1 < raw.length() ? Character.digit(raw.charAt(at), 16) : -1;
    int low = high < 0 ? -1 : Character.digit(raw.charAt(at + 1), 16);
    if (low < 0) {
      throw unreadable();
    }
    return high << 4 | low;
  }

  private static S3Error unreadable() {
    return new S3Error(400, "InvalidURI", "Couldn't parse the specified URI.");
  }
}
