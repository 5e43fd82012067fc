package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.core.exception.ApiCallAttemptTimeoutException;
import software.amazon.awssdk.core.exception.SdkException;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Turns what a store answers into failures with a kind and a remedy. Source: <a
 * href="https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html">Error responses</a>,
 * and what Ceph and MinIO answer instead.
 */
final class S3Failures {

  private static final int MOVED = 301;
  private static final int REDIRECTED = 307;
  private static final int UNKNOWN_CALLER = 401;
  private static final int REFUSED = 403;
  private static final int ABSENT = 404;
  private static final int NOT_ALLOWED = 405;
  private static final int TIMED_OUT = 408;
  private static final int CONFLICT = 409;
  private static final int EXISTS = 412;
  private static final int TOO_MANY = 429;
  private static final int BROKEN = 500;
  private static final int LACKING = 501;
  private static final int NO_ROOM = 507;

  private static final Set<String> FULL =
      Set.of(
          "QuotaExceeded",
          "InsufficientStorage",
          "XMinioStorageFull",
          "XMinioAdminBucketQuotaExceeded",
          "InsufficientCapacity");

  private static final Set<String> PASSING =
      Set.of(
          "SlowDown",
          "SlowDownRead",
          "SlowDownWrite",
          "InternalError",
          "ServiceUnavailable",
          "RequestTimeout",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "TooManyRequestsException",
          "OperationAborted",
          "ConditionalRequestConflict");

  private static final Reason REFUSED_BY_POLICY =
      new Reason(Kind.DENIED, "Look at the credentials, and at what their policy allows");

  private static final Reason STRANGER =
      new Reason(Kind.INVALID, "Look at the endpoint, and whether it speaks S3");

  /** What a person can do about codes that do not say it themselves. */
  private static final Map<String, Reason> REASONS =
      Map.ofEntries(
          Map.entry(
              "NoSuchBucket",
              new Reason(Kind.INVALID, "Create the bucket, or correct its name or the endpoint")),
          Map.entry(
              "InvalidBucketName", new Reason(Kind.INVALID, "Correct the name of the bucket")),
          Map.entry("AccessDenied", REFUSED_BY_POLICY),
          Map.entry("InvalidAccessKeyId", new Reason(Kind.DENIED, "The access key is not known")),
          Map.entry("SignatureDoesNotMatch", new Reason(Kind.DENIED, "The secret key is wrong")),
          Map.entry("ExpiredToken", new Reason(Kind.DENIED, "Get new credentials")),
          Map.entry("TokenRefreshRequired", new Reason(Kind.DENIED, "Get new credentials")),
          Map.entry("InvalidToken", new Reason(Kind.DENIED, "Get new credentials")),
          Map.entry(
              "RequestTimeTooSkewed",
              new Reason(
                  Kind.DENIED,
                  "Set the clock of this machine: it is more than 15 minutes from the store's")),
          Map.entry(
              "AuthorizationHeaderMalformed",
              new Reason(Kind.INVALID, "Give the region of the bucket")),
          Map.entry(
              "PermanentRedirect",
              new Reason(Kind.INVALID, "Give the region or the endpoint of the bucket")),
          Map.entry(
              "KeyTooLongError", new Reason(Kind.INVALID, "Choose a shorter prefix in the bucket")),
          Map.entry(
              "InvalidObjectState",
              new Reason(Kind.UNAVAILABLE, "The object is in an archive: thaw it first")),
          Map.entry(
              "BadDigest",
              new Reason(Kind.UNAVAILABLE, "The content was changed on its way to the store")),
          Map.entry(
              "XAmzContentSHA256Mismatch",
              new Reason(
                  Kind.UNAVAILABLE,
                  "The content was changed on its way, or the store does not know checksums that"
                      + " trail it: use ChecksumMode.CONTENT_MD5, and for a client of your own"
                      + " RequestChecksumCalculation.WHEN_REQUIRED")));

  private final String place;

  S3Failures(String place) {
    this.place = place;
  }

  /** A kind and a remedy. */
  private record Reason(Kind kind, String remedy) {}

  /** What to throw for a failed request. */
  IOException explained(String doing, SdkException failure) {
    if (Thread.currentThread().isInterrupted()) {
      return interrupted(doing, failure);
    }
    return failure instanceof S3Exception answer
        ? answered(doing, answer)
        : unanswered(doing, failure);
  }

  /** What to throw for a stream of the store that broke. */
  IOException explained(String doing, IOException failure) {
    return Thread.currentThread().isInterrupted()
        ? interrupted(doing, failure)
        : new BackupException(Kind.UNAVAILABLE, doing + " broke: " + failure.getMessage(), failure);
  }

  /** What the store calls a failure; empty if it did not explain it. */
  static String code(IOException failure) {
    return failure.getCause() instanceof S3Exception answer && answer.awsErrorDetails() != null
        ? Objects.toString(answer.awsErrorDetails().errorCode(), "")
        : "";
  }

