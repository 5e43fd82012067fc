package dev.copperplate.backup.repository.chunk;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The chunker as the specification tells it, byte by byte and state by state: a ring for the
 * window, a byte 1 slid in at each start, tables worked out one bit at a time. Shares nothing with
 * the code under test.
 */
final class ReferenceChunker {
  private static final int MINIMUM = 524_288;
  private static final int MAXIMUM = 8_388_608;
  private static final long MASK = 0xfffff;

  private final long polynomial;
  private final long[] out = new long[256];
  private final long[] mod = new long[256];

  private final byte[] window = new byte[64];
  private int position;
  private long digest;

  ReferenceChunker(String polynomialInHex) {
    polynomial = Long.parseLong(polynomialInHex, 16);
    for (int b = 0; b < 256; b++) {
      out[b] = timesPowerOfX(b, 63 * 8);
      mod[b] = timesPowerOfX(b, 53) | (long) b << 53;
    }
  }

  private long timesPowerOfX(long value, int power) {
    long product = value;
    for (int i = 0; i < power; i++) {
      product <<= 1;
      if ((product & 1L << 53) != 0) {
        product ^= polynomial;
      }
    }
    return product;
  }

  /** The sizes of all chunks of a content, in order. */
  List<Integer> sizes(byte[] content) {
    List<Integer> sizes = new ArrayList<>();
    int start = 0;
    while (start < content.length) {
      int size = firstChunk(content, start);
      sizes.add(size);
      start += size;
    }
    return sizes;
  }

  private int firstChunk(byte[] content, int start) {
    restart();
    int available = content.length - start;
    for (int size = MINIMUM - 64 + 1; size <= available; size++) {
      slide(content[start + size - 1]);
      if (size >= MINIMUM && ((digest & MASK) == 0 || size >= MAXIMUM)) {
        return size;
      }
    }
    return available;
  }

  private void restart() {
    Arrays.fill(window, (byte) 0);
    position = 0;
    digest = 0;
    slide((byte) 1);
  }

  private void slide(byte entering) {
    digest ^= out[Byte.toUnsignedInt(window[position])];
    window[position] = entering;
    position = (position + 1) % window.length;
    long index = digest >>> 45;
    digest = (digest << 8 | Byte.toUnsignedLong(entering)) ^ mod[(int) index];
  }
}
