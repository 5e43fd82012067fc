package dev.copperplate.backup.s3;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.ObjectKey;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.ResponseInputStream;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.GetObjectRequest;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Opens objects and ranges of them. What the answer says of itself is compared with what was asked
 * for, since proxies are known to answer a range with the whole.
 */
final class S3Download {

  private static final int RANGE_BEHIND_THE_END = 416;
  private static final Pattern CONTENT_RANGE =
      Pattern.compile("bytes ([0-9]{1,18})-([0-9]{1,18})/([0-9]{1,18})");

  private final S3Client client;
  private final S3Requests requests;
  private final S3Failures failures;
  private final S3Settings settings;

  S3Download(S3Client client, S3Requests requests, S3Failures failures, S3Settings settings) {
    this.client = client;
    this.requests = requests;
    this.failures = failures;
    this.settings = settings;
  }

  /**
   * Opens a range of an object.
   *
   * @param version its id; null for the current one
   */
  InputStream open(String doing, ObjectKey key, @Nullable String version, ByteRange range)
      throws IOException {
    boolean whole = range.equals(ByteRange.ALL);
    GetObjectRequest.Builder request =
        GetObjectRequest.builder()
            .bucket(settings.location().bucket())
            .key(settings.location().stored(key.value()))
            .versionId(version)
            .overrideConfiguration(settings::limit);
    if (!whole) {
      request.range(header(range));
    }
    ResponseInputStream<GetObjectResponse> in;
    try {
      in = requests.make(doing, () -> client.getObject(request.build()));
    } catch (BackupException e) {
      if (isBehindTheEnd(e)) {
        return InputStream.nullInputStream();
      }
      if (version == null && e.kind() == Kind.DENIED && isAbsent(doing, key)) {
        throw new BackupException(Kind.NOT_FOUND, doing + " failed: it is not there", e);
      }
      throw e;
    }
    return body(doing, in, range, whole);
  }

  /** Of an empty range the first byte is asked for, and thrown away: the object has to exist. */
  private static String header(ByteRange range) {
    long last = Math.max(range.from(), range.to() - 1);
    return "bytes=" + range.from() + "-" + (range.to() == Long.MAX_VALUE ? "" : last);
  }

  private static boolean isBehindTheEnd(BackupException failure) {
    return failure.getCause() instanceof S3Exception answer
        && answer.statusCode() == RANGE_BEHIND_THE_END;
  }

  /**
   * Whether an object that may not be read is not there at all. To whoever may list only a part of
   * the bucket, as our roles do, Ceph 16.2.15 answers 403 where nothing is (measured).
   */
  private boolean isAbsent(String doing, ObjectKey key) throws IOException {
    String stored = settings.location().stored(key.value());
    ListObjectsV2Request request =
        ListObjectsV2Request.builder()
            .bucket(settings.location().bucket())
            .prefix(stored)
            .maxKeys(1)
            .overrideConfiguration(settings::limit)
            .build();
    try {
      return requests.make(doing, () -> client.listObjectsV2(request)).contents().stream()
          .noneMatch(each -> each.key().equals(stored));
    } catch (BackupException unknown) {
      if (unknown.kind() == Kind.DENIED) {
        return false;
      }
      throw unknown;
    }
  }

  private InputStream body(
      String doing, ResponseInputStream<GetObjectResponse> in, ByteRange range, boolean whole)
      throws IOException {
    try {
      if (in.response().eTag() == null) {
        throw S3Failures.unusable(doing, "has no ETag, so it is none of an S3 store");
      }
      if (range.from() == range.to()) {
        in.abort();
        return InputStream.nullInputStream();
      }
      long length = whole ? length(doing, in.response()) : length(doing, in.response(), range);
      return new S3Body(in, length, settings.requestTimeout(), failures, doing);
    } catch (IOException e) {
      in.abort();
      throw e;
    }
  }

  private static long length(String doing, GetObjectResponse answer) throws BackupException {
    if (answer.contentLength() == null) {
      throw S3Failures.unusable(doing, "does not tell its length");
    }
    return answer.contentLength();
  }

  private static long length(String doing, GetObjectResponse answer, ByteRange range)
      throws BackupException {
    String said = Objects.requireNonNullElse(answer.contentRange(), "");
    Matcher matcher = CONTENT_RANGE.matcher(said);
    if (!matcher.matches()) {
      throw S3Failures.unusable(doing, "does not tell which range it is");
    }
    long from = Long.parseLong(matcher.group(1));
    long length = Long.parseLong(matcher.group(2)) + 1 - from;
    if (from != range.from() || length != range.within(Long.parseLong(matcher.group(3)))) {
      throw S3Failures.unusable(doing, "is of another range, \"" + said + "\"");
    }
    return length;
  }
}
