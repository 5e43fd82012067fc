package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import dev.copperplate.backup.testkit.s3.Oddity;
import dev.copperplate.backup.testkit.s3.RetentionMode;
import dev.copperplate.backup.testkit.s3.S3Calls;
import dev.copperplate.backup.testkit.s3.S3Fault;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.LifecycleRule;
import software.amazon.awssdk.services.s3.model.Transition;

/** What a preflight says of buckets that are good and bad places for a repository. */
class S3PreflightTest {

  private static final S3Location PLACE = new S3Location("orders", "backups");

  private FakeS3 store;

  @AfterEach
  void closeStore() {
    store.close();
  }

  @Test
  void aLockedBucketThatBlocksThePublicPasses() throws Exception {
    start(BucketOptions.locked());
    blockPublicAccess(true);
    PreflightReport report = look(S3Preflight::strict);
    assertTrue(report.passed(), report::toString);
    assertEquals(
        Set.of(Capability.RETENTION, Capability.VERSIONS, Capability.CONDITIONAL_PUT),
        report.capabilities());
    assertFalse(mentions(report, "public access"));
    assertTrue(report.storeAhead().abs().toSeconds() <= 2, report::toString);
  }

  @Test
  void aBucketThatOneStolenKeyCanEmptyIsRefusedWhenStrict() throws Exception {
    start(BucketOptions.plain());
    assertFinding(look(), Severity.WARNING, "immutability", "one stolen key");
    assertFinding(look(S3Preflight::strict), Severity.ERROR, "immutability", "one stolen key");
    assertTrue(look(preflight -> preflight.strict().replicated()).passed());
    assertFinding(look(), Severity.WARNING, "access", "may delete everything");
  }

  @Test
  void versionsAreSwitchedOnWhenAsked() throws Exception {
    start(BucketOptions.plain());
    assertFinding(look(), Severity.WARNING, "immutability", "Nothing is kept");
    try (S3Target target = target()) {
      S3Preflight.of(target).enableVersioning();
    }
    PreflightReport report = look();
    assertTrue(report.capabilities().contains(Capability.VERSIONS));
    assertTrue(
        report.findings().stream().noneMatch(each -> each.message().contains("Nothing is kept")));
  }

  @Test
  void aDefaultRetentionThatWouldTrapLocksIsRefused() throws Exception {
    start(BucketOptions.locked().retaining(RetentionMode.GOVERNANCE, 30));
    assertFinding(look(), Severity.ERROR, "immutability", "by default");
  }

  @Test
  void storesThatLieAreFoundOut() throws Exception {
    start(BucketOptions.locked(), Oddity.DELETES_LOCKED, Oddity.IGNORES_CONDITIONS);
    PreflightReport report = look();
    assertEquals(Set.of(Capability.VERSIONS), report.capabilities());
    assertFinding(report, Severity.ERROR, "immutability", "lets them be deleted");
  }

  @Test
  void aStoreThatForgetsVersionsHasNone() throws Exception {
    start(BucketOptions.versioned(), Oddity.FORGETS_VERSIONS);
    assertEquals(Set.of(Capability.CONDITIONAL_PUT), look().capabilities());
  }

  @Test
  void rulesThatRemoveOrFreezeObjectsAreRefusedByName() throws Exception {
    start(BucketOptions.locked());
    rules(rule("by age", each -> each.filter(f -> f.prefix("")).expiration(e -> e.days(90))));
    assertFinding(look(), Severity.ERROR, "lifecycle", "by age");
    rules(
        rule(
            "freeze",
            each -> each.filter(f -> f.prefix("backups/data/")).transitions(to("DEEP_ARCHIVE"))));
    assertFinding(look(), Severity.ERROR, "lifecycle", "freeze");
    rules(
        rule(
            "clear",
            each ->
                each.filter(f -> f.prefix("back"))
                    .noncurrentVersionExpiration(n -> n.noncurrentDays(7))));
    assertFinding(look(), Severity.WARNING, "lifecycle", "7 days");
  }

  @Test
  void rulesThatHarmNothingAreNoFindings() throws Exception {
    start(BucketOptions.locked());
    rules(
        rule(
            "off",
            each -> each.status("Disabled").filter(f -> f.prefix("")).expiration(e -> e.days(1))),
        rule("others", each -> each.filter(f -> f.prefix("logs/")).expiration(e -> e.days(1))),
        rule(
            "locks",
            each -> each.filter(f -> f.prefix("backups/locks/")).expiration(e -> e.days(1))),
        rule(
            "tagged",
            each ->
                each.filter(f -> f.tag(t -> t.key("keep").value("no"))).expiration(e -> e.days(1))),
        rule(
            "cooler",
            each -> each.filter(f -> f.prefix("backups/data/")).transitions(to("STANDARD_IA"))));
    assertFalse(mentions(look(), "lifecycle"));
  }

