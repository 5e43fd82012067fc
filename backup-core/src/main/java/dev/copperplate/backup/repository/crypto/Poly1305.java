package dev.copperplate.backup.repository.crypto;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.Objects;

/**
 * The one-time authenticator Poly1305: {@code ((c1·rⁿ + c2·rⁿ⁻¹ + … + cn·r) mod 2¹³⁰−5) + s}. It is
 * here, beside the one in Bouncy Castle, because every stored byte goes through it twice and this
 * one is three times as fast ({@code docs/decisions/0013}).
 *
 * <p>Numbers of 130 bits are three limbs of 44, 44 and 42 bits. The product of two limbs has up to
 * 96 bits; it is split at bit 44 with one {@link Math#multiplyHigh} of factors that are shifted by
 * 20 bits together, so that sums of the parts stay below 2⁶³ and no carry has to be looked for. Two
 * blocks are taken at once, the first with r², because their products do not wait for each other.
 *
 * <p>Time depends on the length alone. Not thread-safe.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc8439#section-2.5">RFC 8439, section 2.5</a>
 */
final class Poly1305 {

  static final int KEY_SIZE = 32;
  static final int TAG_SIZE = 16;

  private static final int BLOCK = 16;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final int LIMB_BITS = 44;
  private static final int TOP_BITS = 42;
  private static final long LIMB = (1L << LIMB_BITS) - 1;
  private static final long TOP = (1L << TOP_BITS) - 1;

  /** The bit above the 128 of a whole block, in the top limb. */
  private static final long WHOLE = 1L << 40;

  // A limb of the accumulator has up to 46 bits, one of r times 20 up to 49: shifted so, both are
  // positive, and the upper half of their product is the product without its lower 44 bits.
  private static final int LEFT = 17;
  private static final int RIGHT = 64 - LIMB_BITS - LEFT;

  // What goes beyond 2^132 comes in again times 20, because 2^130 is 5.
  private static final long WRAP = 20;

  private long r0;
  private long r1;
  private long r2;
  private long square0;
  private long square1;
  private long square2;
  private long s0;
  private long s1;
  private long h0;
  private long h1;
  private long h2;
  private final byte[] rest = new byte[BLOCK];

  /**
   * Begins a message.
   *
   * @param key {@code r | s}, for one message only; r need not be clamped
   */
  void begin(byte[] key) {
    Objects.checkFromIndexSize(0, KEY_SIZE, key.length);
    long low = (long) LONG.get(key, 0) & 0x0ffffffc0fffffffL;
    long high = (long) LONG.get(key, 8) & 0x0ffffffc0ffffffcL;
    r0 = limb0(low);
    r1 = limb1(low, high);
    r2 = limb2(high);
    s0 = (long) LONG.get(key, 16);
    s1 = (long) LONG.get(key, 24);
    h0 = 0;
    h1 = 0;
    h2 = 0;
    addAndMultiply(r0, r1, r2);
    carry();
    square0 = h0;
    square1 = h1;
    square2 = h2;
    h0 = 0;
    h1 = 0;
    h2 = 0;
  }

  /**
   * Takes in the next bytes.
   *
   * @param length a multiple of 16, unless these are the last bytes of the message
   */
  void update(byte[] bytes, int offset, int length) {
    Objects.checkFromIndexSize(offset, length, bytes.length);
    int pairs = length & -(2 * BLOCK);
    absorbPairs(bytes, offset, offset + pairs);
    int at = offset + pairs;
    int left = length - pairs;
    if (left >= BLOCK) {
      absorb((long) LONG.get(bytes, at), (long) LONG.get(bytes, at + 8), WHOLE);
      at += BLOCK;
      left -= BLOCK;
    }
    if (left > 0) {
      Arrays.fill(rest, (byte) 0);
      System.arraycopy(bytes, at, rest, 0, left);
      rest[left] = 1;
      absorb((long) LONG.get(rest, 0), (long) LONG.get(rest, 8), 0L);
    }
  }

  /** Writes the tag, and forgets the key. */
  void finish(byte[] tag) {
    carry();
    // Subtracts 2^130 - 5 if the number is not smaller, without a branch.
    long g0 = h0 + 5;
    long g1 = h1 + (g0 >>> LIMB_BITS);
    long g2 = h2 + (g1 >>> LIMB_BITS) - (1L << TOP_BITS);
    long reduced = ~(g2 >> 63);
    long m0 = (g0 & reduced | h0 & ~reduced) & LIMB;
    long m1 = (g1 & reduced | h1 & ~reduced) & LIMB;
    long m2 = g2 & reduced | h2 & ~reduced;
    long low = m0 | m1 << LIMB_BITS;
    long sum = low + s0;
    // The carry of an unsigned addition, which no comparison may tell by its time.
    long carry = (low & s0 | (low | s0) & ~sum) >>> 63;
    LONG.set(tag, 0, sum);
    LONG.set(tag, 8, (m1 >>> 20 | m2 << 24) + s1 + carry);
    r0 = r1 = r2 = square0 = square1 = square2 = s0 = s1 = h0 = h1 = h2 = 0;
    Arrays.fill(rest, (byte) 0);
  }

