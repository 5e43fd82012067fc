package dev.copperplate.backup.kafka.batch;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.zip.CRC32;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipException;

/**
 * Decompresses gzip of several members. The JDK's own stream calls itself for each member, so that
 * a few megabytes of empty ones exhaust the stack.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc1952">RFC 1952</a>
 */
final class GzipInput extends InputStream {

  private static final int MAGIC = 0x8b1f;
  private static final int HEADER_CHECKSUM = 1 << 1;
  private static final int EXTRA = 1 << 2;
  private static final int NAME = 1 << 3;
  private static final int COMMENT = 1 << 4;
  private static final int RESERVED = 0xe0;

  private final ByteBuffer compressed;
  private final Inflater inflater = new Inflater(true);
  private final CRC32 checksum = new CRC32();
  private boolean within;

  GzipInput(ByteBuffer compressed) {
    this.compressed = compressed.order(ByteOrder.LITTLE_ENDIAN);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] target, int offset, int length) throws IOException {
    while (length > 0) {
      if (!within && !compressed.hasRemaining()) {
        return -1;
      }
      if (!within) {
        begin();
      }
      int some = inflate(target, offset, length);
      if (some > 0) {
        return some;
      }
    }
    return 0;
  }

  private int inflate(byte[] target, int offset, int length) throws IOException {
    try {
      int some = inflater.inflate(target, offset, length);
      checksum.update(target, offset, some);
      if (inflater.finished()) {
        end();
      } else if (some == 0) {
        throw new EOFException("The compressed bytes end too early");
      }
      return some;
    } catch (DataFormatException e) {
      throw new ZipException(e.getMessage());
    }
  }

  private void begin() throws IOException {
    require(10);
    int magic = compressed.getShort() & 0xffff;
    int method = compressed.get();
    int flags = compressed.get();
    if (magic != MAGIC || method != 8 || (flags & RESERVED) != 0) {
      throw new ZipException("No gzip header");
    }
    skip(6);
    if ((flags & EXTRA) != 0) {
      require(2);
      skip(compressed.getShort() & 0xffff);
    }
    skipText(flags & NAME);
    skipText(flags & COMMENT);
    skip((flags & HEADER_CHECKSUM) != 0 ? 2 : 0);
    inflater.reset();
    checksum.reset();
    inflater.setInput(compressed);
    within = true;
  }

  private void end() throws IOException {
    require(8);
    long stored = Integer.toUnsignedLong(compressed.getInt());
    int length = compressed.getInt();
    if (stored != checksum.getValue() || length != (int) inflater.getBytesWritten()) {
      throw new ZipException("The checksum or the length of the gzip member is wrong");
    }
    within = false;
  }

  private void skipText(int flag) throws IOException {
    if (flag != 0) {
      do {
        require(1);
      } while (compressed.get() != 0);
    }
  }

  private void skip(int bytes) throws IOException {
    require(bytes);
    compressed.position(compressed.position() + bytes);
  }

  private void require(int bytes) throws IOException {
    if (compressed.remaining() < bytes) {
      throw new EOFException("The compressed bytes end too early");
    }
  }

  @Override
  public void close() {
    inflater.end();
  }
}
