package dev.copperplate.backup.repository.crypto;

import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Objects;
import javax.crypto.Cipher;
import javax.crypto.spec.IvParameterSpec;
import javax.crypto.spec.SecretKeySpec;

/**
 * Seals and opens containers: {@code IV (16) | ciphertext | MAC (16)}. The ciphertext is AES-256 in
 * counter mode, starting at the IV; the MAC is Poly1305-AES over the ciphertext alone, bound to the
 * IV by its one-time key {@code r | AES-128(k, IV)}.
 *
 * <p>Not thread-safe, as it keeps its ciphers: one for each thread. Input and output must not
 * overlap. A container is authenticated, in constant time, before a byte of it is decrypted.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design, "Keys,
 *     Encryption and MAC"</a>
 */
public final class Sealer {

  /** How many bytes longer a container is than what it holds. */
  public static final int OVERHEAD = 32;

  private static final int IV_SIZE = 16;
  private static final int TAG_SIZE = Poly1305.TAG_SIZE;

  /**
   * One large call of the JDK's counter mode misses its intrinsic and is some thirty times slower.
   */
  private static final int SLICE = 4 << 10;

  /**
   * The first slices of a process are shorter, because the compiler counts calls and not bytes:
   * without them the first 20 MB went through code that was not compiled yet.
   */
  private static final int FIRST_SLICE = 256;

  private static final int FIRST_SLICES = 6_000;

  /** Counts loosely: threads that miss each other's slices make a few more short ones. */
  private static int slices;

  /** How many IVs are drawn at once. */
  private static final int DRAWN = 256;

  private final SecureRandom random;
  private final SecretKeySpec encryptKey;
  private final byte[] oneTimeKey = new byte[MasterKey.MAC_SIZE + TAG_SIZE];
  private final Cipher counterMode;
  private final Cipher block;
  private final Poly1305 poly1305 = new Poly1305();
  private final byte[] iv = new byte[IV_SIZE];
  private final byte[] tag = new byte[TAG_SIZE];
  private final byte[] slice = new byte[SLICE];
  private final byte[] drawn = new byte[DRAWN * IV_SIZE];
  private int drawnUsed = drawn.length;

  /** A sealer that draws its IVs from the platform's default generator. */
  public Sealer(MasterKey key) {
    this(key, new SecureRandom());
  }

  /** A sealer that draws its IVs from the generator. The key may be destroyed afterwards. */
  public Sealer(MasterKey key, SecureRandom random) {
    this.random = Objects.requireNonNull(random);
    byte[] encrypt = key.encryptBytes();
    byte[] macK = key.macKBytes();
    byte[] macR = key.macRBytes();
    try {
      encryptKey = new SecretKeySpec(encrypt, "AES");
      System.arraycopy(macR, 0, oneTimeKey, 0, macR.length);
      counterMode = Cipher.getInstance("AES/CTR/NoPadding");
      block = Cipher.getInstance("AES/ECB/NoPadding");
      block.init(Cipher.ENCRYPT_MODE, new SecretKeySpec(macK, "AES"));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("This Java runtime lacks AES", e);
    } finally {
      Arrays.fill(encrypt, (byte) 0);
      Arrays.fill(macK, (byte) 0);
      Arrays.fill(macR, (byte) 0);
    }
  }

  /**
   * Writes a container of the {@code length} plain bytes and returns its size, {@code length +
   * OVERHEAD}.
   *
   * @throws IndexOutOfBoundsException if either array is too short
   */
  public int seal(byte[] plain, int offset, int length, byte[] out, int outOffset) {
    Objects.checkFromIndexSize(offset, length, plain.length);
    Objects.checkFromIndexSize(outOffset, Math.addExact(length, OVERHEAD), out.length);
    drawIv();
    System.arraycopy(iv, 0, out, outOffset, IV_SIZE);
    int body = outOffset + IV_SIZE;
    beginMac();
    beginCounterMode();
    int count;
    for (int done = 0; done < length; done += count) {
      count = slice(length - done);
      applyCounterMode(plain, offset + done, count, out, body + done);
      poly1305.update(out, body + done, count);
    }
    poly1305.finish(tag);
    System.arraycopy(tag, 0, out, body + length, TAG_SIZE);
    return length + OVERHEAD;
  }

