package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import java.net.http.HttpResponse;
import java.util.List;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.Bucket;
import software.amazon.awssdk.services.s3.model.BucketVersioningStatus;
import software.amazon.awssdk.services.s3.model.ExpirationStatus;
import software.amazon.awssdk.services.s3.model.GetPublicAccessBlockResponse;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.ObjectLockEnabled;
import software.amazon.awssdk.services.s3.model.S3Exception;
import software.amazon.awssdk.services.s3.model.ServerSideEncryptionRule;

/** Buckets and their settings. */
class FakeS3BucketsTest extends FakeS3Suite {

  @Test
  void bucketsAreMadeListedAndRemoved() {
    client.createBucket(r -> r.bucket("first"));
    client.createBucket(r -> r.bucket("second"));

    assertEquals(
        List.of("first", "second"),
        client.listBuckets().buckets().stream().map(Bucket::name).toList());
    client.deleteBucket(r -> r.bucket("first"));
    S3Exception gone =
        assertThrows(S3Exception.class, () -> client.headBucket(r -> r.bucket("first")));
    assertEquals(404, gone.statusCode());
    assertEquals("us-east-1", client.headBucket(r -> r.bucket("second")).bucketRegion());
  }

  @Test
  void aBucketWithVersionsIsNotEmptyEvenIfItListsNothing() {
    fake.createBucket(BUCKET, BucketOptions.versioned());
    put("k", "1");
    client.deleteObject(r -> r.bucket(BUCKET).key("k"));

    assertTrue(client.listObjectsV2(r -> r.bucket(BUCKET)).contents().isEmpty());
    assertRefused(409, "BucketNotEmpty", () -> client.deleteBucket(r -> r.bucket(BUCKET)));
  }

  /** The SDK would not even ask. */
  @Test
  void namesThatAwsRefusesAreRefused() throws Exception {
    RawS3 raw = new RawS3(fake);
    for (String name : List.of("ab", "Upper-Case", "a_b", "10.0.0.1", "a..b", "-ab", "xn--a")) {
      HttpResponse<String> refused = raw.send("PUT", "/" + name);
      assertEquals(400, refused.statusCode());
      assertTrue(refused.body().contains("<Code>InvalidBucketName</Code>"), refused.body());
    }
  }

  @Test
  void anotherRegionWantsItsNameAndRefusesTheSecondOfOneName() {
    try (FakeS3 other = FakeS3.builder().region("eu-central-1").start();
        S3Client asking = S3Clients.usual(other)) {
      asking.createBucket(
          r ->
              r.bucket(BUCKET)
                  .createBucketConfiguration(c -> c.locationConstraint("eu-central-1")));
      assertEquals(
          "eu-central-1",
          asking.getBucketLocation(r -> r.bucket(BUCKET)).locationConstraintAsString());
      assertRefused(
          409,
          "BucketAlreadyOwnedByYou",
          () ->
              asking.createBucket(
                  r ->
                      r.bucket(BUCKET)
                          .createBucketConfiguration(c -> c.locationConstraint("eu-central-1"))));
      assertRefused(
          400,
          "IllegalLocationConstraintException",
          () ->
              asking.createBucket(
                  r ->
                      r.bucket("other")
                          .createBucketConfiguration(c -> c.locationConstraint("eu-west-1"))));
    }
  }

  @Test
  void aBucketElsewhereSaysWhere() {
    fake.createBucket("far", BucketOptions.plain().elsewhere("ap-south-1"));

    S3Exception refused =
        assertRefused(301, "PermanentRedirect", () -> client.listObjectsV2(r -> r.bucket("far")));
    assertEquals(
        "ap-south-1",
        refused
            .awsErrorDetails()
            .sdkHttpResponse()
            .firstMatchingHeader("x-amz-bucket-region")
            .get());
    assertEquals(
        "ap-south-1", client.getBucketLocation(r -> r.bucket("far")).locationConstraintAsString());
  }

  @Test
  void aBucketForAnotherAccountIsRefused() {
    fake.createBucket(BUCKET);

    client.listObjectsV2(r -> r.bucket(BUCKET).expectedBucketOwner("123456789012"));
    assertRefused(
        403,
        "AccessDenied",
        () -> client.listObjectsV2(r -> r.bucket(BUCKET).expectedBucketOwner("210987654321")));
  }

  @Test
  void objectLockBringsVersioningAndCanBeEnabledLater() {
    client.createBucket(r -> r.bucket("locked").objectLockEnabledForBucket(true));
    fake.createBucket("plain");

    assertEquals(
        BucketVersioningStatus.ENABLED,
        client.getBucketVersioning(r -> r.bucket("locked")).status());
    assertRefused(409, "InvalidBucketState", () -> enableLock("plain"));
    client.putBucketVersioning(
        r -> r.bucket("plain").versioningConfiguration(c -> c.status("Enabled")));
    enableLock("plain");
    assertEquals(
        ObjectLockEnabled.ENABLED,
        client
            .getObjectLockConfiguration(r -> r.bucket("plain"))
            .objectLockConfiguration()
            .objectLockEnabled());
  }

