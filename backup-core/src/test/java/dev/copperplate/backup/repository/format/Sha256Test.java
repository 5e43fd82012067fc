package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class Sha256Test {

  private static final String ABC =
      "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad";

  @Test
  void hashesAsTheStandardSays() {
    byte[] data = "xabcx".getBytes(StandardCharsets.US_ASCII);
    assertEquals(ABC, Sha256.hash(data, 1, 3).hex());
    assertEquals(
        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
        Sha256.hash(new byte[0]).toString());
  }

  @Property(tries = 200)
  void keepsItsBytesInEveryForm(@ForAll @Size(32) byte[] digest) {
    Sha256 id = Sha256.of(digest);
    byte[] written = new byte[34];
    id.writeTo(written, 1);
    assertArrayEquals(digest, Arrays.copyOfRange(written, 1, 33));
    assertEquals(id, Sha256.at(written, 1));
    assertEquals(id, Sha256.parse(id.hex()));
    assertEquals(id.hashCode(), Sha256.parse(id.hex()).hashCode());
    assertEquals(id, Sha256.ofWords(id.word(0), id.word(1), id.word(2), id.word(3)));
    assertTrue(Sha256.isHex(id.hex()));
  }

  @Property(tries = 500)
  void isOrderedAsItsBytesAre(@ForAll @Size(32) byte[] left, @ForAll @Size(32) byte[] right) {
    int expected = Integer.signum(Arrays.compareUnsigned(left, right));
    assertEquals(expected, Integer.signum(Sha256.of(left).compareTo(Sha256.of(right))));
    assertEquals(Arrays.equals(left, right), Sha256.of(left).equals(Sha256.of(right)));
  }

  @Test
  void differsInEveryBit() {
    Sha256 id = Sha256.parse(ABC);
    for (int bit = 0; bit < 256; bit++) {
      byte[] bytes = new byte[32];
      id.writeTo(bytes, 0);
      bytes[bit / 8] ^= (byte) (1 << bit % 8);
      assertFalse(id.equals(Sha256.of(bytes)), "bit " + bit);
      assertEquals(
          Integer.signum(id.hex().compareTo(Sha256.of(bytes).hex())),
          Integer.signum(id.compareTo(Sha256.of(bytes))));
    }
  }

  @Test
  void readsLowerCaseHexadecimalAndNothingElse() {
    String tail = ABC.substring(1);
    for (String wrong :
        new String[] {
          "",
          tail,
          ABC + "0",
          "B" + tail,
          "g" + tail,
          "`" + tail,
          "/" + tail,
          ":" + tail,
          "\uff11" + tail,
          "\u0661" + tail,
          " " + tail,
          "0x" + ABC.substring(2),
          ABC.toUpperCase(Locale.ROOT)
        }) {
      assertFalse(Sha256.isHex(wrong), wrong);
      assertThrows(IllegalArgumentException.class, () -> Sha256.parse(wrong), wrong);
    }
    assertTrue(Sha256.isHex(ABC));
  }

  @Test
  void refusesOtherSizes() {
    assertThrows(IllegalArgumentException.class, () -> Sha256.of(new byte[31]));
    assertThrows(IndexOutOfBoundsException.class, () -> Sha256.at(new byte[32], 1));
    assertThrows(IndexOutOfBoundsException.class, () -> Sha256.parse(ABC).writeTo(new byte[32], 1));
    assertThrows(IndexOutOfBoundsException.class, () -> Sha256.parse(ABC).word(4));
  }
}
