package dev.copperplate.backup.testkit.s3;

/**
 * A request and how it ended.
 *
 * @param request what was asked
 * @param user the access key that signed it; empty if nobody did, or if that did not become known
 * @param status of HTTP; 0 if the connection was closed without an answer
 * @param code of the error; empty for none
 * @param bytes of the body that was sent back
 */
public record RecordedRequest(S3Request request, String user, int status, String code, long bytes) {

  /** The operation as the API calls it. */
  public String operation() {
    return request.operation();
  }

  /** Empty for a bucket. */
  public String key() {
    return request.key();
  }
}
