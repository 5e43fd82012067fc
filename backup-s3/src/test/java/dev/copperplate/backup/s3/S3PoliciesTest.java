package dev.copperplate.backup.s3;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.records.RecordKind;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.s3.PolicyReader.Request;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class S3PoliciesTest {

  private static final String OBJECTS = "arn:aws:s3:::orders-backup/production/";
  private static final String BUCKET = "arn:aws:s3:::orders-backup";
  private static final S3Policies POLICIES =
      S3Policies.of(new S3Location("orders-backup", "production")).retention(400);

  /** One key of each place of a repository. */
  private static final List<String> KEYS =
      List.of(
          "config",
          "keys/1",
          "snapshots/1",
          "index/1",
          "data/00/1",
          "locks/1",
          "copperplate/receipts/1/1",
          "copperplate/holds/1/1");

  private static PolicyReader policy(S3Role role) {
    return new PolicyReader(POLICIES.identityPolicy(role));
  }

  private static String allowed(S3Role role, String action) {
    PolicyReader policy = policy(role);
    return String.join(
        " ",
        KEYS.stream().filter(key -> policy.passes(Request.of(action, OBJECTS + key))).toList());
  }

  private static void assertGolden(String name, String policy) throws IOException {
    try (InputStream in = S3PoliciesTest.class.getResourceAsStream("policies/" + name)) {
      assertEquals(new String(in.readAllBytes(), UTF_8), policy);
    }
  }

  @ParameterizedTest
  @EnumSource
  void writesThePolicyOfEachRole(S3Role role) throws IOException {
    assertGolden(role.name().toLowerCase(Locale.ROOT) + ".json", POLICIES.identityPolicy(role));
  }

  @Test
  void writesOnePolicyOfABucketForAllWhoUseIt() throws IOException {
    String policy =
        POLICIES.bucketPolicy(
            Map.of(
                S3Role.WRITER, "arn:aws:iam::123456789012:role/orders",
                S3Role.VERIFIER, "arn:aws:iam::123456789012:role/drills"));
    assertGolden("bucket.json", policy);
    PolicyReader reader = new PolicyReader(policy);
    Set<String> names = new HashSet<>(reader.names());
    assertEquals(reader.names().size(), names.size());
    names.forEach(name -> assertTrue(name.matches("[A-Za-z0-9]+"), name));
    assertFalse(reader.principals().contains(null));
  }

  @ParameterizedTest
  @EnumSource
  void letsEverybodyReadListAndLock(S3Role role) {
    String all = String.join(" ", KEYS);
    assertEquals(all, allowed(role, "s3:GetObject"));
    assertEquals(all, allowed(role, "s3:GetObjectVersion"));
    PolicyReader policy = policy(role);
    for (String action : List.of("s3:PutObject", "s3:DeleteObject", "s3:DeleteObjectVersion")) {
      assertTrue(policy.passes(Request.of(action, OBJECTS + "locks/1")), action);
    }
    for (String action : List.of("s3:ListBucket", "s3:ListBucketVersions")) {
      Request list = Request.of(action, BUCKET);
      assertTrue(policy.passes(list.with("s3:prefix", "production/data/")), action);
      assertFalse(policy.passes(list.with("s3:prefix", "staging/")), action);
      assertFalse(policy.passes(list.with("s3:prefix", "")), action);
      assertFalse(policy.passes(list), action);
    }
  }

  @Test
  void letsAReaderWriteAndDeleteLocksOnly() {
    assertEquals("locks/1", allowed(S3Role.READER, "s3:PutObject"));
    assertEquals("locks/1", allowed(S3Role.READER, "s3:DeleteObject"));
    assertEquals("", allowed(S3Role.READER, "s3:PutObjectRetention"));
  }

  @Test
  void letsAVerifierWriteReceiptsToo() {
    assertEquals("locks/1 copperplate/receipts/1/1", allowed(S3Role.VERIFIER, "s3:PutObject"));
    assertEquals("locks/1", allowed(S3Role.VERIFIER, "s3:DeleteObject"));
    assertTrue(
        policy(S3Role.VERIFIER)
            .passes(Request.of("s3:PutObject", OBJECTS + RecordKind.RECEIPT.prefix() + "a/b")));
  }

  @Test
  void letsAWriterWriteEverythingAndDeleteLocksOnly() {
    assertEquals(String.join(" ", KEYS), allowed(S3Role.WRITER, "s3:PutObject"));
    assertEquals("locks/1", allowed(S3Role.WRITER, "s3:DeleteObject"));
    assertEquals("locks/1", allowed(S3Role.WRITER, "s3:DeleteObjectVersion"));
    assertEquals(
        String.join(" ", KEYS).replace("locks/1 ", ""),
        allowed(S3Role.WRITER, "s3:PutObjectRetention"));
  }

  @Test
  void letsAPrunerDeleteEverythingButTheConfigurationAndTheKeys() {
    String pruned =
        "snapshots/1 index/1 data/00/1 locks/1 copperplate/receipts/1/1 copperplate/holds/1/1";
    assertEquals(pruned, allowed(S3Role.PRUNER, "s3:DeleteObject"));
    assertEquals(pruned, allowed(S3Role.PRUNER, "s3:DeleteObjectVersion"));
    assertEquals(pruned.replace("snapshots/1 ", ""), allowed(S3Role.PRUNER, "s3:PutObject"));
    assertEquals("index/1 data/00/1", allowed(S3Role.PRUNER, "s3:PutObjectRetention"));
  }

  @Test
  void knowsEveryPlaceOfTheLayout() {
    PolicyReader writer = policy(S3Role.WRITER);
    List<String> places = new ArrayList<>();
    for (ObjectKind kind : ObjectKind.values()) {
      places.add(kind.prefix());
    }
    for (RecordKind kind : RecordKind.values()) {
      places.add(kind.prefix());
    }
    for (String place : places) {
      assertTrue(writer.passes(Request.of("s3:PutObject", OBJECTS + place + "x")), place);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"WRITER", "PRUNER"})
  void deniesWhatAnotherPolicyMightAllow(S3Role role) {
    PolicyReader policy = policy(role);
    for (String key : KEYS) {
      assertTrue(
          policy.matches("Deny", Request.of("s3:BypassGovernanceRetention", OBJECTS + key)), key);
    }
    assertTrue(policy.matches("Deny", Request.of("s3:DeleteObject", OBJECTS + "config")));
    assertTrue(policy.matches("Deny", Request.of("s3:DeleteObjectVersion", OBJECTS + "keys/1")));
    for (String action :
        List.of(
            "s3:PutBucketVersioning",
            "s3:PutBucketObjectLockConfiguration",
            "s3:PutBucketPolicy",
            "s3:PutLifecycleConfiguration",
            "s3:DeleteBucket",
            "s3:DeleteBucketPolicy")) {
      assertTrue(policy.matches("Deny", Request.of(action, BUCKET)), action);
    }
  }

  @Test
  void deniesAWriterDeletionsThatAnotherPolicyMightAllow() {
    PolicyReader policy = policy(S3Role.WRITER);
    for (String key : KEYS) {
      Request delete = Request.of("s3:DeleteObjectVersion", OBJECTS + key);
      assertEquals(!key.startsWith("locks/"), policy.matches("Deny", delete), key);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"s3:PutObject", "s3:PutObjectRetention"})
  void deniesRetentionForTooLong(String action) {
    for (S3Role role : List.of(S3Role.WRITER, S3Role.PRUNER)) {
      Request retain = Request.of(action, OBJECTS + "data/00/1");
      String fact = "s3:object-lock-remaining-retention-days";
      assertTrue(policy(role).passes(retain.with(fact, "400")), role.name());
      assertFalse(policy(role).passes(retain.with(fact, "401")), role.name());
    }
  }

  @ParameterizedTest
  @EnumSource
  void letsNobodyRetainUnlessItIsSaidForHowLong(S3Role role) {
    PolicyReader policy =
        new PolicyReader(S3Policies.of(S3Location.of("orders-backup")).identityPolicy(role));
    assertFalse(policy.passes(Request.of("s3:PutObjectRetention", BUCKET + "/data/00/1")));
  }

  @ParameterizedTest
  @EnumSource
  void deniesPlainHttpUnlessItIsAllowed(S3Role role) {
    Request plain =
        Request.of("s3:GetObject", OBJECTS + "config").with("aws:SecureTransport", "false");
    Request safe = plain.with("aws:SecureTransport", "true");
    assertFalse(policy(role).passes(plain));
    assertTrue(policy(role).passes(safe));
    assertTrue(new PolicyReader(POLICIES.plainTransport().identityPolicy(role)).passes(plain));
  }

  @Test
  void letsARepositoryHaveTheWholeBucket() {
    PolicyReader policy =
        new PolicyReader(
            S3Policies.of(S3Location.of("orders-backup")).identityPolicy(S3Role.READER));
    assertTrue(policy.passes(Request.of("s3:GetObject", BUCKET + "/data/00/1")));
    assertTrue(policy.passes(Request.of("s3:ListBucket", BUCKET)));
  }

  @Test
  void namesThePartition() {
    String policy = POLICIES.partition("aws-cn").identityPolicy(S3Role.WRITER);
    assertTrue(policy.contains("\"arn:aws-cn:s3:::orders-backup/production/data/*\""), policy);
    assertFalse(policy.contains("arn:aws:"), policy);
  }

  @ParameterizedTest
  @EnumSource
  void fitsIntoAManagedPolicyWithALongPrefix(S3Role role) {
    String policy =
        S3Policies.of(new S3Location("b".repeat(63), "p".repeat(100)))
            .retention(400)
            .identityPolicy(role);
    assertTrue(policy.replaceAll("\\s", "").length() < 6144, role.name());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a*", "*", "a?b", "${aws:username}"})
  void refusesAPrefixThatAStoreCouldMisunderstand(String prefix) {
    assertThrows(
        IllegalArgumentException.class,
        () -> S3Policies.of(new S3Location("orders-backup", prefix)));
  }

  @Test
  void saysWhyItRefusesAPrefix() {
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> S3Policies.of(new S3Location("orders-backup", "orders-*")));
    assertEquals(
        "A policy for s3://orders-backup/orders-* would mean other places too, because of *",
        refused.getMessage());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"*", "123456789012", "arn:aws:iam::123456789012:role/*", "arn:aws:s3:::bucket"})
  void refusesWhatNamesNotOnePrincipal(String principal) {
    assertThrows(
        IllegalArgumentException.class,
        () -> POLICIES.bucketPolicy(Map.of(S3Role.READER, principal)));
    assertThrows(IllegalArgumentException.class, () -> POLICIES.bucketPolicy(Map.of()));
  }

  @Test
  void takesThePrincipalsOfOtherStores() {
    String ceph = "arn:aws:iam:::user/writer";
    assertTrue(POLICIES.bucketPolicy(Map.of(S3Role.WRITER, ceph)).contains(ceph));
  }

  @Test
  void refusesARetentionOfLessThanADay() {
    assertThrows(IllegalArgumentException.class, () -> POLICIES.retention(0));
  }
}
