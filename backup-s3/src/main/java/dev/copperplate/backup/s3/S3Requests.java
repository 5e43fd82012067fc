package dev.copperplate.backup.s3;

import java.io.IOException;
import java.util.function.Supplier;
import software.amazon.awssdk.core.exception.SdkException;

/** Makes requests: each waits for its turn, and says in its failure what was being done. */
final class S3Requests {

  private final S3Failures failures;
  private final RequestRate rate;

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
    try {
      rate.await();
      return request.get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw S3Failures.interrupted(doing, e);
    } catch (SdkException e) {
      throw failures.explained(doing, e);
    }
  }
}
