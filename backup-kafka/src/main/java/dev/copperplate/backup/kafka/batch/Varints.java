package dev.copperplate.backup.kafka.batch;

/**
 * Numbers of variable length, the sign in the lowest bit.
 *
 * @see <a href="https://protobuf.dev/programming-guides/encoding/#signed-ints">Protocol Buffers,
 *     "Signed Integers"</a>
 */
final class Varints {

  /** Five bytes hold an int. */
  static final int INT_BITS = 35;

  /** Ten bytes hold a long. */
  static final int LONG_BITS = 70;

  private Varints() {}

  static int signed(int raw) {
    return raw >>> 1 ^ -(raw & 1);
  }

  static long signed(long raw) {
    return raw >>> 1 ^ -(raw & 1);
  }

  static long unsigned(long value) {
    return value << 1 ^ value >> 63;
  }

  /** How many bytes a number takes. */
  static int size(long value) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(unsigned(value) | 1);
    return (bits + 6) / 7;
  }
}
