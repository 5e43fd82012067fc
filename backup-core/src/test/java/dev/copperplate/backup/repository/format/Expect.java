package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** What hostile bytes may do to a decoder: be refused by the one exception, or be taken. */
final class Expect {

  private Expect() {}

  /** Reads bytes. */
  interface Decoder {
    void decode(byte[] bytes) throws FormatException;
  }

  /** The bytes are refused with a message that says this. */
  static void refused(String message, String json, Decoder decoder) {
    FormatException refusal =
        assertThrows(FormatException.class, () -> decoder.decode(utf8(json)), json);
    String said = String.valueOf(refusal.getMessage());
    assertTrue(said.contains(message), said);
  }

  /** Every beginning of the bytes is refused. */
  static void everyTruncationRefused(byte[] bytes, Decoder decoder) {
    for (int size = 0; size < bytes.length; size++) {
      byte[] cut = Arrays.copyOf(bytes, size);
      assertThrows(FormatException.class, () -> decoder.decode(cut), "cut to " + size);
    }
  }

  /** No flipped bit does anything but be taken or refused. */
  static void noFlippedBitSurprises(byte[] bytes, Decoder decoder) {
    for (int bit = 0; bit < bytes.length * 8; bit++) {
      byte[] flipped = bytes.clone();
      flipped[bit / 8] ^= (byte) (1 << bit % 8);
      survives(flipped, decoder);
    }
  }

  /** The bytes are taken or refused. */
  static void survives(byte[] bytes, Decoder decoder) {
    try {
      decoder.decode(bytes);
    } catch (FormatException refused) {
      assertTrue(refused.getMessage() != null);
    }
  }

  static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
