package dev.copperplate.backup.kafka.batch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Bytes in memory, written as records are, and given away without a copy. */
final class GrowingBytes extends ByteArrayOutputStream {

  GrowingBytes(int capacity) {
    super(capacity);
  }

  void number(long value) {
    long raw = Varints.unsigned(value);
    while ((raw & ~0x7fL) != 0) {
      write((int) raw & 0x7f | 0x80);
      raw >>>= 7;
    }
    write((int) raw);
  }

  void nullable(byte @Nullable [] bytes) {
    number(bytes == null ? -1 : bytes.length);
    if (bytes != null) {
      writeBytes(bytes);
    }
  }

  void copyTo(OutputStream out, int from) throws IOException {
    out.write(buf, from, count - from);
  }

  ByteBuffer buffer() {
    return ByteBuffer.wrap(buf, 0, count).slice();
  }
}
