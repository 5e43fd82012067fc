package dev.copperplate.backup.repository.chunk;

import java.security.SecureRandom;
import java.util.regex.Pattern;

/**
 * The polynomial over GF(2) that decides where a repository's content is cut: degree 53 and
 * irreducible, which every instance is known to be.
 *
 * <p>restic draws one when a repository is made and keeps it as {@code chunker_polynomial} in the
 * encrypted {@code config}. Equal polynomials cut equal content alike, so a repository that is to
 * share chunks with another takes over the polynomial of that other. Being random, it makes
 * well-known files harder to recognise by the sizes of their chunks; it is no key.
 *
 * <p>Immutable and safe for all threads. An instance carries the 4 KiB of lookup tables that its
 * chunkers share, so parse once for each opened repository, not once for each file.
 */
public final class Polynomial {
  /** The degree of every chunker polynomial in restic's format. */
  public static final int DEGREE = 53;

  private static final Pattern HEX = Pattern.compile("[0-9a-f]{1,16}");

  // The coefficient of x^n is bit n, here and in every long of this package.
  private final long bits;
  private final ChunkerTables tables;

  private Polynomial(long bits) {
    this.bits = bits;
    this.tables = new ChunkerTables(bits);
  }

  /**
   * Draws a polynomial for a new repository; every irreducible polynomial of degree 53 is equally
   * likely. Takes about 30 draws of eight bytes and well under a millisecond of arithmetic.
   */
  public static Polynomial random(SecureRandom random) {
    while (true) {
      long candidate = candidate(random.nextLong());
      if (irreducible(candidate)) {
        return new Polynomial(candidate);
      }
    }
  }

  // Without its constant coefficient it would be a multiple of x: set, it spares half the draws.
  private static long candidate(long randomBits) {
    long leading = 1L << DEGREE;
    return leading | (randomBits & (leading - 1)) | 1;
  }

  /**
   * Reads what {@code config} holds: lower-case hexadecimal digits without {@code 0x}.
   *
   * @throws IllegalArgumentException naming {@code hex}, if it is anything else, or a polynomial of
   *     another degree, or not irreducible
   */
  public static Polynomial parse(String hex) {
    if (!HEX.matcher(hex).matches()) {
      throw refusal(hex, "is not 1 to 16 lower-case hexadecimal digits without 0x");
    }
    long bits = Long.parseUnsignedLong(hex, 16);
    if (degree(bits) != DEGREE) {
      throw refusal(hex, "has degree " + degree(bits) + ", not " + DEGREE);
    }
    if (!irreducible(bits)) {
      throw refusal(hex, "is not irreducible");
    }
    return new Polynomial(bits);
  }

  private static IllegalArgumentException refusal(String hex, String reason) {
    return new IllegalArgumentException("Chunker polynomial '" + hex + "' " + reason);
  }

  /** Returns the 14 lower-case hexadecimal digits that {@code config} holds. */
  public String hex() {
    return Long.toHexString(bits);
  }

  ChunkerTables tables() {
    return tables;
  }

  /**
   * Returns whether a polynomial of any degree up to 63 is irreducible over GF(2). The coefficient
   * of x<sup>n</sup> is bit n of the argument.
   */
  public static boolean irreducible(long polynomial) {
    // Ben-Or: x^(2^i) - x is the product of all irreducible polynomials whose degree divides i, and
    // a reducible polynomial has a factor of at most half its own degree.
    if (degree(polynomial) < 1) {
      return false;
    }
    long power = 0b10;
    for (int i = 1; i <= degree(polynomial) / 2; i++) {
      power = square(power, polynomial);
      if (greatestCommonDivisor(polynomial, power ^ 0b10) != 1) {
        return false;
      }
    }
    return true;
  }

  /** The degree of a polynomial; -1 for zero. */
  static int degree(long polynomial) {
    return Long.SIZE - 1 - Long.numberOfLeadingZeros(polynomial);
  }

  /** What remains of a dividend after division; its degree is below that of the divisor. */
  static long remainder(long dividend, long divisor) {
    long rest = dividend;
    for (int excess; (excess = degree(rest) - degree(divisor)) >= 0; ) {
      rest ^= divisor << excess;
    }
    return rest;
  }

  /** The square of a value that is already reduced by the modulus, reduced again. */
  private static long square(long value, long modulus) {
    long square = 0;
    for (int power = degree(value); power >= 0; power--) {
      square = remainder(square << 1, modulus);
      if ((value >>> power & 1) == 1) {
        square ^= value;
      }
    }
    return square;
  }

  private static long greatestCommonDivisor(long a, long b) {
    return b == 0 ? a : greatestCommonDivisor(b, remainder(a, b));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Polynomial polynomial && polynomial.bits == bits;
  }

  @Override
  public int hashCode() {
    return Long.hashCode(bits);
  }

  @Override
  public String toString() {
    return hex();
  }
}
