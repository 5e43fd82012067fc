package dev.copperplate.backup.s3.ceph;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static software.amazon.awssdk.services.s3.model.ObjectLockMode.COMPLIANCE;
import static software.amazon.awssdk.services.s3.model.ObjectLockMode.GOVERNANCE;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.DeleteObjectsResponse;
import software.amazon.awssdk.services.s3.model.DeletedObject;
import software.amazon.awssdk.services.s3.model.ObjectCannedACL;
import software.amazon.awssdk.services.s3.model.ObjectIdentifier;
import software.amazon.awssdk.services.s3.model.S3Error;

class CephPoliciesFactsTest extends CephFacts {

  private final String bucket = ceph.lockedBucket();
  private final S3Client stranger = ceph.client(ceph.stranger());

  @AfterEach
  void close() {
    stranger.close();
  }

  @Test
  void limitsDeletionToAPrefix() {
    String version = put(bucket, "locks/a", "text");
    put(bucket, "data/a", "text");
    decree(allow("s3:DeleteObject", "/locks/*"));
    assertRefused("403 AccessDenied", () -> delete("data/a"));
    assertRefused("403 AccessDenied", () -> delete("locks/a", version));
    delete("locks/a");
    assertEquals("text", read(bucket, "locks/a", version));
  }

  /** Amazon looks at each key alone. */
  @Test
  void letsManyDeletionsInOneRequestOnlyToThoseWhoMayDeleteTheBucketItself() {
    put(bucket, "locks/a", "text");
    put(bucket, "data/a", "text");
    decree(allow("s3:DeleteObject", "/locks/*"));
    assertRefused("403 AccessDenied", () -> deleteAll("locks/a"));
    decree(allow("s3:DeleteObject", "/locks/*"), allow("s3:DeleteObject", ""));
    DeleteObjectsResponse answer = deleteAll("locks/a", "data/a");
    assertEquals(List.of("locks/a"), answer.deleted().stream().map(DeletedObject::key).toList());
    assertEquals(List.of("data/a"), answer.errors().stream().map(S3Error::key).toList());
  }

  @Test
  void limitsListingToAPrefix() {
    put(bucket, "data/a", "text");
    decree(allow("s3:ListBucket", "", "{'StringLike':{'s3:prefix':'data/*'}}"));
    assertEquals(1, stranger.listObjectsV2(e -> e.bucket(bucket).prefix("data/")).keyCount());
    assertRefused(
        "403 AccessDenied", () -> stranger.listObjectsV2(e -> e.bucket(bucket).prefix("locks/")));
    assertRefused("403 AccessDenied", () -> stranger.listObjectsV2(e -> e.bucket(bucket)));
    assertRefused(
        "403 AccessDenied",
        () -> stranger.listObjectVersions(e -> e.bucket(bucket).prefix("data/")));
    assertRefused("403 null", () -> stranger.headBucket(e -> e.bucket(bucket)));
  }

  @Test
  void hidesWhetherAnObjectIsThereFromThoseWhoMayNotList() {
    decree(allow("s3:GetObject", "/*"));
    assertRefused(
        "403 AccessDenied", () -> stranger.getObjectAsBytes(e -> e.bucket(bucket).key("absent")));
    decree(allow("s3:GetObject", "/*"), allow("s3:ListBucket", ""));
    assertRefused(
        "404 NoSuchKey", () -> stranger.getObjectAsBytes(e -> e.bucket(bucket).key("absent")));
  }

  @Test
  void readsEarlierVersionsOnlyWithARightOfItsOwn() {
    String version = put(bucket, "a", "text");
    decree(allow("s3:GetObject", "/*"));
    assertRefused("403 AccessDenied", () -> readAsStranger(version));
    decree(allow("s3:GetObjectVersion", "/*"));
    assertEquals("text", readAsStranger(version));
  }

  private String readAsStranger(String version) {
    return stranger
        .getObjectAsBytes(each -> each.bucket(bucket).key("a").versionId(version))
        .asUtf8String();
  }

