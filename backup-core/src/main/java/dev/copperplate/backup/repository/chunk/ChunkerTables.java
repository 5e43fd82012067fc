package dev.copperplate.backup.repository.chunk;

/**
 * The rolling digest of one polynomial: a Rabin fingerprint of the last {@value #WINDOW} bytes.
 *
 * <p>Read as one long polynomial, eight coefficients a byte, those bytes leave a remainder of 53
 * bits when divided by the chunker polynomial. That remainder is the digest; whatever came before
 * the window has no part in it. Two tables of 256 values move the window in two lookups a byte.
 *
 * <p>Immutable, so that all chunkers of a polynomial share one instance.
 */
final class ChunkerTables {
  static final int WINDOW = 64;

  private static final int TOP_BYTE = Polynomial.DEGREE - Byte.SIZE;

  // By the digest's top byte, which a shift by eight pushes out: the bits pushed out, to clear
  // them, together with the remainder that they leave.
  private final long[] overflow = new long[256];

  // By byte value: the share of the window's oldest byte in the digest.
  private final long[] oldest = new long[256];

  ChunkerTables(long polynomial) {
    for (int value = 0; value < 256; value++) {
      long pushedOut = (long) value << Polynomial.DEGREE;
      overflow[value] = pushedOut ^ Polynomial.remainder(pushedOut, polynomial);
    }
    for (int value = 0; value < 256; value++) {
      oldest[value] = followedByZeros(value);
    }
  }

  private long followedByZeros(int value) {
    long digest = value;
    for (int i = 1; i < WINDOW; i++) {
      digest = append(digest, (byte) 0);
    }
    return digest;
  }

  /** The digest of the window that ends before {@code end}, which is at least {@link #WINDOW}. */
  long digest(byte[] bytes, int end) {
    long digest = 0;
    for (int i = end - WINDOW; i < end; i++) {
      digest = append(digest, bytes[i]);
    }
    return digest;
  }

  /** The digest of the window that ends with {@code bytes[last]}, from that of the one before. */
  long slide(long digest, byte[] bytes, int last) {
    return append(digest ^ oldest[bytes[last - WINDOW] & 0xff], bytes[last]);
  }

  private long append(long digest, byte next) {
    return (digest << Byte.SIZE | next & 0xff) ^ overflow[(int) (digest >>> TOP_BYTE)];
  }
}
