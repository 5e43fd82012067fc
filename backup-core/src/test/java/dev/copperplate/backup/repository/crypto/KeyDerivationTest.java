package dev.copperplate.backup.repository.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.bouncycastle.crypto.generators.SCrypt;
import org.junit.jupiter.api.Test;

class KeyDerivationTest {

  private static final KeyDerivation CHEAP = new KeyDerivation(2, 1, 1);

  @Test
  void givesTheBytesOfScryptInTheOrderEncryptKR() {
    byte[] salt = salt();
    byte[] password = "p\u00e4ss \ud83d\ude00".getBytes(StandardCharsets.UTF_8);
    byte[] expected = SCrypt.generate(password, salt, 16, 2, 3, 64);
    MasterKey key =
        new KeyDerivation(16, 2, 3).derive("p\u00e4ss \ud83d\ude00".toCharArray(), salt);
    assertArrayEquals(Arrays.copyOfRange(expected, 0, 32), key.encryptBytes());
    assertArrayEquals(Arrays.copyOfRange(expected, 32, 48), key.macKBytes());
    assertArrayEquals(Arrays.copyOfRange(expected, 48, 64), key.macRBytes());
  }

  @Test
  void doesNotNormaliseThePassword() {
    byte[] composed = CHEAP.derive("\u00e4".toCharArray(), salt()).encryptBytes();
    byte[] decomposed = CHEAP.derive("a\u0308".toCharArray(), salt()).encryptBytes();
    assertFalse(Arrays.equals(composed, decomposed));
  }

  @Test
  void leavesThePasswordToTheCaller() {
    char[] password = "secret".toCharArray();
    CHEAP.derive(password, salt());
    assertArrayEquals("secret".toCharArray(), password);
  }

  @Test
  void refusesPasswordsAndSaltsThatResticWouldNotTake() {
    String message =
        assertThrows(
                IllegalArgumentException.class,
                () -> CHEAP.derive("canary\ud83d".toCharArray(), salt()))
            .getMessage();
    assertFalse(String.valueOf(message).contains("canary"), message);
    assertThrows(
        IllegalArgumentException.class, () -> CHEAP.derive("x".toCharArray(), new byte[63]));
  }

  @Test
  void takesWhatResticChooses() {
    assertEquals(32 << 20, 128 * KeyDerivation.DEFAULT.n() * KeyDerivation.DEFAULT.r());
    new KeyDerivation(1 << 15, 8, 5);
    new KeyDerivation(1 << 16, 8, 8);
    new KeyDerivation(1 << 20, 8, 8); // 1 GiB, 8 GiB of work: just within both bounds
    new KeyDerivation(1 << 15, 1, 1);
    new KeyDerivation(1 << 16, 2, 1);
  }

  @Test
  void refusesCostsThatAreNoneOrTooHigh() {
    assertRefused(0, 8, 1);
    assertRefused(1, 8, 1);
    assertRefused(-2, 8, 1);
    assertRefused(Integer.MIN_VALUE, 8, 1);
    assertRefused(3, 8, 1);
    assertRefused(1 << 15, 0, 1);
    assertRefused(1 << 15, 8, 0);
    assertRefused(1 << 15, -8, -1);
    assertRefused(2, 1 << 15, 1 << 15);
    assertRefused(2, 1, Integer.MAX_VALUE);
    assertRefused(1 << 21, 8, 1);
    assertRefused(1 << 30, 1 << 30, 1); // 128 * N * r is 0 in 64 bits
    assertRefused(1 << 20, 8, 9);
    assertRefused(1 << 16, 1, 1);
  }

  private static void assertRefused(int n, int r, int p) {
    assertThrows(IllegalArgumentException.class, () -> new KeyDerivation(n, r, p));
  }

  private static byte[] salt() {
    byte[] salt = new byte[KeyDerivation.SALT_SIZE];
    Arrays.fill(salt, (byte) 7);
    return salt;
  }
}