  /** Amazon asks for {@code s3:PutObjectRetention} in both cases. */
  @Test
  void asksForTheRightToRetainOnlyAfterwards() {
    put(bucket, "a", "text");
    decree(allow("s3:PutObject", "/*"));
    assertRefused("403 AccessDenied", () -> retain(stranger, bucket, "a", COMPLIANCE, tomorrow()));
    putLocked(stranger, bucket, "b", COMPLIANCE, tomorrow());
    decree(allow("s3:PutObjectRetention", "/*"));
    retain(stranger, bucket, "a", COMPLIANCE, tomorrow());
    assertRefused(
        "403 AccessDenied",
        () -> retain(stranger, bucket, "a", COMPLIANCE, tomorrow().minusSeconds(60)));
  }

  /** Amazon lets nobody pass to whom the right was not given. */
  @Test
  void letsWhoMayDeleteVersionsPassGovernanceUnlessThatIsDenied() {
    decree(allow("s3:DeleteObjectVersion", "/*"), deny("s3:BypassGovernanceRetention", "/*", "{}"));
    String denied = putLocked(bucket, "a", GOVERNANCE, tomorrow());
    assertRefused("403 AccessDenied", () -> deletePassing("a", denied));
    decree(allow("s3:DeleteObjectVersion", "/*"));
    assertRefused("403 AccessDenied", () -> delete("a", denied));
    String bound = putLocked(bucket, "b", COMPLIANCE, tomorrow());
    assertRefused("403 AccessDenied", () -> deletePassing("b", bound));
    deletePassing("a", denied);
    assertTrue(versions(bucket, "a").isEmpty());
  }

  @Test
  void shortensGovernanceOnlyWithTheRightToPass() {
    Instant until = tomorrow();
    putLocked(bucket, "a", GOVERNANCE, until);
    decree(allow("s3:PutObjectRetention", "/*"));
    assertRefused("403 AccessDenied", () -> retainPassing(until.minusSeconds(60)));
    decree(allow("s3:PutObjectRetention", "/*"), allow("s3:BypassGovernanceRetention", "/*"));
    retainPassing(until.minusSeconds(60));
    assertEquals(until.minusSeconds(60), retainedUntil(bucket, "a"));
  }

  private void retainPassing(Instant until) {
    stranger.putObjectRetention(
        each ->
            each.bucket(bucket)
                .key("a")
                .bypassGovernanceRetention(true)
                .retention(r -> r.mode("GOVERNANCE").retainUntilDate(until)));
  }

  /** Amazon refuses the thirty days of both requests. */
  @Test
  void doesNotKnowHowManyDaysOfRetentionRemain() {
    Instant late = Instant.now().plus(Duration.ofDays(30));
    put(bucket, "a", "text");
    decree(
        allow("s3:PutObject", "/*"),
        allow("s3:PutObjectRetention", "/*"),
        deny("s3:PutObjectRetention", "/*", remainingDays("NumericGreaterThan")));
    putLocked(stranger, bucket, "b", COMPLIANCE, late);
    retain(stranger, bucket, "a", COMPLIANCE, late);
    put(bucket, "c", "text");
    decree(allow("s3:PutObjectRetention", "/*", remainingDays("NumericLessThan")));
    assertRefused("403 AccessDenied", () -> retain(stranger, bucket, "c", COMPLIANCE, tomorrow()));
  }

  private static String remainingDays(String operator) {
    return "{'" + operator + "':{'s3:object-lock-remaining-retention-days':'10'}}";
  }

  /** Amazon knows them all. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{'StringEquals':{'s3:object-lock-mode':'COMPLIANCE'}}",
        "{'StringEquals':{'s3:x-amz-storage-class':'STANDARD'}}",
        "{'Bool':{'aws:SecureTransport':'false'}}"
      })
  void deniesNothingOnConditionsThatItDoesNotKnow(String condition) {
    decree(allow("s3:PutObject", "/*"), deny("s3:PutObject", "/*", condition));
    putLocked(stranger, bucket, "a", COMPLIANCE, tomorrow());
  }

  /** To Amazon, {@code false} means that the request has the key. */
  @Test
  void takesWhatItDoesNotKnowForNullWhateverWasAsked() {
    for (String value : List.of("true", "false")) {
      String condition = "{'Null':{'s3:object-lock-mode':'" + value + "'}}";
      decree(allow("s3:PutObject", "/*"), deny("s3:PutObject", "/*", condition));
      assertRefused(
          "403 AccessDenied", () -> putLocked(stranger, bucket, "a", COMPLIANCE, tomorrow()));
    }
  }

