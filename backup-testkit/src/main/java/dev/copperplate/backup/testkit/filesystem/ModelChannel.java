package dev.copperplate.backup.testkit.filesystem;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.MappedByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.NonReadableChannelException;
import java.nio.channels.NonWritableChannelException;
import java.nio.channels.ReadableByteChannel;
import java.nio.channels.WritableByteChannel;

/**
 * An open file, or a directory that was opened to be forced. Keeps the file alive though its names
 * go.
 */
final class ModelChannel extends FileChannel {

  private final ModelFileSystem fileSystem;
  private final ModelPath path;
  private final Node node;
  private final boolean readable;
  private final boolean writable;
  private final boolean append;
  private long position;

  ModelChannel(
      ModelFileSystem fileSystem,
      ModelPath path,
      Node node,
      boolean readable,
      boolean writable,
      boolean append) {
    this.fileSystem = fileSystem;
    this.path = path;
    this.node = node;
    this.readable = readable;
    this.writable = writable;
    this.append = append;
  }

  /** Something that is done while the file system stands still. */
  private interface Step<T> {
    T take() throws IOException;
  }

  /** As channels of the JDK: an interruption closes it. */
  private <T> T step(Step<T> step) throws IOException {
    if (!isOpen()) {
      throw new ClosedChannelException();
    }
    boolean done = false;
    try {
      begin();
      synchronized (fileSystem) {
        fileSystem.requirePower();
        T result = step.take();
        done = true;
        return result;
      }
    } finally {
      end(done);
    }
  }

  @Override
  public int read(ByteBuffer to) throws IOException {
    return step(
        () -> {
          int count = readAt(to, position);
          position += Math.max(0, count);
          return count;
        });
  }

  @Override
  public int read(ByteBuffer to, long from) throws IOException {
    return step(() -> readAt(to, from));
  }

  private int readAt(ByteBuffer to, long from) throws IOException {
    if (!readable) {
      throw new NonReadableChannelException();
    }
    if (node.directory) {
      throw new IOException("Is a directory");
    }
    if (from >= node.size) {
      return -1;
    }
    int count = (int) Math.min(to.remaining(), node.size - from);
    to.put(node.bytes, (int) from, count);
    return count;
  }

  @Override
  public int write(ByteBuffer from) throws IOException {
    return step(
        () -> {
          position = append ? node.size : position;
          int count = writeAt(from, position);
          position += count;
          return count;
        });
  }

  @Override
  public int write(ByteBuffer from, long to) throws IOException {
    return step(() -> writeAt(from, to));
  }

  private int writeAt(ByteBuffer from, long to) throws IOException {
    requireWritable();
    fileSystem.operate("write " + path);
    int count = from.remaining();
    if (to + count - node.size > fileSystem.usable()) {
      throw new IOException("No space left on device");
    }
    node.write(to, from, fileSystem.clock().instant());
    return count;
  }

  private void requireWritable() {
    if (!writable) {
      throw new NonWritableChannelException();
    }
  }

  @Override
  public long read(ByteBuffer[] to, int offset, int length) throws IOException {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      int count = read(to[i]);
      if (count < 0) {
        return sum == 0 ? -1 : sum;
      }
      sum += count;
    }
    return sum;
  }

  @Override
  public long write(ByteBuffer[] from, int offset, int length) throws IOException {
    long sum = 0;
    for (int i = offset; i < offset + length; i++) {
      sum += write(from[i]);
    }
    return sum;
  }

  @Override
  public long position() throws IOException {
    return step(() -> position);
  }

  @Override
  public FileChannel position(long to) throws IOException {
    return step(
        () -> {
          position = to;
          return this;
        });
  }

  @Override
  public long size() throws IOException {
    return step(() -> (long) node.size);
  }

  @Override
  public FileChannel truncate(long length) throws IOException {
    return step(
        () -> {
          requireWritable();
          fileSystem.operate("truncate " + path);
          if (length < node.size) {
            node.truncate((int) length, fileSystem.clock().instant());
          }
          position = Math.min(position, length);
          return this;
        });
  }

  @Override
  public void force(boolean metadata) throws IOException {
    step(
        () -> {
          fileSystem.operate("force " + path);
          node.force();
          return this;
        });
  }

  @Override
  public long transferTo(long from, long count, WritableByteChannel to) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, Math.max(0, size() - from)));
    read(bytes, from);
    return to.write(bytes.flip());
  }

  @Override
  public long transferFrom(ReadableByteChannel from, long to, long count) throws IOException {
    ByteBuffer bytes = ByteBuffer.allocate((int) Math.min(count, 1 << 16));
    from.read(bytes);
    return write(bytes.flip(), to);
  }

  @Override
  public MappedByteBuffer map(MapMode mode, long from, long length) {
    throw new UnsupportedOperationException("The model maps no memory");
  }

  @Override
  public FileLock lock(long from, long length, boolean shared) {
    throw new UnsupportedOperationException("The model locks no files");
  }

  @Override
  public FileLock tryLock(long from, long length, boolean shared) {
    throw new UnsupportedOperationException("The model locks no files");
  }

  @Override
  protected void implCloseChannel() {}
}