  @Test
  void whatIsOpenToEverybodyIsRefused() throws Exception {
    start(BucketOptions.locked());
    blockPublicAccess(false);
    assertFinding(look(), Severity.WARNING, "public access", "one day");
    try (S3Client owner = owner()) {
      owner.putBucketPolicy(
          each ->
              each.bucket("orders")
                  .policy(
                      "{\"Version\":\"2012-10-17\",\"Statement\":[{\"Effect\":\"Allow\","
                          + "\"Principal\":\"*\",\"Action\":\"s3:GetObject\","
                          + "\"Resource\":\"arn:aws:s3:::orders/*\"}]}"));
    }
    assertFinding(look(), Severity.ERROR, "public access", "policy");
  }

  @Test
  void whatMayNotBeAskedIsAWarning() throws Exception {
    start(BucketOptions.locked());
    store.on(S3Calls.of("GetBucketLifecycleConfiguration"), S3Fault.forbidden());
    assertFinding(look(), Severity.WARNING, "lifecycle", "may not be looked at");
  }

  @Test
  void whatABackupNeedsAndMayNotDoIsAnError() throws Exception {
    start(BucketOptions.plain());
    store.on(S3Calls.of("ListObjectsV2"), S3Fault.forbidden());
    assertFinding(look(), Severity.ERROR, "access", "Refused");
  }

  @Test
  void aBucketThatDoesNotExistIsNoReport() throws Exception {
    start(BucketOptions.plain());
    try (S3Target target = FakeTargets.builder(store, S3Location.of("absent")).build()) {
      BackupException thrown =
          assertThrows(BackupException.class, () -> S3Preflight.of(target).run());
      assertEquals(Kind.INVALID, thrown.kind());
    }
  }

  @Test
  void whatIsTriedIsClearedUp() throws Exception {
    start(BucketOptions.versioned());
    look();
    look();
    try (S3Client owner = owner()) {
      List<String> left =
          owner.listObjectVersions(each -> each.bucket("orders")).versions().stream()
              .filter(each -> each.isLatest())
              .map(each -> each.key())
              .toList();
      assertEquals(
          List.of(
              "backups/copperplate/store/heeds-absence",
              "backups/copperplate/store/keeps-versions"),
          left);
      assertEquals(
          List.of(), owner.listObjectVersions(each -> each.bucket("orders")).deleteMarkers());
    }
  }

  private void start(BucketOptions options, Oddity... oddities) throws IOException {
    store = FakeS3.builder().oddities(oddities).start();
    store.createBucket("orders", options);
  }

  private S3Target target() {
    return FakeTargets.builder(store, PLACE).build();
  }

  private S3Client owner() {
    return FakeTargets.client(store);
  }

  private void blockPublicAccess(boolean all) {
    try (S3Client owner = owner()) {
      owner.putPublicAccessBlock(
          each ->
              each.bucket("orders")
                  .publicAccessBlockConfiguration(
                      block ->
                          block
                              .blockPublicAcls(all)
                              .blockPublicPolicy(all)
                              .ignorePublicAcls(all)
                              .restrictPublicBuckets(all)));
    }
  }

  private void rules(LifecycleRule... rules) {
    try (S3Client owner = owner()) {
      owner.putBucketLifecycleConfiguration(
          each -> each.bucket("orders").lifecycleConfiguration(all -> all.rules(rules)));
    }
  }

  private static LifecycleRule rule(String name, Consumer<LifecycleRule.Builder> what) {
    LifecycleRule.Builder rule = LifecycleRule.builder().id(name).status("Enabled");
    what.accept(rule);
    return rule.build();
  }

  private static Transition to(String storageClass) {
    return Transition.builder().days(30).storageClass(storageClass).build();
  }

  private PreflightReport look() throws IOException {
    return look(each -> each);
  }

  /** Chooses how to look. */
  private interface Choice {
    S3Preflight of(S3Preflight preflight);
  }

  private PreflightReport look(Choice choice) throws IOException {
    try (S3Target target = target()) {
      return choice.of(S3Preflight.of(target)).run();
    }
  }

  private static boolean mentions(PreflightReport report, String subject) {
    return report.findings().stream().anyMatch(each -> each.subject().equals(subject));
  }

  private static void assertFinding(
      PreflightReport report, Severity severity, String subject, String word) {
    assertTrue(
        report.findings().stream()
            .anyMatch(
                each ->
                    each.severity() == severity
                        && each.subject().equals(subject)
                        && each.message().contains(word)),
        () -> subject + " " + word + " in " + lines(report.findings()));
    assertTrue(severity != Severity.ERROR || !report.passed());
  }

  private static String lines(List<Finding> findings) {
    return String.join("\n", findings.stream().map(Finding::toString).toList());
  }
}
