package dev.copperplate.backup.s3.ceph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static software.amazon.awssdk.services.s3.model.ObjectLockMode.COMPLIANCE;
import static software.amazon.awssdk.services.s3.model.ObjectLockMode.GOVERNANCE;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.S3Error;
import software.amazon.awssdk.services.s3.model.S3Exception;

class CephLocksFactsTest extends CephFacts {

  private static final Instant LAST_SECOND = Instant.parse("2106-02-07T06:28:15Z");

  private final String bucket = ceph.lockedBucket();

  @ParameterizedTest
  @EnumSource(names = {"GOVERNANCE", "COMPLIANCE"})
  void keepsALockedVersion(ObjectLockMode mode) {
    String version = putLocked(bucket, "a", mode, tomorrow());
    S3Exception refusal = assertRefused("403 AccessDenied", () -> delete("a", version));
    assertEquals("forbidden by object lock", refusal.awsErrorDetails().errorMessage());
    assertTrue(s3.deleteObject(each -> each.bucket(bucket).key("a")).deleteMarker());
    put(bucket, "a", "another");
    assertEquals("locked", read(bucket, "a", version));
    assertNull(retainedUntil(bucket, "a"), "the lock is one of a version, not of its key");
  }

  @ParameterizedTest
  @EnumSource(names = {"GOVERNANCE", "COMPLIANCE"})
  void answersForEachOfManyDeletions(ObjectLockMode mode) {
    String locked = putLocked(bucket, "locked", mode, tomorrow());
    String free = put(bucket, "free", "text");
    DeleteObjectsResponse answer =
        s3.deleteObjects(
            each ->
                each.bucket(bucket)
                    .delete(
                        d -> d.objects(identifier("locked", locked), identifier("free", free))));
    assertEquals(List.of("free"), answer.deleted().stream().map(DeletedObject::key).toList());
    S3Error error = answer.errors().get(0);
    assertEquals(
        List.of("locked", locked, "AccessDenied"),
        List.of(error.key(), error.versionId(), error.code()));
  }

  private static ObjectIdentifier identifier(String key, String version) {
    return ObjectIdentifier.builder().key(key).versionId(version).build();
  }

  @ParameterizedTest
  @EnumSource(names = {"GOVERNANCE", "COMPLIANCE"})
  void extendsARetentionAndNeverShortensIt(ObjectLockMode mode) {
    Instant until = tomorrow();
    putLocked(bucket, "a", mode, until);
    retain(bucket, "a", mode, until.plusSeconds(1));
    retain(bucket, "a", mode, until.plusSeconds(1));
    assertEquals(until.plusSeconds(1), retainedUntil(bucket, "a"));
    assertRefused("403 AccessDenied", () -> retain(bucket, "a", mode, until));
    assertEquals(until.plusSeconds(1), retainedUntil(bucket, "a"));
  }

  @Test
  void changesNoMode() {
    putLocked(bucket, "a", GOVERNANCE, tomorrow());
    assertRefused(
        "403 AccessDenied", () -> retain(bucket, "a", COMPLIANCE, tomorrow().plusSeconds(60)));
    putLocked(bucket, "b", COMPLIANCE, tomorrow());
    assertRefused(
        "403 AccessDenied", () -> retain(bucket, "b", GOVERNANCE, tomorrow().plusSeconds(60)));
  }

  @Test
  void letsTheOwnerPassGovernanceButNotCompliance() {
    String governed = putLocked(bucket, "a", GOVERNANCE, tomorrow());
    String bound = putLocked(bucket, "b", COMPLIANCE, tomorrow());
    deletePassing("a", governed);
    assertRefused("403 AccessDenied", () -> deletePassing("b", bound));
    assertTrue(versions(bucket, "a").isEmpty());
  }

  @Test
  void locksWhatWasPutWithoutALock() {
    String version = put(bucket, "a", "text");
    assertRefused(
        "404 ObjectLockConfigurationNotFoundError",
        () -> s3.getObjectRetention(each -> each.bucket(bucket).key("a")));
    retain(bucket, "a", COMPLIANCE, tomorrow());
    assertRefused("403 AccessDenied", () -> delete("a", version));
    assertRefused("404 NoSuchKey", () -> retain(bucket, "absent", COMPLIANCE, tomorrow()));
  }