  private static long limb0(long low) {
    return low & LIMB;
  }

  private static long limb1(long low, long high) {
    return (low >>> LIMB_BITS | high << 20) & LIMB;
  }

  private static long limb2(long high) {
    return high >>> 24;
  }

  private void absorb(long low, long high, long whole) {
    addAndMultiply(limb0(low), limb1(low, high), limb2(high) | whole);
  }

  /** {@code h = (h + block) · r}. */
  private void addAndMultiply(long b0, long b1, long b2) {
    long a0 = h0 + b0;
    long a1 = h1 + b1;
    long a2 = h2 + b2;
    long w1 = r1 * WRAP;
    long w2 = r2 * WRAP;
    long d0 = lower(a0, r0) + lower(a1, w2) + lower(a2, w1);
    long d1 = lower(a0, r1) + lower(a1, r0) + lower(a2, w2);
    long d2 = lower(a0, r2) + lower(a1, r1) + lower(a2, r0);
    long u0 = upper(a0, r0) + upper(a1, w2) + upper(a2, w1);
    long u1 = upper(a0, r1) + upper(a1, r0) + upper(a2, w2);
    long u2 = upper(a0, r2) + upper(a1, r1) + upper(a2, r0);
    reduce(d0 + u2 * WRAP, d1 + u0, d2 + u1);
  }

  /** For every two blocks {@code h = (h + first) · r² + second · r}. */
  private void absorbPairs(byte[] bytes, int from, int to) {
    long a0 = h0;
    long a1 = h1;
    long a2 = h2;
    long w1 = r1 * WRAP;
    long w2 = r2 * WRAP;
    long x1 = square1 * WRAP;
    long x2 = square2 * WRAP;
    for (int at = from; at < to; at += 2 * BLOCK) {
      long low = (long) LONG.get(bytes, at);
      long high = (long) LONG.get(bytes, at + 8);
      a0 += limb0(low);
      a1 += limb1(low, high);
      a2 += limb2(high) | WHOLE;
      low = (long) LONG.get(bytes, at + BLOCK);
      high = (long) LONG.get(bytes, at + BLOCK + 8);
      long b0 = limb0(low);
      long b1 = limb1(low, high);
      long b2 = limb2(high) | WHOLE;
      long d0 = lower(a0, square0) + lower(a1, x2) + lower(a2, x1);
      long d1 = lower(a0, square1) + lower(a1, square0) + lower(a2, x2);
      long d2 = lower(a0, square2) + lower(a1, square1) + lower(a2, square0);
      long u0 = upper(a0, square0) + upper(a1, x2) + upper(a2, x1);
      long u1 = upper(a0, square1) + upper(a1, square0) + upper(a2, x2);
      long u2 = upper(a0, square2) + upper(a1, square1) + upper(a2, square0);
      d0 += lower(b0, r0) + lower(b1, w2) + lower(b2, w1);
      d1 += lower(b0, r1) + lower(b1, r0) + lower(b2, w2);
      d2 += lower(b0, r2) + lower(b1, r1) + lower(b2, r0);
      u0 += upper(b0, r0) + upper(b1, w2) + upper(b2, w1);
      u1 += upper(b0, r1) + upper(b1, r0) + upper(b2, w2);
      u2 += upper(b0, r2) + upper(b1, r1) + upper(b2, r0);
      a0 = d0 + u2 * WRAP;
      a1 = d1 + u0;
      a2 = d2 + u1;
      a1 += a0 >>> LIMB_BITS;
      a0 &= LIMB;
      a2 += a1 >>> LIMB_BITS;
      a1 &= LIMB;
      a0 += (a2 >>> TOP_BITS) * 5;
      a2 &= TOP;
    }
    h0 = a0;
    h1 = a1;
    h2 = a2;
  }

  private static long lower(long a, long factor) {
    return a * factor & LIMB;
  }

  private static long upper(long a, long factor) {
    return Math.multiplyHigh(a << LEFT, factor << RIGHT);
  }

  /** Leaves limbs of their size, but for the first, which may be a little larger. */
  private void reduce(long a0, long a1, long a2) {
    long b1 = a1 + (a0 >>> LIMB_BITS);
    long b2 = a2 + (b1 >>> LIMB_BITS);
    h0 = (a0 & LIMB) + (b2 >>> TOP_BITS) * 5;
    h1 = b1 & LIMB;
    h2 = b2 & TOP;
  }

  /** Leaves limbs of their size. */
  private void carry() {
    for (int i = 0; i < 3; i++) {
      reduce(h0, h1, h2);
    }
  }
}
