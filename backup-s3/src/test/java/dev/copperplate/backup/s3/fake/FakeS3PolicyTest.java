package dev.copperplate.backup.s3.fake;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.testkit.s3.BucketOptions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.ObjectLockMode;
import software.amazon.awssdk.services.s3.model.ObjectLockRetentionMode;

/** What users and buckets allow and deny. */
class FakeS3PolicyTest extends FakeS3Suite {

  /** A writer that can destroy nothing but locks, and lock nothing for long. */
  private static final String WRITER =
      """
      {
        "Version": "2012-10-17",
        "Statement": [
          {"Sid": "write", "Effect": "Allow", "Action": ["s3:GetObject", "s3:PutObject"],
           "Resource": "arn:aws:s3:::orders/repository/*"},
          {"Effect": "Allow", "Action": "s3:ListBucket", "Resource": "arn:aws:s3:::orders",
           "Condition": {"StringLike": {"s3:prefix": ["repository/*", "repository"]}}},
          {"Effect": "Allow", "Action": "s3:DeleteObject",
           "Resource": "arn:aws:s3:::orders/repository/locks/*"},
          {"Effect": "Allow", "Action": "s3:PutObjectRetention",
           "Resource": "arn:aws:s3:::orders/*",
           "Condition": {
             "NumericLessThanEquals": {"s3:object-lock-remaining-retention-days": "30"}}},
          {"Effect": "Deny", "Action": "s3:*", "Resource": "arn:aws:s3:::orders/repository/keys/*"}
        ]
      }
      """;

  private S3Client writer;

  @BeforeEach
  void makeWriter() {
    fake.createBucket(BUCKET, BucketOptions.locked());
    fake.user("AKIAWRITER", "secret of the writer", WRITER);
    writer = S3Clients.of(fake, "AKIAWRITER", "secret of the writer").build();
  }

  @AfterEach
  void closeWriter() {
    writer.close();
  }

  private void write(String key) {
    writer.putObject(r -> r.bucket(BUCKET).key(key), RequestBody.fromString("1"));
  }

  @Test
  void whatIsAllowedIsDoneAndTheRestIsNot() {
    write("repository/data/1");

    writer.getObjectAsBytes(r -> r.bucket(BUCKET).key("repository/data/1"));
    assertRefused(403, "AccessDenied", () -> write("elsewhere"));
    assertRefused(
        403,
        "AccessDenied",
        () -> writer.deleteObject(r -> r.bucket(BUCKET).key("repository/data/1")));
    assertRefused(403, "AccessDenied", () -> writer.getBucketPolicy(r -> r.bucket(BUCKET)));
    assertRefused(403, "AccessDenied", () -> writer.listBuckets());
  }

  @Test
  void anExplicitDenyWins() {
    assertRefused(403, "AccessDenied", () -> write("repository/keys/1"));
  }

  @Test
  void aListingIsAllowedByItsPrefix() {
    write("repository/data/1");

    assertEquals(
        1, writer.listObjectsV2(r -> r.bucket(BUCKET).prefix("repository/")).contents().size());
    assertRefused(
        403, "AccessDenied", () -> writer.listObjectsV2(r -> r.bucket(BUCKET).prefix("other/")));
    assertRefused(403, "AccessDenied", () -> writer.listObjectsV2(r -> r.bucket(BUCKET)));
  }

  @Test
  void whoMayNotListDoesNotLearnWhetherAKeyExists() {
    assertRefused(
        403,
        "AccessDenied",
        () -> writer.getObjectAsBytes(r -> r.bucket(BUCKET).key("repository/data/absent")));
  }

  @Test
  void aRetentionIsAllowedUpToItsDays() {
    write("repository/data/1");

    retain(Duration.ofDays(30));
    assertRefused(403, "AccessDenied", () -> retain(Duration.ofDays(31)));
    assertRefused(403, "AccessDenied", () -> writeLocked(Duration.ofDays(31)));
    writeLocked(Duration.ofDays(29));
  }

  private void retain(Duration time) {
    writer.putObjectRetention(
        r ->
            r.bucket(BUCKET)
                .key("repository/data/1")
                .retention(
                    each ->
                        each.mode(ObjectLockRetentionMode.GOVERNANCE)
                            .retainUntilDate(Instant.now().plus(time))));
  }

  private void writeLocked(Duration time) {
    writer.putObject(
        r ->
            r.bucket(BUCKET)
                .key("repository/data/2")
                .objectLockMode(ObjectLockMode.COMPLIANCE)
                .objectLockRetainUntilDate(Instant.now().plus(time)),
        RequestBody.fromString("1"));
  }

