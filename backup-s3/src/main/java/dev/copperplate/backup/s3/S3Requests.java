package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.util.concurrent.CancellationException;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.exception.SdkException;

/** Makes requests: each waits for its turn, and says in its failure what was being done. */
final class S3Requests {

  private final S3Failures failures;
  private final RequestRate rate;
  private volatile boolean closed;

  S3Requests(S3Failures failures, RequestRate rate) {
    this.failures = failures;
    this.rate = rate;
  }

  /**
   * Makes one request.
   *
   * @param doing such as {@code Put of config to s3://orders-backup}
   */
  <T> T make(String doing, Supplier<T> request) throws IOException {
    requireOpen(doing);
    try {
      rate.await();
      return request.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw S3Failures.interrupted(doing, e);
    } catch (RuntimeException e) {
      throw failed(doing, e);
    }
  }

  private void requireOpen(String doing) throws BackupException {
    if (closed) {
      throw afterwards(doing, null);
    }
  }

  private IOException failed(String doing, RuntimeException failure) {
    if (closed && !Thread.currentThread().isInterrupted()) {
      // Clients that are closed fail in many ways.
      return afterwards(doing, failure);
    }
    if (failure instanceof SdkException ofStore) {
      return failures.explained(doing, ofStore);
    }
    if (failure instanceof CancellationException) {
      // So ends the wait for a connection of the host's client.
      return failures.explained(
          doing, SdkClientException.create("No connection was free in time", failure));
    }
    throw failure;
  }

  private static BackupException afterwards(String doing, @Nullable Throwable cause) {
    return new BackupException(
        Kind.INVALID,
        doing + " failed: the target is closed. Close it when nobody uses it any more",
        cause);
  }

  /** Makes none any more; those under way go on until somebody closes the client. */
  void close() {
    closed = true;
  }
}
