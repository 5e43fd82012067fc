package dev.copperplate.backup.postgres.basebackup;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.HexFormat;
import java.util.zip.CRC32C;

/** The server writes the four bytes as they lie in its memory: the lowest one first. */
final class CrcChecksum implements FileChecksum {

  private final CRC32C crc = new CRC32C();

  @Override
  public void update(byte[] bytes, int from, int length) {
    crc.update(bytes, from, length);
  }

  @Override
  public String hex() {
    ByteBuffer four = ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN);
    return HexFormat.of().formatHex(four.putInt((int) crc.getValue()).array());
  }
}
