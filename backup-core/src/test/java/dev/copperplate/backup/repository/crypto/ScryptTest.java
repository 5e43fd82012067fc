package dev.copperplate.backup.repository.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.bouncycastle.crypto.generators.SCrypt;
import org.junit.jupiter.api.Test;

class ScryptTest {

  /** RFC 7914, section 12. */
  @Test
  void derivesTheKeysOfTheStandard() {
    assertEquals(
        "77d6576238657b203b19ca42c18a0497f16b4844e3074ae8dfdffa3fede21442"
            + "fcd0069ded0948f8326a753a0fc81f17e8d3e0fb2e0d3628cf35e20c38d18906",
        key("", "", 16, 1, 1));
    assertEquals(
        "fdbabe1c9d3472007856e7190d01e9fe7c6ad7cbc8237830e77376634b373162"
            + "2eaf30d92e22a3886ff109279d9830dac727afb94a83ee6d8360cbdfa2cc0640",
        key("password", "NaCl", 1024, 8, 16));
    assertEquals(
        "7023bdcb3afd7348461c06cd81fd38ebfda8fbba904f8e3ea9b543f6545da1f2"
            + "d5432955613f0fcf62d49705242a9af9e61e85dc0d651e40dfcf017b45575887",
        key("pleaseletmein", "SodiumChloride", 16384, 8, 1));
  }

  @Property(tries = 100)
  void agreesWithBouncyCastle(
      @ForAll @Size(max = 80) byte[] password,
      @ForAll @Size(max = 70) byte[] salt,
      @ForAll @IntRange(min = 1, max = 8) int logN,
      @ForAll @IntRange(min = 1, max = 9) int r,
      @ForAll @IntRange(min = 1, max = 7) int p,
      @ForAll @IntRange(min = 1, max = 100) int size) {
    assertArrayEquals(
        SCrypt.generate(password, salt, 1 << logN, r, p, size),
        Scrypt.derive(password, salt, 1 << logN, r, p, size));
  }

  @Test
  void anInterruptionIsKeptForLater() {
    byte[] nothing = new byte[0];
    byte[] expected = Scrypt.derive(nothing, nothing, 1 << 10, 8, 4, 64);
    Thread.currentThread().interrupt();
    byte[] key = Scrypt.derive(nothing, nothing, 1 << 10, 8, 4, 64);
    assertTrue(Thread.interrupted());
    assertArrayEquals(expected, key);
    assertFalse(Thread.interrupted());
  }

  private static String key(String password, String salt, int n, int r, int p) {
    byte[] key =
        Scrypt.derive(
            password.getBytes(StandardCharsets.US_ASCII),
            salt.getBytes(StandardCharsets.US_ASCII),
            n,
            r,
            p,
            64);
    return HexFormat.of().formatHex(key);
  }
}
