package dev.copperplate.backup.target;

import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;

/**
 * A stream whose bytes pass as fast as a bandwidth allows. What is skipped counts as read, since
 * most stores send it.
 */
final class ThrottledStream extends InputStream {

  private final InputStream in;
  private final Bandwidth bandwidth;

  ThrottledStream(InputStream in, Bandwidth bandwidth) {
    this.in = in;
    this.bandwidth = bandwidth;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    return length == 0 ? 0 : (int) passed(length, granted -> in.read(bytes, offset, granted));
  }

  @Override
  public long skip(long count) throws IOException {
    return count <= 0 ? 0 : passed((int) Math.min(count, Integer.MAX_VALUE), in::skip);
  }

  private long passed(int wanted, Step step) throws IOException {
    int granted = take(wanted);
    long passed = 0;
    try {
      passed = step.take(granted);
      return passed;
    } finally {
      bandwidth.giveBack(granted - (int) Math.max(0, passed));
    }
  }

  private int take(int wanted) throws InterruptedIOException {
    try {
      return bandwidth.take(wanted);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while the limit of bandwidth held it up");
    }
  }

  @Override
  public int available() throws IOException {
    return in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }

  /** Reads or skips at most so many bytes, and says how many. */
  private interface Step {
    long take(int granted) throws IOException;
  }
}
