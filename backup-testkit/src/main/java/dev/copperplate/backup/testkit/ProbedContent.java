package dev.copperplate.backup.testkit;

import dev.copperplate.backup.Content;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.atomic.AtomicInteger;

/** Content that counts its streams, and in whose middle something happens. */
final class ProbedContent implements Content {

  private final byte[] bytes;
  private final long length;
  private final Event middle;
  private final AtomicInteger opened = new AtomicInteger();
  private final AtomicInteger closed = new AtomicInteger();

  /** What happens when half of the bytes have been read. */
  interface Event {
    void happen() throws IOException;
  }

  ProbedContent(byte[] bytes, Event middle) {
    this(bytes, bytes.length, middle);
  }

  private ProbedContent(byte[] bytes, long length, Event middle) {
    this.bytes = bytes;
    this.length = length;
    this.middle = middle;
  }

  /** Content that is not as long as it says. */
  static ProbedContent lying(byte[] bytes, long length) {
    return new ProbedContent(bytes, length, () -> {});
  }

  int opened() {
    return opened.get();
  }

  int stillOpen() {
    return opened.get() - closed.get();
  }

  @Override
  public long length() {
    return length;
  }

  @Override
  public InputStream open() {
    opened.incrementAndGet();
    return new ProbedStream();
  }

  private final class ProbedStream extends InputStream {

    private final int half = bytes.length / 2;
    private final InputStream first = new ByteArrayInputStream(bytes, 0, half);
    private final InputStream second = new ByteArrayInputStream(bytes, half, bytes.length - half);
    private boolean past;
    private boolean shut;

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] buffer, int offset, int wanted) throws IOException {
      int count = past ? -1 : first.read(buffer, offset, wanted);
      if (count >= 0) {
        return count;
      }
      if (!past) {
        past = true;
        middle.happen();
      }
      return second.read(buffer, offset, wanted);
    }

    @Override
    public void close() {
      if (!shut) {
        shut = true;
        closed.incrementAndGet();
      }
    }
  }
}
