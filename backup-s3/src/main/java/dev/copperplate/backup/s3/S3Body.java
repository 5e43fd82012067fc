package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;

/** The bytes of an answer, as many as were asked for or a failure. For one thread. */
final class S3Body extends InputStream {

  private final ResponseInputStream<GetObjectResponse> in;
  private final S3Failures failures;
  private final String doing;
  private final long nanosAllowed;
  private long left;
  private long nanosWaited;

  /**
   * @param length how many bytes have to come
   * @param longest how long reads may wait for the store altogether
   */
  S3Body(
      ResponseInputStream<GetObjectResponse> in,
      long length,
      Duration longest,
      S3Failures failures,
      String doing) {
    this.in = in;
    this.left = length;
    this.nanosAllowed = longest.toNanos();
    this.failures = failures;
    this.doing = doing;
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
    if (left == 0) {
      return -1;
    }
    int count = readSome(bytes, offset, (int) Math.min(length, left));
    if (count < 0) {
      throw new BackupException(
          Kind.UNAVAILABLE, doing + " broke: the answer ends " + left + " bytes too early");
    }
    left -= count;
    return count;
  }

  private int readSome(byte[] bytes, int offset, int length) throws IOException {
    long start = System.nanoTime();
    Interruptions.Watch watch = Interruptions.watch(in::abort);
    try {
      return in.read(bytes, offset, length);
    } catch (IOException e) {
      throw failures.explained(doing, e);
    } catch (SdkException e) {
      // So the SDK ends a thread that was interrupted before.
      throw failures.explained(doing, e);
    } finally {
      watch.close();
      requireTime(System.nanoTime() - start);
    }
  }

  private void requireTime(long waited) throws BackupException {
    nanosWaited += waited;
    if (nanosWaited > nanosAllowed) {
      in.abort();
      throw new BackupException(
          Kind.UNAVAILABLE,
          doing + " was given up: the store took more than " + Duration.ofNanos(nanosAllowed));
    }
  }

  /** A connection whose answer was not read to its end serves nobody else. */
  @Override
  public void close() throws IOException {
    // The SDK would not close it for a thread that is interrupted.
    if (left > 0 || Thread.currentThread().isInterrupted()) {
      in.abort();
    } else {
      in.close();
    }
  }
}
