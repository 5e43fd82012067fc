package dev.copperplate.backup.target;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import java.io.IOException;
import java.io.InputStream;

/** An object that is opened again where it broke off. */
final class RetryingStream extends InputStream {

  private final Opening opening;
  private final ByteRange range;
  private final Attempts attempts;
  private InputStream in;
  private long offset;
  private boolean broken;

  /** Opens a range of one object. */
  interface Opening {
    InputStream open(ByteRange range) throws IOException;
  }

  RetryingStream(Opening opening, ByteRange range, Attempts attempts) throws IOException {
    this.opening = opening;
    this.range = range;
    this.attempts = attempts;
    this.in = attempts.make(() -> opening.open(range));
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int from, int length) throws IOException {
    return attempts.make(() -> readOnce(bytes, from, length));
  }

  private int readOnce(byte[] bytes, int from, int length) throws IOException {
    reopenIfBroken();
    try {
      int count = in.read(bytes, from, length);
      moved(count);
      return count;
    } catch (BackupException e) {
      broken = true;
      throw e;
    }
  }

  @Override
  public long skip(long count) throws IOException {
    return attempts.make(() -> skipOnce(count));
  }

  private long skipOnce(long count) throws IOException {
    reopenIfBroken();
    try {
      long skipped = in.skip(count);
      moved(skipped);
      return skipped;
    } catch (BackupException e) {
      broken = true;
      throw e;
    }
  }

  private void moved(long count) {
    if (count > 0) {
      offset += count;
      attempts.progressed();
    }
  }

  private void reopenIfBroken() throws IOException {
    if (broken) {
      closeBroken();
      in = opening.open(new ByteRange(range.from() + offset, range.to()));
      broken = false;
    }
  }

  private void closeBroken() {
    try {
      in.close();
    } catch (IOException e) {
      // It has failed already, and another takes its place.
    }
  }

  @Override
  public int available() throws IOException {
    return broken ? 0 : in.available();
  }

  @Override
  public void close() throws IOException {
    in.close();
  }
}
