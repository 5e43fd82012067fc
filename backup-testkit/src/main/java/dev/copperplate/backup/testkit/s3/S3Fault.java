package dev.copperplate.backup.testkit.s3;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * One way in which stores and what stands before them fail. Immutable.
 *
 * <p>Each says whether the request is still carried out. What goes wrong below HTTP (delays, cut
 * packets, half-open connections) is the business of a proxy.
 */
public final class S3Fault {

  /** What becomes of the answer. */
  enum Ending {
    WHOLE,
    NONE,
    CUT,
    SPOILT
  }

  private final boolean carriedOut;
  private final Ending ending;
  private final @Nullable S3Error error;
  private final @Nullable Response answer;

  private S3Fault(
      boolean carriedOut, Ending ending, @Nullable S3Error error, @Nullable Response answer) {
    this.carriedOut = carriedOut;
    this.ending = ending;
    this.error = error;
    this.answer = answer;
  }

  /** Refused with a status and a code of one's own. */
  public static S3Fault refused(int status, String code) {
    return refused(new S3Error(status, code, "It is refused, as the test wants it"));
  }

  private static S3Fault refused(S3Error error) {
    return new S3Fault(false, Ending.WHOLE, error, null);
  }

  /**
   * 503 SlowDown, as S3 <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">answers</a> to too
   * many requests of a prefix.
   */
  public static S3Fault slowDown() {
    return refused(new S3Error(503, "SlowDown", "Please reduce your request rate."));
  }

  /** 429 TooManyRequests, as other stores answer. */
  public static S3Fault tooManyRequests() {
    return refused(429, "TooManyRequests");
  }

  /** 500 InternalError. */
  public static S3Fault internalError() {
    return refused(
        new S3Error(500, "InternalError", "We encountered an internal error. Please try again."));
  }

  /** 403 AccessDenied: a policy that changed, a token that was revoked. */
  public static S3Fault forbidden() {
    return refused(S3Error.accessDenied());
  }

  /** 403 QuotaExceeded, as Ceph answers when a bucket or a user is full. */
  public static S3Fault quotaExceeded() {
    return refused(403, "QuotaExceeded");
  }

  /** 507 InsufficientStorage, as MinIO names a full disk ({@code XMinioStorageFull}). */
  public static S3Fault insufficientStorage() {
    return refused(507, "XMinioStorageFull");
  }

  /** 502 with a page in HTML: a gateway that does not reach the store. */
  public static S3Fault badGateway() {
    String page = "<html><head><title>502 Bad Gateway</title></head><body>nginx</body></html>";
    Response answer = new Response(502).header("Content-Type", "text/html");
    return new S3Fault(
        false, Ending.WHOLE, null, answer.body(page.getBytes(StandardCharsets.UTF_8)));
  }

  /**
   * 200 with an error in the body, as <a
   * href="https://docs.aws.amazon.com/AmazonS3/latest/API/API_CompleteMultipartUpload.html">completions
   * and copies</a> may end that have begun to answer. Nothing is carried out.
   */
  public static S3Fault errorInSuccess() {
    XmlWriter document = XmlWriter.plainRoot("Error");
    document.element("Code", "InternalError");
    document.element("Message", "We encountered an internal error. Please try again.");
    return new S3Fault(false, Ending.WHOLE, null, Response.xml(document.close("Error")));
  }

  /** The connection is closed without an answer, and nothing is carried out. */
  public static S3Fault connectionLost() {
    return new S3Fault(false, Ending.NONE, null, null);
  }

  /** It is carried out, and the connection is closed without an answer. */
  public static S3Fault answerLost() {
    return new S3Fault(true, Ending.NONE, null, null);
  }

  /** It is carried out; half of the body that was announced is sent, then the connection closes. */
  public static S3Fault truncates() {
    return new S3Fault(true, Ending.CUT, null, null);
  }

  /** It is carried out; one bit in the middle of the body that is sent is another. */
  public static S3Fault flipsBit() {
    return new S3Fault(true, Ending.SPOILT, null, null);
  }

  /** The same with {@code Retry-After}, in whole seconds; only for what is refused. */
  public S3Fault retryAfter(Duration time) {
    if (error == null) {
      throw new IllegalArgumentException("Only what is refused says when to come again");
    }
    S3Error later = new S3Error(error.status(), error.code(), error.text());
    return refused(later.header("Retry-After", Long.toString(time.toSeconds())));
  }

  boolean isCarriedOut() {
    return carriedOut;
  }

  Ending ending() {
    return ending;
  }

  @Nullable S3Error error() {
    return error;
  }

  @Nullable Response answer() {
    return answer;
  }
}
