package dev.copperplate.backup.postgres.scratch;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.io.OutputStream;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketTimeoutException;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.ClosedChannelException;
import java.nio.channels.ClosedSelectorException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.nio.file.Path;

/**
 * A connected Unix socket in the form that the driver takes. The JDK has such sockets as channels
 * only, which know no time-out: so both directions wait in a selector.
 *
 * <p>One thread may read and another write. Closing it ends both.
 */
final class UnixSocket extends Socket {

  private final SocketChannel channel;
  private final Selector readable;
  private final Selector writable;
  private volatile int timeoutMillis;

  UnixSocket(Path path) throws IOException {
    channel = SocketChannel.open(UnixDomainSocketAddress.of(path));
    try {
      channel.configureBlocking(false);
      readable = Selector.open();
      writable = Selector.open();
      channel.register(readable, SelectionKey.OP_READ);
      channel.register(writable, SelectionKey.OP_WRITE);
    } catch (IOException e) {
      close();
      throw e;
    }
  }

  private int read(ByteBuffer buffer) throws IOException {
    int count = channel.read(buffer);
    while (count == 0) {
      await(readable);
      count = channel.read(buffer);
    }
    return count;
  }

  private void write(ByteBuffer buffer) throws IOException {
    while (buffer.hasRemaining()) {
      if (channel.write(buffer) == 0) {
        await(writable);
      }
    }
  }

  private void await(Selector selector) throws IOException {
    if (selected(selector) == 0 && channel.isOpen()) {
      if (Thread.currentThread().isInterrupted()) {
        throw new InterruptedIOException("Interrupted while waiting for the server");
      }
      throw new SocketTimeoutException("Nothing came within " + timeoutMillis + " ms");
    }
  }

  private int selected(Selector selector) throws IOException {
    try {
      int selected = selector.select(timeoutMillis);
      selector.selectedKeys().clear();
      return selected;
    } catch (ClosedSelectorException e) {
      throw (IOException) new ClosedChannelException().initCause(e);
    }
  }

  @Override
  public InputStream getInputStream() {
    return new InputStream() {
      @Override
      public int read() throws IOException {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) throws IOException {
        return length == 0 ? 0 : UnixSocket.this.read(ByteBuffer.wrap(bytes, offset, length));
      }

      @Override
      public void close() throws IOException {
        UnixSocket.this.close();
      }
    };
  }

  @Override
  public OutputStream getOutputStream() {
    return new OutputStream() {
      @Override
      public void write(int octet) throws IOException {
        write(new byte[] {(byte) octet}, 0, 1);
      }

      @Override
      public void write(byte[] bytes, int offset, int length) throws IOException {
        UnixSocket.this.write(ByteBuffer.wrap(bytes, offset, length));
      }

      @Override
      public void close() throws IOException {
        UnixSocket.this.close();
      }
    };
  }

  @Override
  public synchronized void close() throws IOException {
    channel.close();
    if (readable != null) {
      readable.close();
    }
    if (writable != null) {
      writable.close();
    }
  }

  @Override
  public boolean isConnected() {
    return true;
  }

  @Override
  public boolean isBound() {
    return true;
  }

  @Override
  public boolean isClosed() {
    return !channel.isOpen();
  }

  @Override
  public void connect(SocketAddress endpoint, int timeout) {
    throw new IllegalStateException("A Unix socket is connected from its beginning");
  }

  @Override
  public synchronized void setSoTimeout(int millis) {
    timeoutMillis = millis;
  }

  @Override
  public synchronized int getSoTimeout() {
    return timeoutMillis;
  }

  // What follows are options of TCP, which the driver sets and asks for.

  @Override
  public void setTcpNoDelay(boolean on) {}

  @Override
  public void setKeepAlive(boolean on) {}

  @Override
  public synchronized void setReceiveBufferSize(int size) {}

  @Override
  public synchronized void setSendBufferSize(int size) {}

  @Override
  public synchronized int getSendBufferSize() {
    return 8 << 10;
  }

  @Override
  public synchronized int getReceiveBufferSize() {
    return 8 << 10;
  }
}
