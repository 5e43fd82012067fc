package dev.copperplate.backup.postgres.basebackup;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.SortedMap;

/**
 * An incremental file of the tests: blocks of one repeated byte.
 *
 * @param truncation to how many blocks the file was cut
 * @param blocks what is in them, by number
 */
record Incremental(int truncation, SortedMap<Integer, Byte> blocks) {

  static final int BLOCK = 8192;

  byte[] bytes() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    number(out, 0xd3ae1f0d);
    number(out, blocks.size());
    number(out, truncation);
    blocks.keySet().forEach(each -> number(out, each));
    while (!blocks.isEmpty() && out.size() % BLOCK != 0) {
      out.write(0);
    }
    blocks.values().forEach(each -> out.writeBytes(block(each)));
    return out.toByteArray();
  }

  /** What the server's tool does, the simple way. */
  static byte[] naive(byte[] base, Iterable<Incremental> oldestFirst, Incremental newest) {
    int last = newest.blocks.isEmpty() ? -1 : newest.blocks.lastKey();
    byte[] whole = Arrays.copyOf(base, 64 * BLOCK);
    for (Incremental each : oldestFirst) {
      each.blocks.forEach(
          (number, value) -> System.arraycopy(block(value), 0, whole, number * BLOCK, BLOCK));
    }
    return Arrays.copyOf(whole, Math.max(newest.truncation, last + 1) * BLOCK);
  }

  static byte[] block(byte value) {
    byte[] block = new byte[BLOCK];
    Arrays.fill(block, value);
    return block;
  }

  private static void number(ByteArrayOutputStream out, int value) {
    ByteBuffer four = ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value);
    out.writeBytes(four.array());
  }
}
