package dev.copperplate.backup.repository.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.HexFormat;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.params.KeyParameter;
import org.junit.jupiter.api.Test;

class Poly1305Test {

  private static final HexFormat HEX = HexFormat.of();

  private final Poly1305 poly1305 = new Poly1305();

  /** RFC 8439, section 2.5.2. */
  @Test
  void computesTheTagOfTheStandard() {
    assertEquals(
        "a8061dc1305136c6c22b8baf0c0127a9",
        HEX.formatHex(
            tag(
                HEX.parseHex("85d6be7857556d337f4452fe42d506a80103808afb0db2fd4abff6af4149f51b"),
                HEX.parseHex(
                    "43727970746f6772617068696320466f72756d205265736561726368204772" + "6f7570"))));
  }

  /** RFC 8439, appendix A.3, vectors 7 to 11: sums at the edges of 2^128 and of 2^130 - 5. */
  @Test
  void reducesAtTheEdges() {
    String ones = "ff".repeat(16);
    String zeros = "00".repeat(16);
    assertTag("01", "", ones + "f0" + "ff".repeat(15) + "11" + "00".repeat(15), "05");
    assertTag("01", "", ones + "fb" + "fe".repeat(15) + "01".repeat(16), "00");
    assertTag("02", "", "fd" + "ff".repeat(15), "faffffffffffffffffffffffffffffff");
    String r = "01" + "00".repeat(7) + "04" + "00".repeat(7);
    String blocks =
        "e33594d7505e43b9" + "00".repeat(8) + "3394d7505e4379cd" + "01" + "00".repeat(7) + zeros;
    assertTag(r, "", blocks + "01" + "00".repeat(15), "14000000000000005500000000000000");
    assertTag(r, "", blocks, "13");
    assertTag("02", ones, "02" + zeros.substring(2), "03");
  }

  @Property(tries = 3000)
  void agreesWithBouncyCastle(
      @ForAll("bytes") @Size(32) byte[] key, @ForAll("bytes") @Size(max = 400) byte[] message) {
    assertArrayEquals(bouncyCastle(key, message), tag(key, message));
  }

  @Property(tries = 50)
  void agreesWithBouncyCastleOnLongMessages(
      @ForAll("bytes") @Size(32) byte[] key,
      @ForAll("bytes") @Size(200) byte[] part,
      @ForAll @IntRange(max = 100_000) int length) {
    byte[] message = new byte[length];
    for (int at = 0; at < length; at += part.length) {
      System.arraycopy(part, 0, message, at, Math.min(part.length, length - at));
    }
    assertArrayEquals(bouncyCastle(key, message), tag(key, message));
  }

  @Property(tries = 300)
  void takesAMessageInParts(
      @ForAll @Size(32) byte[] key,
      @ForAll @Size(max = 300) byte[] message,
      @ForAll @IntRange(max = 18) int blocks) {
    int first = Math.min(16 * blocks, message.length);
    byte[] tag = new byte[Poly1305.TAG_SIZE];
    poly1305.begin(key);
    poly1305.update(message, 0, first);
    if (first < message.length) {
      poly1305.update(message, first, message.length - first);
    }
    poly1305.finish(tag);
    assertArrayEquals(bouncyCastle(key, message), tag);
  }

  /** Carries go far where bits are all set, and nowhere else. */
  @Provide
  Arbitrary<byte[]> bytes() {
    Arbitrary<Byte> extreme = Arbitraries.of((byte) 0xff, (byte) 0, (byte) 0xfc, (byte) 0x0f);
    Arbitrary<Byte> any = Arbitraries.bytes();
    return Arbitraries.oneOf(
        Arbitraries.just((byte) 0xff).array(byte[].class),
        extreme.array(byte[].class),
        any.array(byte[].class));
  }

  private void assertTag(String r, String s, String message, String expected) {
    byte[] key = new byte[Poly1305.KEY_SIZE];
    byte[] low = HEX.parseHex(r);
    System.arraycopy(low, 0, key, 0, Math.min(16, low.length));
    byte[] high = HEX.parseHex(s);
    System.arraycopy(high, 0, key, 16, high.length);
    byte[] whole = Arrays.copyOf(HEX.parseHex(expected), Poly1305.TAG_SIZE);
    assertEquals(HEX.formatHex(whole), HEX.formatHex(tag(key, HEX.parseHex(message))));
  }

  private byte[] tag(byte[] key, byte[] message) {
    byte[] tag = new byte[Poly1305.TAG_SIZE];
    poly1305.begin(key);
    poly1305.update(message, 0, message.length);
    poly1305.finish(tag);
    return tag;
  }

  private static byte[] bouncyCastle(byte[] key, byte[] message) {
    org.bouncycastle.crypto.macs.Poly1305 other = new org.bouncycastle.crypto.macs.Poly1305();
    other.init(new KeyParameter(key));
    other.update(message, 0, message.length);
    byte[] tag = new byte[Poly1305.TAG_SIZE];
    other.doFinal(tag, 0);
    return tag;
  }
}
