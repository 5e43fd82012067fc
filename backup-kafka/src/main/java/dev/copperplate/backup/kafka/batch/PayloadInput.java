package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** The decompressed records of a batch, bounded. What cannot be read is damage of the batch. */
final class PayloadInput implements Closeable {

  private static final int WINDOW = 1 << 14;

  private final Batch batch;
  private final InputStream plain;
  private final BatchLimits limits;
  private final byte[] window = new byte[WINDOW];
  private int position;
  private int end;
  private long total;
  private byte[] bytes = new byte[0];

  PayloadInput(Batch batch, InputStream plain, BatchLimits limits) {
    this.batch = batch;
    this.plain = plain;
    this.limits = limits;
  }

  boolean atEnd() throws BackupException {
    return position == end && !fill();
  }

  /** A length, as records begin with it. */
  int varint() throws BackupException {
    int raw = 0;
    for (int shift = 0; shift < Varints.INT_BITS; shift += 7) {
      if (atEnd()) {
        throw damage("its records end too early");
      }
      int next = window[position++];
      raw |= (next & 0x7f) << shift;
      if (next >= 0) {
        return Varints.signed(raw);
      }
    }
    throw damage("the length of a record is no number");
  }

  /**
   * So many of the next bytes, in an array that may be longer and is used again by the next call.
   * It grows with what is really there.
   */
  byte[] bytes(int length) throws BackupException {
    int filled = 0;
    while (filled < length) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(length, Math.max(WINDOW, 2L * filled)));
      }
      if (atEnd()) {
        throw damage("its records end too early");
      }
      int some = Math.min(end - position, Math.min(length, bytes.length) - filled);
      System.arraycopy(window, position, bytes, filled, some);
      position += some;
      filled += some;
    }
    return bytes;
  }

  BackupException damage(String what) {
    return Damage.of(batch.baseOffset(), what);
  }

  private boolean fill() throws BackupException {
    int some = read();
    position = 0;
    end = Math.max(some, 0);
    total += end;
    if (total > limits.decompressedBytes()) {
      throw damage(
          "its records have more than " + limits.decompressedBytes() + " bytes, the limit");
    }
    return some > 0;
  }

  private int read() throws BackupException {
    try {
      return plain.read(window, 0, window.length);
    } catch (IOException | RuntimeException e) {
      throw unreadable(batch, e);
    }
  }

  /** What codecs say of bytes that they do not like; that of LZ4 is no exception of I/O. */
  static BackupException unreadable(Batch batch, Exception cause) {
    return Damage.of(
        batch.baseOffset(), "its records cannot be decompressed (" + batch.codec() + ")", cause);
  }

  @Override
  public void close() {
    try {
      plain.close();
    } catch (IOException e) {
      throw new IllegalStateException("Memory has nothing to fail", e);
    }
  }
}
