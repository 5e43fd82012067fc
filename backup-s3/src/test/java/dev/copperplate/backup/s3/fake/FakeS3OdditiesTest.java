package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import dev.copperplate.backup.testkit.s3.Oddity;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/** Stores that are odd in the ways that were measured. */
class FakeS3OdditiesTest extends FakeS3Suite {

  @BeforeEach
  void stopTheUsualOne() {
    stopServer();
  }

  private void start(Oddity oddity) {
    fake = FakeS3.builder().oddities(oddity).start();
    client = S3Clients.usual(fake);
    fake.createBucket(BUCKET, BucketOptions.versioned());
  }

  @Test
  void oneIgnoresConditions() {
    start(Oddity.IGNORES_CONDITIONS);
    put("k", "1");

    client.putObject(r -> r.bucket(BUCKET).key("k").ifNoneMatch("*"), RequestBody.fromString("2"));

    assertEquals("2", get("k"));
  }

  @Test
  void oneIgnoresTheConditionOfACompletion() {
    start(Oddity.IGNORES_CONDITIONS_OF_COMPLETION);
    put("k", "1");
    assertRefused(
        412,
        "PreconditionFailed",
        () ->
            client.putObject(
                r -> r.bucket(BUCKET).key("k").ifNoneMatch("*"), RequestBody.fromString("2")));
    String upload = client.createMultipartUpload(r -> r.bucket(BUCKET).key("k")).uploadId();
    UploadPartResponse part =
        client.uploadPart(
            r -> r.bucket(BUCKET).key("k").uploadId(upload).partNumber(1),
            RequestBody.fromString("2"));
    client.completeMultipartUpload(
        r ->
            r.bucket(BUCKET)
                .key("k")
                .uploadId(upload)
                .ifNoneMatch("*")
                .multipartUpload(
                    completed ->
                        completed.parts(
                            CompletedPart.builder().partNumber(1).eTag(part.eTag()).build())));

    assertEquals("2", get("k"));
  }

  @Test
  void oneRefusesTheRightTag() {
    start(Oddity.REFUSES_IF_MATCH);
    String tag = put("k", "1").eTag();

    assertRefused(
        412,
        "PreconditionFailed",
        () ->
            client.putObject(
                r -> r.bucket(BUCKET).key("k").ifMatch(tag), RequestBody.fromString("2")));
  }

  @Test
  void oneIgnoresChecksumsAndOnlyMd5Helps() {
    start(Oddity.IGNORES_CHECKSUMS);

    client.putObject(
        r -> r.bucket(BUCKET).key("k").checksumCRC32("AAAAAA=="), RequestBody.fromString("1"));
    assertRefused(
        400,
        "BadDigest",
        () ->
            client.putObject(
                r -> r.bucket(BUCKET).key("k").contentMD5("AAAAAAAAAAAAAAAAAAAAAA=="),
                RequestBody.fromString("1")));
  }

  @Test
  void oneRefusesWhatTheSdkSendsByItself() {
    start(Oddity.REFUSES_TRAILERS);

    assertRefused(400, "XAmzContentSHA256Mismatch", () -> put("k", "1"));
    try (S3Client sparing = S3Clients.sparing(fake)) {
      sparing.putObject(r -> r.bucket(BUCKET).key("k"), RequestBody.fromString("1"));
    }
    assertEquals("1", get("k"));
  }

  @Test
  void oneHasNoVersionsAndSaysSo() {
    start(Oddity.NO_VERSIONING);

    assertRefused(501, "NotImplemented", () -> client.getBucketVersioning(r -> r.bucket(BUCKET)));
    assertRefused(501, "NotImplemented", () -> client.listObjectVersions(r -> r.bucket(BUCKET)));
  }

  @Test
  void oneSaysThatItKeepsVersionsAndKeepsNone() {
    start(Oddity.FORGETS_VERSIONS);
    client.putBucketVersioning(
        r -> r.bucket(BUCKET).versioningConfiguration(c -> c.status("Enabled")));
    put("k", "1");
    put("k", "2");

    assertEquals("Enabled", client.getBucketVersioning(r -> r.bucket(BUCKET)).statusAsString());
    assertEquals(1, client.listObjectVersions(r -> r.bucket(BUCKET)).versions().size());
    assertNull(client.deleteObject(r -> r.bucket(BUCKET).key("k")).deleteMarker());
    assertRefused(404, "NoSuchKey", () -> get("k"));
  }

  @Test
  void oneHasNoLocksAndSaysSo() {
    start(Oddity.NO_LOCK);

    assertRefused(
        501,
        "NotImplemented",
        () -> client.createBucket(r -> r.bucket("locked").objectLockEnabledForBucket(true)));
    assertRefused(501, "NotImplemented", () -> putLocked(BUCKET));
  }

  private String putLocked(String bucket) {
    return client
        .putObject(
            r ->
                r.bucket(bucket)
                    .key("k")
                    .objectLockMode(ObjectLockMode.COMPLIANCE)
                    .objectLockRetainUntilDate(Instant.now().plus(Duration.ofDays(1))),
            RequestBody.fromString("1"))
        .versionId();
  }

  @Test
  void oneDeletesWhatIsLocked() {
    start(Oddity.DELETES_LOCKED);
    fake.createBucket("locked", BucketOptions.locked());
    String version = putLocked("locked");

    client.deleteObject(r -> r.bucket("locked").key("k").versionId(version));

    assertEquals(0, client.listObjectVersions(r -> r.bucket("locked")).versions().size());
  }
}
