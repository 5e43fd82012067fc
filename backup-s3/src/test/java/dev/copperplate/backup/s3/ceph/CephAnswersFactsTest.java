package dev.copperplate.backup.s3.ceph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsSessionCredentials;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.auth.spi.signer.HttpSigner;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.auth.scheme.S3AuthSchemeProvider;
import software.amazon.awssdk.services.s3.model.PublicAccessBlockConfiguration;
import software.amazon.awssdk.services.s3.model.ServerSideEncryption;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

class CephAnswersFactsTest extends CephFacts {

  private final String bucket = ceph.bucket();

  @Test
  void namesWhatIsAbsent() {
    assertRefused("404 NoSuchKey", () -> read(bucket, "absent"));
    assertRefused("404 NoSuchBucket", () -> read("no-such-bucket", "absent"));
    assertRefused("404 NoSuchBucket", () -> put("no-such-bucket", "a", "text"));
    s3.deleteObject(each -> each.bucket(bucket).key("absent"));
  }

  @Test
  void refusesRangesThatBeginPastTheEnd() {
    put(bucket, "a", "text");
    put(bucket, "empty", "");
    assertEquals("xt", range("a", "bytes=2-99"));
    assertRefused("416 InvalidRange", () -> range("a", "bytes=4-9"));
    assertRefused("416 InvalidRange", () -> range("empty", "bytes=0-9"));
  }

  private String range(String key, String range) {
    return s3.getObjectAsBytes(each -> each.bucket(bucket).key(key).range(range)).asUtf8String();
  }

  @Test
  void refusesNamesPast1024Bytes() {
    put(bucket, "k".repeat(1024), "text");
    assertRefused("400 InvalidObjectName", () -> put(bucket, "k".repeat(1025), "text"));
  }

  @Test
  void tellsAWrongSecretFromAnUnknownKey() {
    String key = ceph.owner().accessKeyId();
    assertListRefused("403 SignatureDoesNotMatch", AwsBasicCredentials.create(key, "wrong"));
    assertListRefused("403 InvalidAccessKeyId", AwsBasicCredentials.create("unknown", "wrong"));
    assertListRefused("403 AccessDenied", ceph.stranger());
  }

  private void assertListRefused(String statusAndCode, AwsCredentials credentials) {
    try (S3Client client = ceph.client(credentials)) {
      assertRefused(statusAndCode, () -> client.listObjectsV2(each -> each.bucket(bucket)));
    }
  }

  /** Amazon refuses it. */
  @Test
  void ignoresASessionTokenThatIsNone() {
    AwsCredentials owner = ceph.owner();
    try (S3Client client =
        ceph.client(
            AwsSessionCredentials.create(owner.accessKeyId(), owner.secretAccessKey(), "none"))) {
      client.listObjectsV2(each -> each.bucket(bucket));
    }
  }

  @Test
  void refusesAClockThatIsAQuarterOfAnHourOff() {
    for (int minutes : new int[] {-14, 14}) {
      listWithClock(minutes);
    }
    for (int minutes : new int[] {-16, 16}) {
      assertRefused("403 RequestTimeTooSkewed", () -> listWithClock(minutes));
    }
  }

  private void listWithClock(int minutes) {
    Clock clock = Clock.offset(Clock.systemUTC(), Duration.ofMinutes(minutes));
    S3AuthSchemeProvider schemes = S3AuthSchemeProvider.defaultProvider();
    S3AuthSchemeProvider shifted =
        parameters ->
            schemes.resolveAuthScheme(parameters).stream()
                .map(
                    each ->
                        each.toBuilder().putSignerProperty(HttpSigner.SIGNING_CLOCK, clock).build())
                .toList();
    try (S3Client client = ceph.builder(ceph.owner()).authSchemeProvider(shifted).build()) {
      client.listObjectsV2(each -> each.bucket(bucket));
    }
  }

  /** Amazon answers 400 AuthorizationHeaderMalformed or 301 PermanentRedirect. */
  @Test
  void servesAnyRegionButMakesBucketsInItsOwn() {
    try (S3Client elsewhere = ceph.builder(ceph.owner()).region(Region.EU_CENTRAL_1).build()) {
      put(elsewhere, bucket, "a", "text");
      assertRefused(
          "400 InvalidLocationConstraint",
          () -> elsewhere.createBucket(each -> each.bucket("elsewhere")));
    }
    assertEquals(
        "default", s3.getBucketLocation(each -> each.bucket(bucket)).locationConstraintAsString());
  }

