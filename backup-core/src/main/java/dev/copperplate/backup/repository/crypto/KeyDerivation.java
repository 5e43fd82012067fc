package dev.copperplate.backup.repository.crypto;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetEncoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The cost of turning a password into a key with scrypt: a key file states it, so opening one means
 * spending what somebody else chose. Hence the bounds, beside those that restic itself checks.
 *
 * @param n iterations and memory, a power of two above 1
 * @param r block size; {@code 128 * n * r} bytes of memory are used
 * @param p how often all of it is done
 * @see <a href="https://restic.readthedocs.io/en/stable/100_references.html">restic design, "Keys,
 *     Encryption and MAC"</a>
 */
public record KeyDerivation(int n, int r, int p) {

  /**
   * What new key files use: 32 MiB, which OWASP lists as equal in strength to its first choice of
   * 128 MiB. Inside a service the memory matters more than the extra rounds.
   */
  public static final KeyDerivation DEFAULT = new KeyDerivation(1 << 15, 8, 3);

  /** Bytes of the salt; restic refuses any other size. */
  public static final int SALT_SIZE = 64;

  /** The most memory that a key file may ask for. restic itself settles at 32 to 64 MiB. */
  public static final long MAX_MEMORY = 1L << 30;

  /** The most bytes that a key file may make us mix, over all rounds: some ten seconds' worth. */
  public static final long MAX_WORK = 8L << 30;

  private static final int BLOCK_SIZE = 128;

  /** The most bytes of UTF-8 for one {@code char}. */
  private static final int MAX_UTF8 = 3;

  /** Far below restic's 2^30, which would be 128 GiB beside the memory above. */
  private static final long MAX_PARALLEL_BLOCKS = 1L << 19;

  public KeyDerivation {
    if (n < 2 || Integer.bitCount(n) != 1) {
      throw new IllegalArgumentException("scrypt's N is a power of two above 1, not " + n);
    }
    if (r < 1 || p < 1 || (long) r * p > MAX_PARALLEL_BLOCKS) {
      throw new IllegalArgumentException("scrypt's r or p is out of range: " + r + ", " + p);
    }
    if (n > MAX_MEMORY / BLOCK_SIZE / r) {
      throw new IllegalArgumentException(
          "scrypt with N " + n + " and r " + r + " needs more than " + MAX_MEMORY + " bytes");
    }
    if ((long) n * r * BLOCK_SIZE > MAX_WORK / p) {
      throw new IllegalArgumentException(
          "scrypt with N " + n + ", r " + r + " and p " + p + " is too much work");
    }
    if (r == 1 && n >= 1 << 16) { // RFC 7914
      throw new IllegalArgumentException("scrypt's N is below 65536 where r is 1, not " + n);
    }
  }

  /** The bytes that are mixed to find out one key: the time and, but for the rounds, the memory. */
  public long work() {
    return (long) n * r * BLOCK_SIZE * p;
  }

  /**
   * The key of a password, of the same shape as a master key. The password's UTF-8 bytes count as
   * they are, not normalised. The password is not wiped; what is made of it on the way is.
   *
   * @throws IllegalArgumentException if the salt has another size than {@link #SALT_SIZE}, or the
   *     password holds half a surrogate pair
   */
  public MasterKey derive(char[] password, byte[] salt) {
    if (salt.length != SALT_SIZE) {
      throw new IllegalArgumentException("A salt has " + SALT_SIZE + " bytes, not " + salt.length);
    }
    byte[] secret = utf8(password);
    try {
      return MasterKey.ofParts(Scrypt.derive(secret, salt, n, r, p, MasterKey.SIZE));
    } finally {
      Arrays.fill(secret, (byte) 0);
    }
  }

  private static byte[] utf8(char[] password) {
    byte[] room = new byte[password.length * MAX_UTF8];
    ByteBuffer out = ByteBuffer.wrap(room);
    try {
      CharsetEncoder encoder = StandardCharsets.UTF_8.newEncoder();
      if (encoder.encode(CharBuffer.wrap(password), out, true).isError()) {
        throw new IllegalArgumentException("The password holds half a surrogate pair");
      }
      return Arrays.copyOf(room, out.position());
    } finally {
      Arrays.fill(room, (byte) 0);
    }
  }
}
