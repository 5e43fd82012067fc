package dev.copperplate.backup.repository.crypto;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.security.SecureRandom;
import java.util.Arrays;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Set;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class SealerTest {

  private static final MasterKey KEY = MasterKey.random(new SecureRandom());

  private final Sealer sealer = new Sealer(KEY);

  /**
   * Poly1305-AES as its author published it, in appendix B of the paper: key, nonce, message, tag.
   */
  @Test
  void authenticatesAsThePaperDoes() throws Exception {
    assertTag(
        "ec074c835580741701425b623235add6",
        "851fc40c3467ac0be05cc20404f3f700",
        "fb447350c4e868c52ac3275cf9d4327e",
        "f3f6",
        "f4c633c3044fc145f84f335cb81953de");
    assertTag(
        "75deaa25c09f208e1dc4ce6b5cad3fbf",
        "a0f3080000f46400d0c7e9076c834403",
        "61ee09218d29b0aaed7e154a2c5509cc",
        "",
        "dd3fab2251f11ac759f0887129cc2ee7");
    assertTag(
        "6acb5f61a7176dd320c5c1eb2edcdc74",
        "48443d0bb0d21109c89a100b5ce2c208",
        "ae212a55399729595dea458bc621ff0e",
        "663cea190ffb83d89593f3f476b6bc24d7e679107ea26adb8caf6652d0656136",
        "0ee1c16bb73f0f4fd19881753c01cdbe");
    assertTag(
        "e1a5668a4d5b66a5f68cc5424ed5982d",
        "12976a08c4426d0ce8a82407c4f48207",
        "9ae831e743978d3a23527c7128149e3a",
        "ab0812724a7f1e342742cbed374d94d136c6b8795d45b3819830f2c04491"
            + "faf0990c62e48b8018b2c3e4a0fa3134cb67fa83e158c994d961c4cb21095c1bf9",
        "5154ad0d2cb26e01274fc51148491f1b");
  }

  @Test
  void encryptsInCounterModeFromTheIv() throws Exception {
    byte[] plain = bytes(100_000); // several slices
    byte[] sealed = sealer.seal(plain);
    Cipher cipher = Cipher.getInstance("AES/CTR/NoPadding");
    cipher.init(
        Cipher.DECRYPT_MODE,
        new SecretKeySpec(KEY.encryptBytes(), "AES"),
        new IvParameterSpec(sealed, 0, 16));
    assertArrayEquals(plain, cipher.doFinal(sealed, 16, plain.length));
  }

  @Property(tries = 300)
  void opensWhatItSealed(
      @ForAll @Size(max = 200) byte[] plain,
      @ForAll @IntRange(max = 5) int before,
      @ForAll @IntRange(max = 5) int after)
      throws Exception {
    byte[] in = padded(plain, before, after);
    byte[] sealed = new byte[after + plain.length + Sealer.OVERHEAD + before];
    assertEquals(
        plain.length + Sealer.OVERHEAD, sealer.seal(in, before, plain.length, sealed, after));
    byte[] out = new byte[before + plain.length + after];
    int opened = sealer.open(sealed, after, plain.length + Sealer.OVERHEAD, out, before);
    assertEquals(plain.length, opened);
    assertArrayEquals(padded(plain, before, after), out);
    assertArrayEquals(plain, sealer.open(sealer.seal(plain)));
  }

  @Test
  void opensContainersOfEverySizeAroundASlice() throws Exception {
    for (int size : new int[] {16383, 16384, 16385, 32767, 32768, 32769, 3 << 20}) {
      byte[] plain = bytes(size);
      assertArrayEquals(plain, new Sealer(KEY).open(sealer.seal(plain)));
    }
  }

  @Test
  void neverSealsTwiceAlike() {
    byte[] plain = bytes(10);
    assertFalse(Arrays.equals(sealer.seal(plain), sealer.seal(plain)));
  }

  @Test
  void refusesEveryChangedBit() {
    byte[] sealed = sealer.seal(bytes(20));
    for (int bit = 0; bit < sealed.length * 8; bit++) {
      byte[] changed = sealed.clone();
      changed[bit / 8] ^= (byte) (1 << bit % 8);
      assertThrows(DamagedContainerException.class, () -> sealer.open(changed), "bit " + bit);
    }
  }

  @Test
  void refusesEveryTruncationAndExtension() {
    byte[] sealed = sealer.seal(bytes(20));
    for (int size = 0; size < sealed.length; size++) {
      byte[] cut = Arrays.copyOf(sealed, size);
      assertThrows(DamagedContainerException.class, () -> sealer.open(cut), "size " + size);
    }
    byte[] longer = Arrays.copyOf(sealed, sealed.length + 1);
    assertThrows(DamagedContainerException.class, () -> sealer.open(longer));
  }

  @Test
  void refusesAnotherKey() {
    byte[] sealed = sealer.seal(bytes(20));
    Sealer other = new Sealer(MasterKey.random(new SecureRandom()));
    assertThrows(DamagedContainerException.class, () -> other.open(sealed));
  }

  @Test
  void drawsAnotherIvForEachContainer() {
    Set<String> ivs = new HashSet<>();
    for (int i = 0; i < 1000; i++) {
      ivs.add(HexFormat.of().formatHex(sealer.seal(new byte[0]), 0, 16));
    }
    assertEquals(1000, ivs.size());
  }

  @Test
  void holdsWhatWasSealedAndNothingElse() {
    byte[] plain = bytes(10_000);
    byte[] sealed = sealer.seal(plain);
    assertTrue(sealer.holds(sealed, 0, sealed.length, plain, 0));
    for (int i = 0; i < sealed.length; i += 7) {
      sealed[i] ^= 0x10;
      assertFalse(sealer.holds(sealed, 0, sealed.length, plain, 0), "byte " + i);
      sealed[i] ^= 0x10;
    }
    for (int i = 0; i < plain.length; i += 11) {
      plain[i] ^= 1;
      assertFalse(sealer.holds(sealed, 0, sealed.length, plain, 0), "plain byte " + i);
      plain[i] ^= 1;
    }
  }

  @Test
  void refusesAnIvOfZerosAlthoughItsMacMatches() {
    byte[] sealed = new Sealer(KEY, new Fixed(new byte[16], bytes(16))).seal(bytes(5));
    assertArrayEquals(bytes(16), Arrays.copyOf(sealed, 16)); // drawn again
    byte[] zero = new byte[Sealer.OVERHEAD];
    assertThrows(DamagedContainerException.class, () -> sealer.open(zero));
  }

  @Test
  void touchesNoOutputBeforeItHasAuthenticated() {
    byte[] sealed = sealer.seal(bytes(20));
    sealed[40] ^= 1;
    byte[] out = new byte[20];
    assertThrows(
        DamagedContainerException.class, () -> sealer.open(sealed, 0, sealed.length, out, 0));
    assertArrayEquals(new byte[20], out);
  }

  @Test
  void refusesRangesOutsideItsArrays() {
    byte[] plain = bytes(20);
    byte[] out = new byte[52];
    assertThrows(IndexOutOfBoundsException.class, () -> sealer.seal(plain, 1, 20, new byte[60], 0));
    assertThrows(IndexOutOfBoundsException.class, () -> sealer.seal(plain, 0, 20, out, 1));
    byte[] sealed = sealer.seal(plain);
    assertThrows(
        IndexOutOfBoundsException.class, () -> sealer.open(sealed, 0, 52, new byte[19], 0));
  }

  @Test
  void outlivesItsKey() throws Exception {
    MasterKey key = MasterKey.random(new SecureRandom());
    Sealer own = new Sealer(key);
    key.destroy();
    assertArrayEquals(bytes(3), own.open(own.seal(bytes(3))));
  }

  /** Opens a container of known MAC: it holds whatever the message decrypts to. */
  private static void assertTag(String k, String r, String nonce, String message, String tag)
      throws Exception {
    HexFormat hex = HexFormat.of();
    byte[] encrypt = bytes(32);
    Sealer known = new Sealer(MasterKey.of(encrypt, hex.parseHex(k), hex.parseHex(r)));
    byte[] plain = known.open(hex.parseHex(nonce + message + tag));
    assertEquals(message.length() / 2, plain.length);
  }

  private static byte[] padded(byte[] bytes, int before, int after) {
    byte[] padded = new byte[before + bytes.length + after];
    System.arraycopy(bytes, 0, padded, before, bytes.length);
    return padded;
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    for (int i = 0; i < size; i++) {
      bytes[i] = (byte) (i * 31 + 7);
    }
    return bytes;
  }

  /** Gives what it was told to give, and after that the last of it. */
  private static final class Fixed extends SecureRandom {

    private static final long serialVersionUID = 1;

    private final byte[][] values;

    Fixed(byte[]... values) {
      this.values = values;
    }

    @Override
    public void nextBytes(byte[] bytes) {
      for (int at = 0; at < bytes.length; at += 16) {
        System.arraycopy(values[Math.min(at / 16, values.length - 1)], 0, bytes, at, 16);
      }
    }
  }
}
