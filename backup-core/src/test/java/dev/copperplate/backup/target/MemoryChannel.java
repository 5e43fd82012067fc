package dev.copperplate.backup.target;

import java.nio.ByteBuffer;
import java.nio.channels.SeekableByteChannel;

/** Bytes to be read, as the channel of a file. */
final class MemoryChannel implements SeekableByteChannel {

  private final byte[] bytes;
  private int position;

  MemoryChannel(byte[] bytes) {
    this.bytes = bytes;
  }

  @Override
  public int read(ByteBuffer buffer) {
    if (position >= bytes.length) {
      return -1;
    }
    int count = Math.min(buffer.remaining(), bytes.length - position);
    buffer.put(bytes, position, count);
    position += count;
    return count;
  }

  @Override
  public int write(ByteBuffer buffer) {
    throw new UnsupportedOperationException();
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public SeekableByteChannel position(long position) {
    this.position = (int) position;
    return this;
  }

  @Override
  public long size() {
    return bytes.length;
  }

  @Override
  public SeekableByteChannel truncate(long size) {
    throw new UnsupportedOperationException();
  }

  @Override
  public boolean isOpen() {
    return true;
  }

  @Override
  public void close() {}
}