  private void enableLock(String bucket) {
    client.putObjectLockConfiguration(
        r ->
            r.bucket(bucket)
                .objectLockConfiguration(c -> c.objectLockEnabled(ObjectLockEnabled.ENABLED)));
  }

  @Test
  void aLifecycleComesBackAsItWasGiven() {
    fake.createBucket(BUCKET);
    assertRefused(
        404,
        "NoSuchLifecycleConfiguration",
        () -> client.getBucketLifecycleConfiguration(r -> r.bucket(BUCKET)));
    LifecycleRule rule =
        LifecycleRule.builder()
            .id("old versions")
            .status(ExpirationStatus.ENABLED)
            .filter(filter -> filter.prefix("locks/"))
            .noncurrentVersionExpiration(each -> each.noncurrentDays(3))
            .abortIncompleteMultipartUpload(each -> each.daysAfterInitiation(7))
            .build();
    client.putBucketLifecycleConfiguration(
        r -> r.bucket(BUCKET).lifecycleConfiguration(c -> c.rules(rule)));

    assertEquals(
        List.of(rule), client.getBucketLifecycleConfiguration(r -> r.bucket(BUCKET)).rules());
    client.deleteBucketLifecycle(r -> r.bucket(BUCKET));
    assertRefused(
        404,
        "NoSuchLifecycleConfiguration",
        () -> client.getBucketLifecycleConfiguration(r -> r.bucket(BUCKET)));
  }

  @Test
  void aLifecycleWithoutAnActionIsRefused() {
    fake.createBucket(BUCKET);
    LifecycleRule rule =
        LifecycleRule.builder()
            .status(ExpirationStatus.ENABLED)
            .filter(filter -> filter.prefix(""))
            .build();

    assertRefused(
        400,
        "InvalidRequest",
        () ->
            client.putBucketLifecycleConfiguration(
                r -> r.bucket(BUCKET).lifecycleConfiguration(c -> c.rules(rule))));
  }

  @Test
  void newBucketsBlockWhatIsPublicAndEncrypt() {
    fake.createBucket(BUCKET);

    GetPublicAccessBlockResponse block = client.getPublicAccessBlock(r -> r.bucket(BUCKET));
    assertTrue(block.publicAccessBlockConfiguration().blockPublicPolicy());
    assertEquals(
        "AES256",
        client
            .getBucketEncryption(r -> r.bucket(BUCKET))
            .serverSideEncryptionConfiguration()
            .rules()
            .get(0)
            .applyServerSideEncryptionByDefault()
            .sseAlgorithmAsString());
    client.putPublicAccessBlock(
        r -> r.bucket(BUCKET).publicAccessBlockConfiguration(c -> c.blockPublicAcls(true)));
    assertFalse(
        client
            .getPublicAccessBlock(r -> r.bucket(BUCKET))
            .publicAccessBlockConfiguration()
            .blockPublicPolicy());
  }

  @Test
  void aKeyOfKmsHasToBeThere() {
    fake.createBucket(BUCKET);
    String key = "arn:aws:kms:us-east-1:123456789012:key/orders";

    assertRefused(400, "KMS.NotFoundException", () -> encryptBy(key));
    fake.kmsKey(key);
    encryptBy(key);
    assertEquals(key, put("k", "1").ssekmsKeyId());
    assertEquals(key, client.headObject(r -> r.bucket(BUCKET).key("k")).ssekmsKeyId());
  }

  private void encryptBy(String key) {
    ServerSideEncryptionRule rule =
        ServerSideEncryptionRule.builder()
            .applyServerSideEncryptionByDefault(
                each -> each.sseAlgorithm("aws:kms").kmsMasterKeyID(key))
            .build();
    client.putBucketEncryption(
        r -> r.bucket(BUCKET).serverSideEncryptionConfiguration(c -> c.rules(rule)));
  }

  @Test
  void aReplicationIsThereOnlyIfTheTestSaysSo() {
    fake.createBucket(BUCKET);
    fake.createBucket(
        "replicated",
        BucketOptions.versioned()
            .replicating(
                """
                <ReplicationConfiguration><Role>arn:aws:iam::123456789012:role/r</Role><Rule>
                <Status>Enabled</Status><Priority>1</Priority><Filter><Prefix></Prefix></Filter>
                <DeleteMarkerReplication><Status>Disabled</Status></DeleteMarkerReplication>
                <Destination><Bucket>arn:aws:s3:::copy</Bucket></Destination></Rule>
                </ReplicationConfiguration>
                """));

    assertRefused(
        404,
        "ReplicationConfigurationNotFoundError",
        () -> client.getBucketReplication(r -> r.bucket(BUCKET)));
    assertEquals(
        "arn:aws:s3:::copy",
        client
            .getBucketReplication(r -> r.bucket("replicated"))
            .replicationConfiguration()
            .rules()
            .get(0)
            .destination()
            .bucket());
  }
}
