package dev.copperplate.backup.repository.crypto;

import java.security.SecureRandom;
import java.util.Arrays;
import javax.security.auth.Destroyable;

/**
 * The three secrets that seal a container: 32 bytes for AES-256, and for Poly1305-AES the 16 bytes
 * k and r. A repository has one master key; each key file wraps it with a key of the same shape
 * that comes from a password (see {@link KeyDerivation#derive}).
 *
 * <p>Thread-safe until it is destroyed. Never printed, and not comparable on purpose.
 *
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design, "Keys,
 *     Encryption and MAC"</a>
 */
public final class MasterKey implements Destroyable {

  /** Bytes of the AES-256 key. */
  public static final int ENCRYPT_SIZE = 32;

  /** Bytes of each part of the MAC key, k and r. */
  public static final int MAC_SIZE = 16;

  /** Bytes of all three parts. */
  public static final int SIZE = ENCRYPT_SIZE + 2 * MAC_SIZE;

  private static final int MAC_K = ENCRYPT_SIZE;
  private static final int MAC_R = ENCRYPT_SIZE + MAC_SIZE;

  /** encrypt | k | r: the order in which scrypt gives them, too. */
  private final byte[] parts;

  private volatile boolean destroyed;

  private MasterKey(byte[] parts) {
    this.parts = parts;
    requireSecret("encryption key", 0, MAC_K);
    requireSecret("MAC key k", MAC_K, MAC_R);
    requireSecret("MAC key r", MAC_R, SIZE);
  }

  /** A fresh key. */
  public static MasterKey random(SecureRandom random) {
    byte[] parts = new byte[SIZE];
    random.nextBytes(parts);
    return new MasterKey(parts);
  }

  /**
   * A key of its three parts, which are copied.
   *
   * @throws IllegalArgumentException if a part has another size or is all zero; restic refuses such
   *     keys
   */
  public static MasterKey of(byte[] encrypt, byte[] macK, byte[] macR) {
    requireSize("encryption key", encrypt, ENCRYPT_SIZE);
    requireSize("MAC key k", macK, MAC_SIZE);
    requireSize("MAC key r", macR, MAC_SIZE);
    byte[] parts = Arrays.copyOf(encrypt, SIZE);
    System.arraycopy(macK, 0, parts, MAC_K, MAC_SIZE);
    System.arraycopy(macR, 0, parts, MAC_R, MAC_SIZE);
    return new MasterKey(parts);
  }

  /** Takes the array over, which has {@link #SIZE} bytes in the order encrypt, k, r. */
  static MasterKey ofParts(byte[] parts) {
    return new MasterKey(parts);
  }

  /** A copy of the AES-256 key. The caller wipes it. */
  public byte[] encryptBytes() {
    return part(0, MAC_K);
  }

  /** A copy of k, the AES-128 key of the MAC. The caller wipes it. */
  public byte[] macKBytes() {
    return part(MAC_K, MAC_R);
  }

  /** A copy of r, not clamped: that is the MAC's own business. The caller wipes it. */
  public byte[] macRBytes() {
    return part(MAC_R, SIZE);
  }

  /** Overwrites the secrets. What was made from the key before, such as a sealer, still works. */
  @Override
  public void destroy() {
    destroyed = true;
    Arrays.fill(parts, (byte) 0);
  }

  @Override
  public boolean isDestroyed() {
    return destroyed;
  }

  /** Says nothing about the secrets. */
  @Override
  public String toString() {
    return destroyed ? "MasterKey (destroyed)" : "MasterKey (secret)";
  }

  private byte[] part(int from, int to) {
    byte[] copy = Arrays.copyOfRange(parts, from, to);
    if (destroyed) {
      throw new IllegalStateException("The key was destroyed");
    }
    return copy;
  }

  private void requireSecret(String what, int from, int to) {
    byte any = 0;
    for (int i = from; i < to; i++) {
      any |= parts[i];
    }
    if (any == 0) {
      throw new IllegalArgumentException("The " + what + " is all zero");
    }
  }

  private static void requireSize(String what, byte[] part, int size) {
    if (part.length != size) {
      throw new IllegalArgumentException(
          "The " + what + " has " + part.length + " bytes instead of " + size);
    }
  }
}
