package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** A range of a file, as long as the file was when it was opened. */
final class ObjectStream extends InputStream {

  private final SeekableByteChannel channel;
  private final DiskFailures failures;
  private final String doing;
  private final long size;
  private long remaining;

  ObjectStream(SeekableByteChannel channel, ByteRange range, DiskFailures failures, String doing)
      throws IOException {
    this.channel = channel;
    this.failures = failures;
    this.doing = doing;
    this.size = channel.size();
    this.remaining = range.within(size);
    if (remaining > 0) {
      channel.position(range.from());
    }
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    if (length == 0) {
      return 0;
    }
    if (remaining == 0) {
      return -1;
    }
    // The JDK keeps a buffer as large as the largest read of each thread.
    int wanted = (int) Math.min(Math.min(length, Upload.BUFFER), remaining);
    int count = readSome(ByteBuffer.wrap(bytes, offset, wanted));
    remaining -= count;
    return count;
  }

  private int readSome(ByteBuffer bytes) throws IOException {
    try {
      int count = channel.read(bytes);
      if (count < 0) {
        throw cut();
      }
      return count;
    } catch (IOException e) {
      throw failures.explained(doing, e);
    }
  }

  private Refusal cut() {
    return new Refusal(
        Kind.DAMAGED,
        "the file had " + size + " bytes when it was opened and is shorter now; something cut it");
  }

  @Override
  public long skip(long count) throws IOException {
    long skipped = Math.max(0, Math.min(count, remaining));
    if (skipped > 0) {
      channel.position(channel.position() + skipped);
      remaining -= skipped;
    }
    return skipped;
  }

  @Override
  public int available() {
    return (int) Math.min(remaining, Upload.BUFFER);
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }
}
