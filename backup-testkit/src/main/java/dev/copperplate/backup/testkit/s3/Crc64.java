package dev.copperplate.backup.testkit.s3;

import java.util.zip.Checksum;

/**
 * CRC-64/NVME, which the JDK lacks: the polynomial {@code ad93d23594c93659}, reflected, all bits
 * inverted before and after.
 */
final class Crc64 implements Checksum {

  private static final long POLYNOMIAL = 0x9a6c9329ac4bc9b5L;
  private static final long[] TABLE = table();

  private long inverted = -1;

  private static long[] table() {
    long[] table = new long[256];
    for (int index = 0; index < 256; index++) {
      long value = index;
      for (int bit = 0; bit < 8; bit++) {
        value = (value & 1) == 0 ? value >>> 1 : value >>> 1 ^ POLYNOMIAL;
      }
      table[index] = value;
    }
    return table;
  }

  @Override
  public void update(int octet) {
    inverted = inverted >>> 8 ^ TABLE[(int) (inverted ^ octet) & 0xff];
  }

  @Override
  public void update(byte[] bytes, int offset, int length) {
    for (int at = offset; at < offset + length; at++) {
      update(bytes[at]);
    }
  }

  @Override
  public long getValue() {
    return ~inverted;
  }

  @Override
  public void reset() {
    inverted = -1;
  }
}
