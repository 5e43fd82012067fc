package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CopyObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.MetadataDirective;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;

/** Copies within the server. */
class FakeS3CopyTest extends FakeS3Suite {

  @BeforeEach
  void makeBuckets() {
    fake.createBucket(BUCKET, BucketOptions.locked());
    fake.createBucket("copies");
  }

  @Test
  void anOldVersionBecomesTheCurrentOne() {
    String old = put("k", "1").versionId();
    put("k", "2");

    CopyObjectResponse copied =
        client.copyObject(
            r ->
                r.sourceBucket(BUCKET)
                    .sourceKey("k")
                    .sourceVersionId(old)
                    .destinationBucket(BUCKET)
                    .destinationKey("k"));

    assertEquals("1", get("k"));
    assertEquals(old, copied.copySourceVersionId());
    assertNotEquals(old, copied.versionId());
    assertEquals(3, client.listObjectVersions(r -> r.bucket(BUCKET)).versions().size());
  }

  @Test
  void metadataIsKeptUnlessItIsReplaced() {
    client.putObject(
        r -> r.bucket(BUCKET).key("a b").contentType("text/plain").metadata(Map.of("old", "1")),
        RequestBody.fromString("content"));

    copy(MetadataDirective.COPY);
    assertEquals(Map.of("old", "1"), head().metadata());
    assertEquals("text/plain", head().contentType());
    copy(MetadataDirective.REPLACE);
    assertEquals(Map.of("new", "2"), head().metadata());
    assertEquals("binary/octet-stream", head().contentType());
  }

  private void copy(MetadataDirective directive) {
    client.copyObject(
        r ->
            r.sourceBucket(BUCKET)
                .sourceKey("a b")
                .destinationBucket("copies")
                .destinationKey("k")
                .metadataDirective(directive)
                .metadata(Map.of("new", "2")));
  }

  private HeadObjectResponse head() {
    return client.headObject(r -> r.bucket("copies").key("k"));
  }

  @Test
  void aCopyOntoItselfHasToChangeSomething() {
    put("k", "1");

    assertRefused(
        400,
        "InvalidRequest",
        () ->
            client.copyObject(
                r ->
                    r.sourceBucket(BUCKET)
                        .sourceKey("k")
                        .destinationBucket(BUCKET)
                        .destinationKey("k")));
  }

  @Test
  void aLockDoesNotComeAlongAndCanBeGiven() {
    Instant until = Instant.now().plus(2, ChronoUnit.DAYS).truncatedTo(ChronoUnit.SECONDS);
    client.putObject(
        r ->
            r.bucket(BUCKET)
                .key("k")
                .objectLockMode(ObjectLockMode.COMPLIANCE)
                .objectLockRetainUntilDate(until),
        RequestBody.fromString("1"));
    client.copyObject(
        r ->
            r.sourceBucket(BUCKET).sourceKey("k").destinationBucket(BUCKET).destinationKey("free"));
    client.copyObject(
        r ->
            r.sourceBucket(BUCKET)
                .sourceKey("k")
                .destinationBucket(BUCKET)
                .destinationKey("locked")
                .objectLockMode(ObjectLockMode.GOVERNANCE)
                .objectLockRetainUntilDate(until));

    assertNull(client.headObject(r -> r.bucket(BUCKET).key("free")).objectLockMode());
    HeadObjectResponse locked = client.headObject(r -> r.bucket(BUCKET).key("locked"));
    assertEquals(ObjectLockMode.GOVERNANCE, locked.objectLockMode());
    assertEquals(until, locked.objectLockRetainUntilDate());
  }

  @Test
  void aMarkerCannotBeCopied() {
    put("k", "1");
    String marker = client.deleteObject(r -> r.bucket(BUCKET).key("k")).versionId();

    assertRefused(404, "NoSuchKey", () -> copyOf(null));
    assertRefused(400, "InvalidRequest", () -> copyOf(marker));
  }

  private void copyOf(String version) {
    client.copyObject(
        r ->
            r.sourceBucket(BUCKET)
                .sourceKey("k")
                .sourceVersionId(version)
                .destinationBucket("copies")
                .destinationKey("k"));
  }

  @Test
  void aCopyMayWantToBeTheFirst() {
    put("k", "1");
    client.putObject(r -> r.bucket("copies").key("k"), RequestBody.fromString("2"));

    assertRefused(
        412,
        "PreconditionFailed",
        () ->
            client.copyObject(
                r ->
                    r.sourceBucket(BUCKET)
                        .sourceKey("k")
                        .destinationBucket("copies")
                        .destinationKey("k")
                        .ifNoneMatch("*")));
  }
}