  @Test
  void theBypassNeedsAPermissionOfItsOwn() {
    write("repository/locks/1");
    fake.user(
        "AKIACLEANER",
        "secret",
        """
        {"Statement": {"Effect": "Allow", "Action": ["s3:DeleteObject*", "s3:PutObject*"],
                       "Resource": "*"}}
        """);
    try (S3Client cleaner = S3Clients.of(fake, "AKIACLEANER", "secret").build()) {
      String version =
          cleaner
              .putObject(
                  r ->
                      r.bucket(BUCKET)
                          .key("k")
                          .objectLockMode(ObjectLockMode.GOVERNANCE)
                          .objectLockRetainUntilDate(Instant.now().plus(Duration.ofDays(1))),
                  RequestBody.fromString("1"))
              .versionId();
      assertRefused(
          403,
          "AccessDenied",
          () ->
              cleaner.deleteObject(
                  r ->
                      r.bucket(BUCKET)
                          .key("k")
                          .versionId(version)
                          .bypassGovernanceRetention(true)));
      client.deleteObject(
          r -> r.bucket(BUCKET).key("k").versionId(version).bypassGovernanceRetention(true));
    }
  }

  @Test
  void amongManyOnlyTheAllowedOnesAreDeleted() {
    write("repository/locks/1");
    write("repository/data/1");

    DeleteObjectsResponse response =
        writer.deleteObjects(
            r ->
                r.bucket(BUCKET)
                    .delete(
                        delete ->
                            delete.objects(
                                ObjectIdentifier.builder().key("repository/locks/1").build(),
                                ObjectIdentifier.builder().key("repository/data/1").build())));

    assertEquals("repository/locks/1", response.deleted().get(0).key());
    assertEquals("repository/data/1", response.errors().get(0).key());
    assertEquals("AccessDenied", response.errors().get(0).code());
  }

  @Test
  void whatAPolicySaysAndTheServerDoesNotKnowIsRefusedWhenTheUserIsMade() {
    for (String statement :
        List.of(
            "\"Condition\": {\"IpAddress\": {\"aws:SourceIp\": \"10.0.0.0/8\"}}",
            "\"Condition\": {\"StringLike\": {\"aws:userid\": \"x\"}}",
            "\"NotAction\": \"s3:Get*\"",
            "\"Principal\": \"*\"")) {
      String policy =
          "{\"Statement\": [{\"Effect\": \"Allow\", \"Action\": \"s3:*\", \"Resource\": \"*\", "
              + statement
              + "}]}";
      assertThrows(
          IllegalArgumentException.class, () -> fake.user("AKIAOTHER", "secret", policy), policy);
    }
    assertThrows(
        IllegalArgumentException.class, () -> fake.user("AKIAOTHER", "secret", "{\"Statement\""));
  }

  @Test
  void theBucketMayDenyEvenItsOwner() {
    put("k", "1");
    client.putBucketPolicy(
        r ->
            r.bucket(BUCKET)
                .policy(
                    """
                    {"Version": "2012-10-17", "Statement": [
                      {"Effect": "Deny", "Principal": "*", "Action": "s3:GetObject",
                       "Resource": "arn:aws:s3:::orders/*",
                       "Condition": {"Bool": {"aws:SecureTransport": "false"}}}]}
                    """));

    assertRefused(403, "AccessDenied", () -> get("k"));
    assertFalse(client.getBucketPolicyStatus(r -> r.bucket(BUCKET)).policyStatus().isPublic());
    client.deleteBucketPolicy(r -> r.bucket(BUCKET));
    assertEquals("1", get("k"));
    assertRefused(404, "NoSuchBucketPolicy", () -> client.getBucketPolicy(r -> r.bucket(BUCKET)));
  }

  @Test
  void aPublicPolicyIsBlockedUntilTheBlockIsLifted() throws Exception {
    put("k", "1");
    String open =
        """
        {"Statement": [{"Effect": "Allow", "Principal": "*", "Action": "s3:GetObject",
                        "Resource": "arn:aws:s3:::orders/*"}]}
        """;

    assertRefused(
        403, "AccessDenied", () -> client.putBucketPolicy(r -> r.bucket(BUCKET).policy(open)));
    client.putPublicAccessBlock(
        r -> r.bucket(BUCKET).publicAccessBlockConfiguration(c -> c.blockPublicPolicy(false)));
    client.putBucketPolicy(r -> r.bucket(BUCKET).policy(open));

    assertTrue(client.getBucketPolicyStatus(r -> r.bucket(BUCKET)).policyStatus().isPublic());
    RawS3.Signed anonymous =
        new RawS3.Signed("GET", fake.endpoint().resolve("/orders/k"), Map.of());
    assertEquals("1", new RawS3(fake).send(anonymous, "").body());
    client.putPublicAccessBlock(
        r -> r.bucket(BUCKET).publicAccessBlockConfiguration(c -> c.restrictPublicBuckets(true)));
    assertEquals(403, new RawS3(fake).send(anonymous, "").statusCode());
  }

  @Test
  void aPolicyOfABucketThatIsNotUnderstoodIsRefused() {
    assertRefused(
        400,
        "MalformedPolicy",
        () ->
            client.putBucketPolicy(
                r ->
                    r.bucket(BUCKET)
                        .policy(
                            """
                            {"Statement": [{"Effect": "Deny", "Principal": "*",
                              "Action": "s3:GetObject", "Resource": "arn:aws:s3:::orders/*",
                              "Condition": {"DateLessThan": {"aws:CurrentTime": "2030-01-01"}}}]}
                            """)));
  }
}
