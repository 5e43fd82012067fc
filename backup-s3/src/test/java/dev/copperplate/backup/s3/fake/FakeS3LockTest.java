package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import dev.copperplate.backup.testkit.s3.RetentionMode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockLegalHoldStatus;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** Object Lock, on a clock that the test moves. */
class FakeS3LockTest extends FakeS3Suite {

  private static final Instant START = Instant.parse("2026-11-26T12:00:00Z");

  private volatile Instant now = START;

  @Override
  FakeS3.Builder builder() {
    return super.builder().clock(() -> now);
  }

  @BeforeEach
  void makeBucket() {
    fake.createBucket(BUCKET, BucketOptions.locked());
  }

  private static Instant days(long number) {
    return START.plus(Duration.ofDays(number));
  }

  private String locked(String key, ObjectLockMode mode, Instant until) {
    return client
        .putObject(
            r -> r.bucket(BUCKET).key(key).objectLockMode(mode).objectLockRetainUntilDate(until),
            RequestBody.fromString("content"))
        .versionId();
  }

  private void retain(String key, ObjectLockRetentionMode mode, Instant until, boolean bypass) {
    client.putObjectRetention(
        r ->
            r.bucket(BUCKET)
                .key(key)
                .bypassGovernanceRetention(bypass ? true : null)
                .retention(retention -> retention.mode(mode).retainUntilDate(until)));
  }

  private void delete(String key, String version, boolean bypass) {
    client.deleteObject(
        r ->
            r.bucket(BUCKET)
                .key(key)
                .versionId(version)
                .bypassGovernanceRetention(bypass ? true : null));
  }

  @Test
  void nobodyDeletesAVersionInComplianceUntilItsTimeHasCome() {
    String version = locked("k", ObjectLockMode.COMPLIANCE, days(30));

    assertRefused(403, "AccessDenied", () -> delete("k", version, false));
    assertRefused(403, "AccessDenied", () -> delete("k", version, true));
    now = days(30).minusSeconds(1);
    assertRefused(403, "AccessDenied", () -> delete("k", version, true));
    now = days(30);
    delete("k", version, false);
    assertRefused(404, "NoSuchVersion", () -> get("k", version));
  }

  @Test
  void governanceIsBypassedOnlyByWhoSaysSo() {
    String version = locked("k", ObjectLockMode.GOVERNANCE, days(30));

    assertRefused(403, "AccessDenied", () -> delete("k", version, false));
    delete("k", version, true);
    assertRefused(404, "NoSuchVersion", () -> get("k", version));
  }

  @Test
  void complianceOnlyBecomesLonger() {
    locked("k", ObjectLockMode.COMPLIANCE, days(30));

    assertRefused(
        403, "AccessDenied", () -> retain("k", ObjectLockRetentionMode.COMPLIANCE, days(29), true));
    assertRefused(
        403, "AccessDenied", () -> retain("k", ObjectLockRetentionMode.GOVERNANCE, days(31), true));
    retain("k", ObjectLockRetentionMode.COMPLIANCE, days(31), false);
    assertEquals(
        days(31),
        client.getObjectRetention(r -> r.bucket(BUCKET).key("k")).retention().retainUntilDate());
  }

  @Test
  void governanceBecomesShorterOnlyWithTheBypass() {
    locked("k", ObjectLockMode.GOVERNANCE, days(30));

    assertRefused(
        403,
        "AccessDenied",
        () -> retain("k", ObjectLockRetentionMode.GOVERNANCE, days(29), false));
    retain("k", ObjectLockRetentionMode.GOVERNANCE, days(29), true);
    retain("k", ObjectLockRetentionMode.GOVERNANCE, days(40), false);
    retain("k", ObjectLockRetentionMode.COMPLIANCE, days(40), false);
  }

  @Test
  void aRetentionThatIsOverAlreadyIsRefused() {
    put("k", "content");

    assertRefused(
        400,
        "InvalidArgument",
        () -> retain("k", ObjectLockRetentionMode.COMPLIANCE, START, false));
    assertRefused(400, "InvalidArgument", () -> locked("k", ObjectLockMode.COMPLIANCE, START));
  }

