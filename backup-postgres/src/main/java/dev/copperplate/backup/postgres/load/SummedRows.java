package dev.copperplate.backup.postgres.load;

import java.io.IOException;
import java.io.InputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.sql.SQLException;
import java.util.HexFormat;
import org.postgresql.copy.CopyIn;

/** The bytes of rows, summed while they are sent. */
final class SummedRows {

  private static final int BUFFER = 128 << 10;

  private final MessageDigest sum = sha256();
  private final byte[] buffer;
  private final InputStream input;
  private long left;

  SummedRows(long bytes, InputStream input) {
    this.left = bytes;
    this.input = input;
    this.buffer = new byte[(int) Math.min(BUFFER, bytes)];
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** Sends as many as there are: their sum, in hexadecimal digits. */
  String send(CopyIn copying) throws IOException, SQLException {
    for (int read = read(); read > 0; read = read()) {
      sum.update(buffer, 0, read);
      copying.writeToCopy(buffer, 0, read);
      left -= read;
    }
    return HexFormat.of().formatHex(sum.digest());
  }

  private int read() throws IOException {
    return left == 0 ? 0 : input.read(buffer, 0, (int) Math.min(buffer.length, left));
  }
}
