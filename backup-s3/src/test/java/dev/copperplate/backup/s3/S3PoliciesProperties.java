package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.copperplate.backup.s3.PolicyReader.Request;
import java.util.List;
import java.util.Map;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class S3PoliciesProperties {

  private static final List<String> ACTIONS =
      List.of(
          "s3:GetObject",
          "s3:GetObjectVersion",
          "s3:GetObjectRetention",
          "s3:PutObject",
          "s3:PutObjectRetention",
          "s3:PutObjectLegalHold",
          "s3:PutObjectAcl",
          "s3:DeleteObject",
          "s3:DeleteObjectVersion",
          "s3:BypassGovernanceRetention",
          "s3:AbortMultipartUpload");

  /** What changes a repository. */
  private static final List<String> CHANGES =
      ACTIONS.stream().filter(action -> !action.startsWith("s3:Get")).toList();

  @Property
  void allowsNothingOfKeysOutsideThePrefix(
      @ForAll S3Role role,
      @ForAll("keys") String prefix,
      @ForAll("keys") String key,
      @ForAll("resources") String bucket) {
    String inside = "arn:aws:s3:::orders-backup/" + prefix + "/";
    String resource = bucket + key;
    Assume.that(!resource.startsWith(inside));
    assertNothing("Allow", policy(role, prefix), ACTIONS, resource);
  }

  @Property
  void allowsNoChangeOfKeysInsideThePrefixThatAreNotOfTheLayout(
      @ForAll S3Role role, @ForAll("keys") String prefix, @ForAll("keys") String key) {
    Assume.that(!key.matches("(?s)config|(keys|snapshots|index|data|locks|copperplate)/.*"));
    assertNothing(
        "Allow", policy(role, prefix), CHANGES, "arn:aws:s3:::orders-backup/" + prefix + "/" + key);
  }

  @Property
  void allowsAReaderOfABucketNoChangeButOfLocks(
      @ForAll("keys") String prefix, @ForAll("keys") String key) {
    PolicyReader readers =
        new PolicyReader(
            S3Policies.of(new S3Location("orders-backup", prefix))
                .bucketPolicy(Map.of(S3Role.READER, "arn:aws:iam:::user/reader")));
    Assume.that(!key.startsWith("locks/"));
    assertNothing("Allow", readers, CHANGES, "arn:aws:s3:::orders-backup/" + prefix + "/" + key);
  }

  private static PolicyReader policy(S3Role role, String prefix) {
    return new PolicyReader(
        S3Policies.of(new S3Location("orders-backup", prefix)).retention(30).identityPolicy(role));
  }

  private static void assertNothing(
      String effect, PolicyReader policy, List<String> actions, String resource) {
    for (String action : actions) {
      assertFalse(
          policy.matches(effect, Request.of(action, resource)), () -> action + " " + resource);
    }
  }

  /** Near misses, mostly. */
  @Provide
  Arbitrary<String> keys() {
    return Arbitraries.of(
            "a",
            "b",
            "config",
            "config2",
            "keys",
            "data",
            "locks",
            "locksmith",
            "copperplate",
            "receipts",
            "index",
            "snapshots",
            "production",
            "x.y",
            "$")
        .list()
        .ofMinSize(1)
        .ofMaxSize(4)
        .map(parts -> String.join("/", parts));
  }

  @Provide
  Arbitrary<String> resources() {
    return Arbitraries.of(
        "arn:aws:s3:::orders-backup/",
        "arn:aws:s3:::orders-backup2/",
        "arn:aws:s3:::other-bucket/",
        "arn:aws-cn:s3:::orders-backup/");
  }
}
