package dev.copperplate.backup.postgres.dump;

import java.io.IOException;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Gathers rows into large writes, and sums them. Not thread-safe. */
final class RowSink {

  private static final int BUFFER = 128 << 10;

  private final OutputStream output;
  private final MessageDigest sum = sha256();
  private final byte[] buffer = new byte[BUFFER];
  private int used;
  private long bytes;

  RowSink(OutputStream output) {
    this.output = output;
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  void add(byte[] row) throws IOException {
    bytes += row.length;
    if (row.length > buffer.length - used) {
      flush();
    }
    if (row.length > buffer.length) {
      sum.update(row);
      output.write(row);
    } else {
      System.arraycopy(row, 0, buffer, used, row.length);
      used += row.length;
    }
  }

  private void flush() throws IOException {
    sum.update(buffer, 0, used);
    output.write(buffer, 0, used);
    used = 0;
  }

  /** Writes what is left. */
  String finish() throws IOException {
    flush();
    return HexFormat.of().formatHex(sum.digest());
  }

  long bytes() {
    return bytes;
  }
}