  /** And switches on no lock that the bucket does not have. */
  @Test
  void makesABucketThatItsOwnerHasAlready() {
    s3.createBucket(each -> each.bucket(bucket).objectLockEnabledForBucket(true));
    assertRefused(
        "404 ObjectLockConfigurationNotFoundError",
        () -> s3.getObjectLockConfiguration(each -> each.bucket(bucket)));
    try (S3Client stranger = ceph.client(ceph.stranger())) {
      assertRefused(
          "409 BucketAlreadyExists", () -> stranger.createBucket(each -> each.bucket(bucket)));
    }
  }

  @Test
  void refusesWhatIsPastAQuotaAndStillDeletes() throws IOException {
    try (S3Client client = ceph.client(ceph.user("tenant"))) {
      ceph.admin("quota", "set", "--uid", "tenant", "--quota-scope", "user", "--max-size", "64K");
      ceph.admin("quota", "enable", "--uid", "tenant", "--quota-scope", "user");
      client.createBucket(each -> each.bucket("quota"));
      put(client, "quota", "a", "x".repeat(60_000));
      assertRefused("403 QuotaExceeded", () -> put(client, "quota", "b", "x".repeat(60_000)));
      client.deleteObject(each -> each.bucket("quota").key("a"));
      put(client, "quota", "b", "x".repeat(60_000));
    }
  }

  @Test
  void refusesAUserWhoWasSuspended() throws IOException {
    AwsCredentials credentials = ceph.user("suspended");
    ceph.admin("user", "suspend", "--uid", "suspended");
    assertListRefused("403 UserSuspended", credentials);
  }

  @Test
  void saysWhatIsNotConfigured() {
    assertRefused(
        "404 NoSuchLifecycleConfiguration",
        () -> s3.getBucketLifecycleConfiguration(each -> each.bucket(bucket)));
    assertRefused("404 NoSuchBucketPolicy", () -> s3.getBucketPolicy(each -> each.bucket(bucket)));
    assertRefused("404 NoSuchTagSet", () -> s3.getBucketTagging(each -> each.bucket(bucket)));
  }

  /** Amazon says 404 NoSuchPublicAccessBlockConfiguration. */
  @Test
  void answersAPublicAccessBlockThatBlocksNothingWhereThereIsNone() {
    PublicAccessBlockConfiguration block =
        s3.getPublicAccessBlock(each -> each.bucket(bucket)).publicAccessBlockConfiguration();
    assertFalse(block.blockPublicAcls());
    assertFalse(block.restrictPublicBuckets());
  }

  /** It answers with the list of the objects, in which the SDK finds nothing. */
  @Test
  void listsObjectsWhenAskedForWhatItDoesNotKnow() {
    assertTrue(
        s3.getBucketEncryption(each -> each.bucket(bucket))
            .serverSideEncryptionConfiguration()
            .rules()
            .isEmpty());
    assertTrue(
        s3.getBucketOwnershipControls(each -> each.bucket(bucket))
            .ownershipControls()
            .rules()
            .isEmpty());
    ServerSideEncryptionRule rule =
        ServerSideEncryptionRule.builder()
            .applyServerSideEncryptionByDefault(each -> each.sseAlgorithm("AES256"))
            .build();
    assertRefused(
        "400 InvalidArgument",
        () ->
            s3.putBucketEncryption(
                each -> each.bucket(bucket).serverSideEncryptionConfiguration(c -> c.rules(rule))));
  }

  /** Amazon says that it did. */
  @Test
  void ignoresThatItShouldEncryptWithAKeyOfItsOwn() {
    s3.putObject(
        each -> each.bucket(bucket).key("a").serverSideEncryption(ServerSideEncryption.AES256),
        RequestBody.fromString("text"));
    assertNull(s3.headObject(each -> each.bucket(bucket).key("a")).serverSideEncryption());
  }

  @Test
  void encryptsWithKeysOfAKeyServiceOnly() {
    s3.putObject(
        each ->
            each.bucket(bucket)
                .key("a")
                .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                .ssekmsKeyId("testkey"),
        RequestBody.fromString("text"));
    assertEquals(
        ServerSideEncryption.AWS_KMS,
        s3.headObject(each -> each.bucket(bucket).key("a")).serverSideEncryption());
    assertRefused(
        "403 InvalidAccessKeyId",
        () ->
            s3.putObject(
                each ->
                    each.bucket(bucket)
                        .key("b")
                        .serverSideEncryption(ServerSideEncryption.AWS_KMS)
                        .ssekmsKeyId("unknown"),
                RequestBody.fromString("text")));
  }

  @Test
  void refusesAStorageClassThatWasNotPlaced() {
    assertRefused(
        "400 InvalidArgument",
        () ->
            s3.putObject(
                each -> each.bucket(bucket).key("a").storageClass("GLACIER"),
                RequestBody.fromString("text")));
  }
}