  @Test
  void deniesWhatAsksForEncryptionByTheServer() {
    decree(
        allow("s3:PutObject", "/*"),
        deny(
            "s3:PutObject", "/*", "{'StringEquals':{'s3:x-amz-server-side-encryption':'AES256'}}"));
    assertRefused(
        "403 AccessDenied",
        () ->
            stranger.putObject(
                each -> each.bucket(bucket).key("a").serverSideEncryption("AES256"),
                RequestBody.fromString("text")));
    put(stranger, bucket, "a", "text");
  }

  @Test
  void refusesActionsThatItDoesNotKnow() {
    assertRefused("400 InvalidArgument", () -> decree(allow("s3:Frobnicate", "/*")));
  }

  /** With Amazon's default, the owner of a bucket owns all that is in it. */
  @Test
  void givesAnObjectToItsWriterAndNotToTheOwnerOfTheBucket() {
    decree(allow("s3:PutObject", "/*"));
    put(stranger, bucket, "a", "text");
    assertRefused("403 AccessDenied", () -> read(bucket, "a"));
    assertRefused("403 AccessDenied", () -> retain(bucket, "a", COMPLIANCE, tomorrow()));
    decree(allow("s3:PutObject", "/*"), allow("s3:*", "/*").replace("stranger", "owner"));
    assertEquals("text", read(bucket, "a"));
  }

  @Test
  void letsTheOwnerOfTheBucketDeleteWhatOthersOwn() {
    decree(allow("s3:PutObject", "/*"));
    String version = put(stranger, bucket, "a", "text");
    s3.deleteObject(each -> each.bucket(bucket).key("a").versionId(version));
    assertTrue(versions(bucket, "a").isEmpty());
  }

  @Test
  void givesTheOwnerOfTheBucketWhatAnAclGives() {
    decree(allow("s3:PutObject", "/*"), allow("s3:PutObjectAcl", "/*"));
    stranger.putObject(
        each -> each.bucket(bucket).key("a").acl(ObjectCannedACL.BUCKET_OWNER_FULL_CONTROL),
        RequestBody.fromString("text"));
    assertEquals("text", read(bucket, "a"));
  }

  @Test
  void deniesTheOwnerToo() {
    String version = put(bucket, "a", "text");
    decree(deny("s3:DeleteObjectVersion", "/*", "{}").replace("stranger", "owner"));
    assertRefused(
        "403 AccessDenied",
        () -> s3.deleteObject(each -> each.bucket(bucket).key("a").versionId(version)));
  }

  /** Amazon calls it public only if everybody is allowed something. */
  @Test
  void callsAPolicyForOneOtherUserPublic() {
    decree(allow("s3:GetObject", "/*"));
    assertTrue(s3.getBucketPolicyStatus(each -> each.bucket(bucket)).policyStatus().isPublic());
  }

  private void decree(String... statements) {
    String policy = "{'Version':'2012-10-17','Statement':[" + String.join(",", statements) + "]}";
    s3.putBucketPolicy(each -> each.bucket(bucket).policy(policy.replace('\'', '"')));
  }

  private String allow(String action, String path) {
    return allow(action, path, "{}");
  }

  private String allow(String action, String path, String condition) {
    return statement("Allow", action, path, condition);
  }

  private String deny(String action, String path, String condition) {
    return statement("Deny", action, path, condition);
  }

  private String statement(String effect, String action, String path, String condition) {
    return String.join(
        "",
        "{'Effect':'" + effect + "',",
        "'Principal':{'AWS':['arn:aws:iam:::user/stranger']},",
        "'Action':['" + action + "'],",
        "'Resource':['arn:aws:s3:::" + bucket + path + "'],",
        "'Condition':" + condition + "}");
  }

  private void delete(String key) {
    stranger.deleteObject(each -> each.bucket(bucket).key(key));
  }

  private void delete(String key, String version) {
    stranger.deleteObject(each -> each.bucket(bucket).key(key).versionId(version));
  }

  private void deletePassing(String key, String version) {
    stranger.deleteObject(
        each -> each.bucket(bucket).key(key).versionId(version).bypassGovernanceRetention(true));
  }

  private DeleteObjectsResponse deleteAll(String... keys) {
    List<ObjectIdentifier> objects =
        List.of(keys).stream().map(key -> ObjectIdentifier.builder().key(key).build()).toList();
    return stranger.deleteObjects(each -> each.bucket(bucket).delete(d -> d.objects(objects)));
  }
}