  @Test
  void deletesWhatWasRetainedLongEnough() {
    String version = putLocked(bucket, "a", COMPLIANCE, Instant.now().plusSeconds(2));
    assertRefused("403 AccessDenied", () -> delete("a", version));
    while (!versions(bucket, "a").isEmpty()) {
      try {
        delete("a", version);
      } catch (S3Exception e) {
        assertEquals("AccessDenied", e.awsErrorDetails().errorCode());
      }
    }
  }

  @Test
  void keepsFractionsOfASecond() {
    Instant until = tomorrow().plusMillis(789);
    putLocked(bucket, "a", GOVERNANCE, until);
    assertEquals(until, retainedUntil(bucket, "a"));
  }

  @Test
  void refusesARetentionThatHasEnded() {
    Instant past = Instant.now().minus(Duration.ofHours(1));
    assertRefused("400 InvalidArgument", () -> putLocked(bucket, "a", GOVERNANCE, past));
  }

  /** Amazon keeps it. */
  @Test
  void takesARetentionPastTheYear2106ForOneThatHasEnded() {
    putLocked(bucket, "a", COMPLIANCE, LAST_SECOND);
    assertEquals(LAST_SECOND, retainedUntil(bucket, "a"));
    String version = putLocked(bucket, "b", COMPLIANCE, LAST_SECOND.plusSeconds(1));
    assertEquals(Instant.EPOCH, retainedUntil(bucket, "b"));
    delete("b", version);
  }

  @Test
  void refusesLocksInABucketWithout() {
    String plain = versionedBucket();
    put(plain, "a", "text");
    assertRefused("400 InvalidRequest", () -> putLocked(plain, "a", GOVERNANCE, tomorrow()));
    assertRefused("400 InvalidRequest", () -> retain(plain, "a", GOVERNANCE, tomorrow()));
    assertRefused(
        "404 ObjectLockConfigurationNotFoundError",
        () -> s3.getObjectLockConfiguration(each -> each.bucket(plain)));
    assertRefused(
        "409 InvalidBucketState",
        () ->
            s3.putObjectLockConfiguration(
                each ->
                    each.bucket(plain)
                        .objectLockConfiguration(c -> c.objectLockEnabled("Enabled"))));
  }

  @Test
  void keepsTheVersionsOfABucketWithLocks() {
    assertRefused(
        "409 InvalidBucketState",
        () ->
            s3.putBucketVersioning(
                each -> each.bucket(bucket).versioningConfiguration(v -> v.status("Suspended"))));
  }

  /** Amazon heeds the headers. */
  @Test
  void givesACopyTheLockOfItsSourceAndNoOther() {
    Instant until = tomorrow();
    putLocked(bucket, "locked", GOVERNANCE, until);
    put(bucket, "free", "text");
    for (String source : List.of("locked", "free")) {
      s3.copyObject(
          each ->
              each.sourceBucket(bucket)
                  .sourceKey(source)
                  .destinationBucket(bucket)
                  .destinationKey("copy of " + source)
                  .objectLockMode(GOVERNANCE)
                  .objectLockRetainUntilDate(until.plusSeconds(60)));
    }
    assertEquals(until, retainedUntil(bucket, "copy of locked"));
    assertNull(retainedUntil(bucket, "copy of free"));
  }

  /** Amazon locks it. */
  @Test
  void locksNoMultipartUpload() {
    String upload =
        s3.createMultipartUpload(
                each ->
                    each.bucket(bucket)
                        .key("a")
                        .objectLockMode(COMPLIANCE)
                        .objectLockRetainUntilDate(tomorrow()))
            .uploadId();
    String etag =
        s3.uploadPart(
                each -> each.bucket(bucket).key("a").uploadId(upload).partNumber(1),
                RequestBody.fromString("text"))
            .eTag();
    String version =
        s3.completeMultipartUpload(
                each ->
                    each.bucket(bucket)
                        .key("a")
                        .uploadId(upload)
                        .multipartUpload(
                            m -> m.parts(CompletedPart.builder().partNumber(1).eTag(etag).build())))
            .versionId();
    assertNull(retainedUntil(bucket, "a"));
    delete("a", version);
  }

  private void delete(String key, String version) {
    s3.deleteObject(each -> each.bucket(bucket).key(key).versionId(version));
  }

  private void deletePassing(String key, String version) {
    s3.deleteObject(
        each -> each.bucket(bucket).key(key).versionId(version).bypassGovernanceRetention(true));
  }
}
