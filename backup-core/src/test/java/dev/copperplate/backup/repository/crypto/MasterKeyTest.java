package dev.copperplate.backup.repository.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;

class MasterKeyTest {

  @Test
  void keepsItsPartsApart() {
    MasterKey key = MasterKey.of(filled(32, 1), filled(16, 2), filled(16, 3));
    assertArrayEquals(filled(32, 1), key.encryptBytes());
    assertArrayEquals(filled(16, 2), key.macKBytes());
    assertArrayEquals(filled(16, 3), key.macRBytes());
  }

  @Test
  void copiesWhatItIsGivenAndWhatItGives() {
    byte[] encrypt = filled(32, 1);
    MasterKey key = MasterKey.of(encrypt, filled(16, 2), filled(16, 3));
    encrypt[0] = 9;
    key.encryptBytes()[1] = 9;
    assertArrayEquals(filled(32, 1), key.encryptBytes());
  }

  @Test
  void refusesPartsThatAreAllZeroOrOfAnotherSize() {
    byte[] good32 = filled(32, 1);
    byte[] good16 = filled(16, 1);
    assertRefused("encryption key is all zero", new byte[32], good16, good16);
    assertRefused("k is all zero", good32, new byte[16], good16);
    assertRefused("r is all zero", good32, good16, new byte[16]);
    assertRefused("encryption key has 16 bytes", good16, good16, good16);
    assertRefused("k has 0 bytes", good32, new byte[0], good16);
    assertRefused("r has 32 bytes", good32, good16, good32);
  }

  @Test
  void isFreshEachTimeAndUsesAllOfItsBytes() {
    byte[] first = MasterKey.random(new SecureRandom()).encryptBytes();
    assertFalse(Arrays.equals(first, MasterKey.random(new SecureRandom()).encryptBytes()));
  }

  @Test
  void printsNothingSecret() {
    MasterKey key = MasterKey.of(filled(32, 0x5a), filled(16, 0x5b), filled(16, 0x5c));
    String hex = HexFormat.of().formatHex(filled(2, 0x5a));
    assertFalse(key.toString().contains(hex));
    assertEquals("MasterKey (secret)", key.toString());
  }

  @Test
  void isUselessOnceDestroyed() {
    MasterKey key = MasterKey.random(new SecureRandom());
    assertFalse(key.isDestroyed());
    key.destroy();
    assertTrue(key.isDestroyed());
    assertThrows(IllegalStateException.class, key::encryptBytes);
    assertThrows(IllegalStateException.class, () -> new Sealer(key));
  }

  private static void assertRefused(String message, byte[] encrypt, byte[] k, byte[] r) {
    String said =
        assertThrows(IllegalArgumentException.class, () -> MasterKey.of(encrypt, k, r))
            .getMessage();
    assertTrue(String.valueOf(said).contains(message), said);
  }

  private static byte[] filled(int size, int value) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) value);
    return bytes;
  }
}
