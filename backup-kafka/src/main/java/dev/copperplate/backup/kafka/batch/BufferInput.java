package dev.copperplate.backup.kafka.batch;

import java.io.InputStream;
import java.nio.ByteBuffer;

/** The bytes of a buffer as a stream, which knows how many are left. */
final class BufferInput extends InputStream {

  private final ByteBuffer bytes;

  BufferInput(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read() {
    return bytes.hasRemaining() ? bytes.get() & 0xff : -1;
  }

  @Override
  public int read(byte[] target, int offset, int length) {
    int some = Math.min(length, bytes.remaining());
    if (some == 0 && length > 0) {
      return -1;
    }
    bytes.get(target, offset, some);
    return some;
  }

  @Override
  public int available() {
    return bytes.remaining();
  }
}
