package dev.copperplate.backup.s3.ceph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.function.Executable;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * What Ceph 16 does, asked with the plain SDK. The module leans on it, and {@code
 * docs/s3-stores.md} has what surprises. Another version is asked only where {@code CI=true}, so
 * that its differences are noticed there and fail nobody else's build.
 */
abstract class CephFacts {

  final Ceph ceph = Ceph.require();
  final S3Client s3 = ceph.client();

  @BeforeEach
  void isTheVersionOfTheFacts() {
    assumeTrue(
        ceph.version().startsWith("16.") || Boolean.parseBoolean(System.getenv("CI")),
        () -> "the facts are those of Ceph 16, this is " + ceph.version());
  }

  /** Such as {@code "403 AccessDenied"}; answers to HEAD have no code but null. */
  static S3Exception assertRefused(String statusAndCode, Executable request) {
    S3Exception refusal = assertThrows(S3Exception.class, request);
    assertEquals(statusAndCode, refusal.statusCode() + " " + refusal.awsErrorDetails().errorCode());
    return refusal;
  }

  String versionedBucket() {
    String bucket = ceph.bucket();
    s3.putBucketVersioning(
        each -> each.bucket(bucket).versioningConfiguration(v -> v.status("Enabled")));
    return bucket;
  }

  /** Returns the version id. */
  String put(String bucket, String key, String text) {
    return put(s3, bucket, key, text);
  }

  static String put(S3Client client, String bucket, String key, String text) {
    return client
        .putObject(each -> each.bucket(bucket).key(key), RequestBody.fromString(text))
        .versionId();
  }

  /** Returns the version id. */
  String putLocked(String bucket, String key, ObjectLockMode mode, Instant until) {
    return putLocked(s3, bucket, key, mode, until);
  }

  static String putLocked(
      S3Client client, String bucket, String key, ObjectLockMode mode, Instant until) {
    return client
        .putObject(
            each ->
                each.bucket(bucket).key(key).objectLockMode(mode).objectLockRetainUntilDate(until),
            RequestBody.fromString("locked"))
        .versionId();
  }

  void retain(String bucket, String key, ObjectLockMode mode, Instant until) {
    retain(s3, bucket, key, mode, until);
  }

  static void retain(
      S3Client client, String bucket, String key, ObjectLockMode mode, Instant until) {
    client.putObjectRetention(
        each ->
            each.bucket(bucket)
                .key(key)
                .retention(r -> r.mode(mode.toString()).retainUntilDate(until)));
  }

  String read(String bucket, String key) {
    return s3.getObjectAsBytes(each -> each.bucket(bucket).key(key)).asUtf8String();
  }

  String read(String bucket, String key, String version) {
    return s3.getObjectAsBytes(each -> each.bucket(bucket).key(key).versionId(version))
        .asUtf8String();
  }

  List<String> versions(String bucket, String key) {
    return s3.listObjectVersions(each -> each.bucket(bucket).prefix(key)).versions().stream()
        .map(ObjectVersion::versionId)
        .toList();
  }

  Instant retainedUntil(String bucket, String key) {
    return s3.headObject(each -> each.bucket(bucket).key(key)).objectLockRetainUntilDate();
  }

  static Instant tomorrow() {
    return Instant.now().plus(1, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
  }
}