  /**
   * Whether the SDK gave up because of our limit; it interrupts the thread for that, for a moment.
   */
  static boolean isTimeout(Throwable failure) {
    return failure.getCause() instanceof ApiCallAttemptTimeoutException;
  }

  /** What to throw for an answer that is none of a store. */
  static BackupException unusable(String doing, String answer) {
    return new BackupException(
        Kind.UNAVAILABLE,
        doing
            + " failed: the answer "
            + answer
            + ". Look at the endpoint, and at proxies before it");
  }

  static InterruptedIOException interrupted(String doing, @Nullable Throwable cause) {
    InterruptedIOException interrupted = new InterruptedIOException(doing + " was interrupted");
    interrupted.initCause(cause);
    return interrupted;
  }

  private BackupException answered(String doing, S3Exception answer) {
    int status = answer.statusCode();
    Optional<AwsErrorDetails> details = Optional.ofNullable(answer.awsErrorDetails());
    String code = details.map(AwsErrorDetails::errorCode).orElse("");
    Reason reason = reason(status, code);
    String said = status + " " + code + quoted(details.map(AwsErrorDetails::errorMessage));
    return new BackupException(reason.kind(), text(doing, said, reason), answer, wait(answer));
  }

  /** What to throw, or to tell, for one object of a request for several. */
  BackupException explained(String doing, S3Error answer) {
    String code = Objects.toString(answer.code(), "");
    Reason reason = reason(BROKEN, code);
    String said = code + quoted(Optional.ofNullable(answer.message()));
    return new BackupException(reason.kind(), text(doing, said, reason));
  }

  private static String text(String doing, String said, Reason reason) {
    return doing + " failed: the store answered " + said.strip() + ". " + reason.remedy();
  }

  private static String quoted(Optional<String> message) {
    return message
        .filter(text -> !text.isBlank())
        .map(text -> " \"" + oneLine(text) + "\"")
        .orElse("");
  }

  private Reason reason(int status, String code) {
    Reason known = REASONS.get(code);
    if (known != null) {
      return known;
    }
    if (FULL.contains(code) || status == NO_ROOM) {
      return new Reason(Kind.FULL, "Free space there, or raise the quota");
    }
    if (PASSING.contains(code) || passing(status)) {
      return new Reason(Kind.UNAVAILABLE, "It may pass");
    }
    // Stores give a code; a page that somebody else does not have is no missing object.
    return status == ABSENT && code.isEmpty() ? STRANGER : ofStatus(status);
  }

  private static boolean passing(int status) {
    return status == TIMED_OUT
        || status == CONFLICT
        || status == TOO_MANY
        || status >= BROKEN && status != LACKING;
  }

  private Reason ofStatus(int status) {
    return switch (status) {
      case ABSENT -> new Reason(Kind.NOT_FOUND, "It is not in " + place);
      case EXISTS -> new Reason(Kind.ALREADY_EXISTS, "Somebody else was quicker");
      case UNKNOWN_CALLER, REFUSED -> REFUSED_BY_POLICY;
      case MOVED, REDIRECTED ->
          new Reason(Kind.INVALID, "Give the region or the endpoint of the bucket");
      case LACKING, NOT_ALLOWED -> new Reason(Kind.UNSUPPORTED, "This store cannot do it");
      default -> STRANGER;
    };
  }

  private static @Nullable Duration wait(S3Exception answer) {
    AwsErrorDetails details = answer.awsErrorDetails();
    if (details == null || details.sdkHttpResponse() == null) {
      return null;
    }
    return details
        .sdkHttpResponse()
        .firstMatchingHeader("Retry-After")
        .filter(value -> value.matches("[0-9]{1,5}")) // Dates are not worth a clock.
        .map(value -> Duration.ofSeconds(Long.parseLong(value)))
        .orElse(null);
  }

  private static BackupException unanswered(String doing, SdkException failure) {
    String reason = oneLine(Objects.requireNonNullElse(failure.getMessage(), "no reason given"));
    if (reason.startsWith("Unable to load credentials")) {
      return new BackupException(
          Kind.DENIED, doing + " failed: there are no credentials. Configure some", failure);
    }
    String said = unknownHost(failure).map(host -> "nobody knows the host " + host).orElse(reason);
    return new BackupException(
        Kind.UNAVAILABLE, doing + " failed: " + said + ". Look at the endpoint", failure);
  }

  /** The SDK names it only in a cause of its failure. */
  private static Optional<String> unknownHost(Throwable failure) {
    return Stream.iterate(failure, Objects::nonNull, Throwable::getCause)
        .filter(UnknownHostException.class::isInstance)
        .map(each -> oneLine(Objects.toString(each.getMessage(), "")))
        .findFirst();
  }

  private static String oneLine(String text) {
    return text.strip().replaceAll("\\p{Cntrl}+", " ");
  }
}
