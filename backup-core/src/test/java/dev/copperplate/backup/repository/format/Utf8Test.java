package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class Utf8Test {

  @Test
  void readsEveryCodePointThatJavaWrites() {
    for (int each = 0; each <= Character.MAX_CODE_POINT; each++) {
      if (each < Character.MIN_SURROGATE || each > Character.MAX_SURROGATE) {
        byte[] bytes = Character.toString(each).getBytes(StandardCharsets.UTF_8);
        assertEquals(each, Utf8.codePoint(bytes, 0));
        assertEquals(bytes.length, Utf8.width(each));
      }
    }
  }

  @Test
  void agreesWithJavaOnWhatIsInvalid() {
    int[] edges = {0, 0x7f, 0x80, 0x8f, 0x90, 0x9f, 0xa0, 0xbf, 0xc0, 0xff};
    for (int first = 0; first < 256; first++) {
      for (int second : edges) {
        for (int third : edges) {
          for (int fourth : edges) {
            byte[] bytes = {(byte) first, (byte) second, (byte) third, (byte) fourth};
            for (int size = 1; size <= bytes.length; size++) {
              byte[] part = Arrays.copyOf(bytes, size);
              assertEquals(isValidToJava(part), Utf8.isValid(part));
            }
          }
        }
      }
    }
  }

  @Test
  void replacesHalfSurrogatePairs() {
    byte[] expected = "a\ufffdb\ufffd\ud83d\ude00\ufffd".getBytes(StandardCharsets.UTF_8);
    assertArrayEquals(expected, Utf8.encode("a\ud83db\ude00\ud83d\ude00\ud83d"));
  }

  private static boolean isValidToJava(byte[] bytes) {
    try {
      StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes));
      return true;
    } catch (CharacterCodingException e) {
      return false;
    }
  }
}