  /**
   * Whether a container is authentic and holds these plain bytes, for those who have just sealed
   * them: it opens slice by slice, which stay in the processor's cache, and hands nothing out.
   *
   * @throws IndexOutOfBoundsException if either array is too short
   */
  public boolean holds(byte[] sealed, int offset, int length, byte[] plain, int plainOffset) {
    Objects.checkFromIndexSize(offset, length, sealed.length);
    int plainLength = length - OVERHEAD;
    Objects.checkFromIndexSize(plainOffset, plainLength, plain.length);
    System.arraycopy(sealed, offset, iv, 0, IV_SIZE);
    int body = offset + IV_SIZE;
    beginMac();
    beginCounterMode();
    boolean same = true;
    int count;
    for (int done = 0; done < plainLength; done += count) {
      count = slice(plainLength - done);
      poly1305.update(sealed, body + done, count);
      applyCounterMode(sealed, body + done, count, slice, 0);
      int at = plainOffset + done;
      same &= Arrays.equals(slice, 0, count, plain, at, at + count);
    }
    poly1305.finish(tag);
    int end = body + plainLength;
    return same && Arrays.equals(tag, 0, TAG_SIZE, sealed, end, end + TAG_SIZE);
  }

  /**
   * Writes what a container of {@code length} bytes holds and returns its size, {@code length -
   * OVERHEAD}. The output is touched only when the container is authentic.
   *
   * @throws DamagedContainerException if it is too short or its MAC does not match
   * @throws IndexOutOfBoundsException if either array is too short
   */
  public int open(byte[] sealed, int offset, int length, byte[] out, int outOffset)
      throws DamagedContainerException {
    Objects.checkFromIndexSize(offset, length, sealed.length);
    if (length < OVERHEAD) {
      throw new DamagedContainerException(
          "A container has at least " + OVERHEAD + " bytes, this one " + length);
    }
    int plainLength = length - OVERHEAD;
    Objects.checkFromIndexSize(outOffset, plainLength, out.length);
    System.arraycopy(sealed, offset, iv, 0, IV_SIZE);
    int body = offset + IV_SIZE;
    requireAuthentic(sealed, body, plainLength);
    beginCounterMode();
    int count;
    for (int done = 0; done < plainLength; done += count) {
      count = slice(plainLength - done);
      applyCounterMode(sealed, body + done, count, out, outOffset + done);
    }
    return plainLength;
  }

  /** A container of the plain bytes. */
  public byte[] seal(byte[] plain) {
    byte[] sealed = new byte[Math.addExact(plain.length, OVERHEAD)];
    seal(plain, 0, plain.length, sealed, 0);
    return sealed;
  }

  /**
   * What a container holds.
   *
   * @throws DamagedContainerException if it is too short or its MAC does not match
   */
  public byte[] open(byte[] sealed) throws DamagedContainerException {
    byte[] plain = new byte[Math.max(0, sealed.length - OVERHEAD)];
    open(sealed, 0, sealed.length, plain, 0);
    return plain;
  }

  /** How many of the bytes that are left make the next slice. */
  private static int slice(int left) {
    if (slices < FIRST_SLICES) {
      slices++;
      return Math.min(FIRST_SLICE, left);
    }
    return Math.min(SLICE, left);
  }

  /** Many are drawn at once, because the generator is shared and takes its time for each call. */
  private void drawIv() {
    do {
      if (drawnUsed == drawn.length) {
        random.nextBytes(drawn);
        drawnUsed = 0;
      }
      System.arraycopy(drawn, drawnUsed, iv, 0, IV_SIZE);
      drawnUsed += IV_SIZE;
    } while (isZero(iv)); // readers take an IV of zeros for one that was never set
  }

  private void requireAuthentic(byte[] sealed, int body, int length)
      throws DamagedContainerException {
    if (isZero(iv)) {
      throw new DamagedContainerException("The IV of the container is all zero");
    }
    beginMac();
    int count;
    for (int done = 0; done < length; done += count) {
      count = slice(length - done);
      poly1305.update(sealed, body + done, count);
    }
    poly1305.finish(tag);
    byte[] stored = Arrays.copyOfRange(sealed, body + length, body + length + TAG_SIZE);
    if (!MessageDigest.isEqual(tag, stored)) {
      throw new DamagedContainerException("The MAC of the container does not match");
    }
  }

  /** Begins the MAC of a ciphertext under the current IV. */
  private void beginMac() {
    try {
      block.doFinal(iv, 0, IV_SIZE, oneTimeKey, MasterKey.MAC_SIZE);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES failed on one block", e);
    }
    poly1305.begin(oneTimeKey);
  }

  private void beginCounterMode() {
    try {
      counterMode.init(Cipher.ENCRYPT_MODE, encryptKey, new IvParameterSpec(iv));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES in counter mode failed", e);
    }
  }

  /** Goes on in counter mode; at most a slice, and whole blocks unless it is the last. */
  private void applyCounterMode(byte[] in, int offset, int length, byte[] out, int outOffset) {
    try {
      if (counterMode.update(in, offset, length, out, outOffset) != length) {
        throw new IllegalStateException(
            "AES in counter mode of " + counterMode.getProvider() + " holds bytes back");
      }
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("AES in counter mode failed", e);
    }
  }

  private static boolean isZero(byte[] bytes) {
    byte any = 0;
    for (byte each : bytes) {
      any |= each;
    }
    return any == 0;
  }
}