  @Test
  void aLegalHoldLastsUntilItIsLifted() {
    String version = put("k", "content").versionId();
    assertRefused(
        404,
        "NoSuchObjectLockConfiguration",
        () -> client.getObjectLegalHold(r -> r.bucket(BUCKET).key("k")));
    hold(ObjectLockLegalHoldStatus.ON);

    assertRefused(403, "AccessDenied", () -> delete("k", version, true));
    hold(ObjectLockLegalHoldStatus.OFF);
    assertEquals(
        ObjectLockLegalHoldStatus.OFF,
        client.getObjectLegalHold(r -> r.bucket(BUCKET).key("k")).legalHold().status());
    delete("k", version, false);
  }

  private void hold(ObjectLockLegalHoldStatus status) {
    client.putObjectLegalHold(
        r -> r.bucket(BUCKET).key("k").legalHold(hold -> hold.status(status)));
  }

  @Test
  void theDefaultOfTheBucketLocksWhatComesWithoutARetention() {
    fake.createBucket("default", BucketOptions.locked().retaining(RetentionMode.COMPLIANCE, 7));
    client.putObject(r -> r.bucket("default").key("k"), RequestBody.fromString("content"));

    HeadObjectResponse head = client.headObject(r -> r.bucket("default").key("k"));
    assertEquals(ObjectLockMode.COMPLIANCE, head.objectLockMode());
    assertEquals(days(7), head.objectLockRetainUntilDate());
    assertEquals(
        7,
        client
            .getObjectLockConfiguration(r -> r.bucket("default"))
            .objectLockConfiguration()
            .rule()
            .defaultRetention()
            .days());
  }

  @Test
  void whatIsToBeLockedNeedsADigest() {
    fake.createBucket("default", BucketOptions.locked().retaining(RetentionMode.COMPLIANCE, 7));
    try (S3Client sparing = S3Clients.sparing(fake)) {
      assertRefused(
          400,
          "InvalidRequest",
          () ->
              sparing.putObject(
                  r -> r.bucket("default").key("k"), RequestBody.fromString("content")));
      sparing.putObject(
          r -> r.bucket("default").key("k").contentMD5("mgNkuembtIDdJeHwKEyFVQ=="),
          RequestBody.fromString("content"));
    }
  }

  @Test
  void aBucketWithoutObjectLockRefusesToLock() {
    fake.createBucket("plain", BucketOptions.versioned());

    assertRefused(
        400,
        "InvalidRequest",
        () ->
            client.putObject(
                r ->
                    r.bucket("plain")
                        .key("k")
                        .objectLockMode(ObjectLockMode.COMPLIANCE)
                        .objectLockRetainUntilDate(days(1)),
                RequestBody.fromString("content")));
    assertRefused(
        404,
        "ObjectLockConfigurationNotFoundError",
        () -> client.getObjectLockConfiguration(r -> r.bucket("plain")));
  }

  @Test
  void amongManyTheLockedOneIsNamedAndTheOthersAreDeleted() {
    String locked = locked("locked", ObjectLockMode.COMPLIANCE, days(30));
    String free = put("free", "content").versionId();

    DeleteObjectsResponse response =
        client.deleteObjects(
            r ->
                r.bucket(BUCKET)
                    .delete(
                        delete ->
                            delete.objects(
                                ObjectIdentifier.builder().key("locked").versionId(locked).build(),
                                ObjectIdentifier.builder().key("free").versionId(free).build())));

    assertEquals("free", response.deleted().get(0).key());
    assertEquals("locked", response.errors().get(0).key());
    assertEquals("AccessDenied", response.errors().get(0).code());
  }

  @Test
  void lockingLeavesTheKeyItselfToWritersAndMarkers() {
    String version = locked("k", ObjectLockMode.COMPLIANCE, days(30));
    put("k", "other");
    assertTrue(client.deleteObject(r -> r.bucket(BUCKET).key("k")).deleteMarker());

    assertEquals("content", get("k", version));
  }

  @Test
  void versioningOfALockingBucketCannotBeSuspended() {
    assertRefused(
        409,
        "InvalidBucketState",
        () ->
            client.putBucketVersioning(
                r -> r.bucket(BUCKET).versioningConfiguration(c -> c.status("Suspended"))));
  }

  @Test
  void timesAreWholeSecondsAsThoseOfS3() {
    now = START.plusMillis(789);
    put("k", "content");

    assertEquals(
        START.truncatedTo(ChronoUnit.SECONDS),
        client.listObjectsV2(r -> r.bucket(BUCKET)).contents().get(0).lastModified());
  }
}
