package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.BackupOptions;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.CheckOptions;
import dev.copperplate.backup.repository.PruneOptions;
import dev.copperplate.backup.repository.PruneReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.retention.RetentionPolicies;
import dev.copperplate.backup.s3.ceph.Ceph;
import dev.copperplate.backup.testkit.Tree;
import dev.copperplate.backup.testkit.TreeSource;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ObjectVersion;
import software.amazon.awssdk.services.s3.model.S3Exception;

/**
 * Somebody has stolen the credentials of a service that backs up into a bucket with Object Lock of
 * a real store. The service has written as {@link S3Role#WRITER}, and no other rights are in the
 * thief's hands.
 */
class StolenWriterTest {

  /** Long enough for what is tried before it ends: to delete all that was backed up. */
  private static final Duration KEPT = Duration.ofSeconds(40);

  /** Some hundred with each build; thousands when asked for. */
  private static final int FORGED = Integer.getInteger("stolen.snapshots", 300);

  private static final int JUNK = 20;
  private static final Instant DECADES = Instant.parse("2090-01-01T00:00:00Z");
  private static final String LOCKED = "(config|keys/|data/|index/|snapshots/).*";

  private final Ceph ceph = Ceph.require();
  private final S3Location place = new S3Location(ceph.lockedBucket(), "backups");
  private final S3Client thief = ceph.client(ceph.stranger());
  private final Map<Snapshot, Tree> history = new LinkedHashMap<>();

  @TempDir Path directory;

  @AfterEach
  void close() {
    thief.close();
  }

  @Timeout(value = 10, unit = TimeUnit.MINUTES)
  @Test
  void whatWasBackedUpSurvivesAndTheBucketIsBroughtBack() throws Exception {
    Restic restic = CephRestic.at(ceph, place, directory);
    decree();
    backUpThreeTimes();
    // What a snapshot reuses is extended by a quarter more.
    Instant kept = Instant.now().plus(KEPT).plus(KEPT.dividedBy(4));
    assertNothingCanBeDestroyed();
    List<String> keys = keys();
    Instant before = Instant.now();
    pass(Duration.ofSeconds(2)); // The store counts whole seconds.

    attackAndRead(keys);

    assertBroughtBack(before, keys);
    assertRead();
    restic.succeed("check", "--read-data");
    assertEquals(
        history.size(), restic.succeed("snapshots", "--json").split("\"short_id\"").length - 1);
    assertResticRestores(restic);

    pass(Duration.between(Instant.now(), kept.plusSeconds(2)));
    assertPruneFreesTheSpace();
    restic.succeed("check", "--read-data");
  }

  private void backUpThreeTimes() throws Exception {
    try (S3Target target = writer();
        BackupRepository repository =
            TestRepositories.create(target, RepositoryOptions.DEFAULT.retainFor(KEPT))) {
      for (int i = 1; i <= 3; i++) {
        backUp(repository, tree(i));
      }
    }
  }

  /** The service itself still reads everything, and says what happened to it. */
  private void attackAndRead(List<String> keys) throws Exception {
    try (S3Target stolen = writer()) {
      Forger forger = new Forger(stolen);
      forger.lie();
      // Lies are told by what they are about: which of two indexes lies, nobody knows.
      String lies = check(stolen).toString();
      assertContains(lies, "index files contradict each other");
      assertContains(lies, "is gone, and an index lists it");
      backUpNothing();
      List<ObjectKey> flood = forger.flood(FORGED);
      forger.lock();
      assertLockedBy(Forger.HOST);
      overwrite(keys);
      forger.replaceConfig();
      forger.takeOver();
      List<Finding> findings = check(stolen);
      assertNamed(findings, keys);
      // A report names a thousand things and counts the others.
      String all = findings.toString();
      long named = flood.stream().filter(each -> all.contains(word(each.value()))).count();
      assertTrue(named >= Math.min(FORGED, 800), () -> named + " of the flood in " + all);
      // Whoever wants to write is told of each lock in turn, and cannot remove what is retained.
      assertLockedBy("unreadable lock 0000");
    }
  }

  private List<Finding> check(S3Target target) throws Exception {
    try (BackupRepository repository = TestRepositories.open(target)) {
      assertEverythingIsThere(repository);
      return repository.check(new CheckOptions.Share(1, 1)).findings();
    }
  }

  private void assertLockedBy(String who) throws Exception {
    try (S3Target target = writer();
        BackupRepository repository = TestRepositories.open(target)) {
      BackupException locked =
          assertThrows(
              BackupException.class,
              () ->
                  repository.backup(
                      TreeSource.of("orders", tree(9)),
                      BackupOptions.DEFAULT.lockWait(Duration.ZERO)));
      assertEquals(Kind.LOCKED, locked.kind(), locked::toString);
      assertTrue(String.valueOf(locked.getMessage()).contains(who), locked::toString);
    }
  }

  /** What was there is there again, and whatever came since is hidden. */
  private void assertBroughtBack(Instant before, List<String> keys) throws Exception {
    Set<String> expected = new HashSet<>(keys());
    // Data that no index lists are garbage, which the next prune removes.
    expected.removeIf(each -> each.startsWith("data/"));
    expected.addAll(keys);
    try (S3Target target = administrator()) {
      S3Recovery recovery = S3Recovery.of(target, before);
      RecoveryPlan plan = recovery.plan();
      assertEquals(List.of(), plan.lost());
      plan.steps().forEach(each -> expected.remove(each.key().value()));
      assertEquals(Set.of(), expected);
      assertEquals(List.of(), recovery.apply(plan));
      assertEquals(List.of(), recovery.plan().steps());
    }
  }

  private void assertRead() throws Exception {
    try (S3Target target = writer();
        BackupRepository repository = TestRepositories.open(target)) {
      assertEverythingIsThere(repository);
    }
  }

  private void assertResticRestores(Restic restic) throws Exception {
    long seed = 0;
    for (Snapshot each : history.keySet()) {
      Path restored = directory.resolve(each.id().hex());
      restic.succeed("restore", each.id().hex(), "--target", restored.toString());
      try (Stream<Path> all = Files.walk(restored)) {
        Path file = all.filter(Files::isRegularFile).findFirst().orElseThrow();
        assertArrayEquals(content(++seed), Files.readAllBytes(file));
      }
    }
  }

  private void backUp(BackupRepository repository, Tree tree) throws Exception {
    history.put(repository.backup(TreeSource.of("orders", tree)).snapshot(), tree);
  }

  private void assertNothingCanBeDestroyed() {
    for (String key : keys()) {
      assertRefused(
          () -> thief.deleteObject(each -> each.bucket(place.bucket()).key(place.stored(key))));
    }
    for (ObjectVersion version : versions("")) {
      assertRefused(() -> delete(thief, version));
      if (version.key().matches(place.stored(LOCKED))) {
        assertRefused(() -> retain(thief, version, Instant.now().plusSeconds(5)));
        // Not even who may delete everything else.
        assertRefused(() -> delete(ceph.client(), version));
        assertRefused(() -> retain(ceph.client(), version, Instant.now().plusSeconds(5)));
      }
    }
    assertRefused(
        () ->
            thief.putBucketVersioning(
                each ->
                    each.bucket(place.bucket())
                        .versioningConfiguration(to -> to.status("Suspended"))));
  }

  private void delete(S3Client client, ObjectVersion version) {
    client.deleteObject(
        each ->
            each.bucket(place.bucket())
                .key(version.key())
                .versionId(version.versionId())
                .bypassGovernanceRetention(true));
  }

  private void retain(S3Client client, ObjectVersion version, Instant until) {
    client.putObjectRetention(
        each ->
            each.bucket(place.bucket())
                .key(version.key())
                .versionId(version.versionId())
                .bypassGovernanceRetention(true)
                .retention(to -> to.mode("GOVERNANCE").retainUntilDate(until)));
  }

  private static void assertRefused(Runnable attack) {
    S3Exception refused = assertThrows(S3Exception.class, attack::run);
    assertEquals(403, refused.statusCode(), refused::toString);
  }

  /** Empty snapshots that are as genuine as any, and receipts that say that they are fine. */
  private void backUpNothing() throws Exception {
    try (S3Target target = writer();
        BackupRepository repository = TestRepositories.open(target)) {
      for (int i = 0; i < 3; i++) {
        Snapshot forged = repository.backup(TreeSource.of("orders", Tree.EMPTY)).snapshot();
        repository.verify(
            forged,
            (snapshot, context) ->
                Verification.of("restored", Proof.RESTORED, List.of(), Map.of()));
      }
    }
  }

  /** Junk over everything, some of it for decades, and junk beside it that sorts before it. */
  private void overwrite(List<String> keys) {
    for (String key : keys) {
      junk(key, key.startsWith("data/"));
    }
    for (String folder : List.of("keys", "snapshots", "index", "locks")) {
      for (int i = 0; i < JUNK; i++) {
        junk(String.format(Locale.ROOT, "%s/%064x", folder, i), i == 0);
      }
    }
  }

  private void junk(String key, boolean forDecades) {
    thief.putObject(
        each -> {
          each.bucket(place.bucket()).key(place.stored(key));
          if (forDecades) {
            each.objectLockMode("COMPLIANCE").objectLockRetainUntilDate(DECADES);
          }
        },
        RequestBody.fromString("junk " + key));
  }

  private void assertEverythingIsThere(BackupRepository repository) throws Exception {
    List<Snapshot> listed = repository.list(SnapshotFilter.ALL);
    for (Map.Entry<Snapshot, Tree> each : history.entrySet()) {
      assertTrue(listed.contains(each.getKey()), () -> each.getKey().id() + " is listed");
      try (SnapshotReader reader = repository.open(each.getKey())) {
        assertEquals(each.getValue().entries(), Tree.read(reader).entries());
      }
    }
  }

  private static void assertNamed(List<Finding> findings, List<String> keys) {
    String all = findings.toString();
    for (String key : keys) {
      if (!key.startsWith("copperplate/")) {
        assertTrue(all.contains(word(key)), () -> key + " is not named in " + all);
      }
    }
    assertTrue(findings.stream().anyMatch(each -> each.severity() != Severity.INFO));
  }

  /** What people are told of a key: of a hash, its beginning. */
  private static String word(String key) {
    String name = key.substring(key.lastIndexOf('/') + 1);
    return name.length() == 64 ? name.substring(0, 8) : name;
  }

  private static void assertContains(String text, String part) {
    assertTrue(text.contains(part), () -> part + " is not in " + text);
  }

  private void assertPruneFreesTheSpace() throws Exception {
    PruneReport report;
    try (S3Target target = administrator();
        BackupRepository repository = TestRepositories.open(target)) {
      Snapshot newest = repository.list(SnapshotFilter.ALL).get(0);
      repository.expire(repository.plan(RetentionPolicies.last(1)));
      assertEquals(List.of(newest), repository.list(SnapshotFilter.ALL));
      report = repository.prune(PruneOptions.DEFAULT.maxUnused(0));
      try (SnapshotReader reader = repository.open(newest)) {
        assertEquals(history.get(newest).entries(), Tree.read(reader).entries());
      }
    }
    // Of three large files one is left; what is locked for decades is junk of a few bytes.
    Set<String> left = new HashSet<>();
    for (ObjectVersion each : versions("data/")) {
      if (each.size() > 1000) {
        left.add(each.key());
      }
    }
    assertEquals(1, left.size(), () -> left + " " + report);
  }

  private List<String> keys() {
    List<String> keys = new ArrayList<>();
    ceph.client()
        .listObjectsV2Paginator(each -> each.bucket(place.bucket()).prefix(place.stored("")))
        .contents()
        .forEach(each -> place.key(each.key()).ifPresent(key -> keys.add(key.value())));
    keys.removeIf(each -> each.startsWith(StoreMemory.FOLDER));
    return keys;
  }

  private List<ObjectVersion> versions(String prefix) {
    return ceph
        .client()
        .listObjectVersionsPaginator(
            each -> each.bucket(place.bucket()).prefix(place.stored(prefix)))
        .versions()
        .stream()
        .filter(each -> !each.key().contains(StoreMemory.FOLDER))
        .toList();
  }

  /** The writer's policy; and the owner of the bucket gets at what the writer owns. */
  private void decree() {
    String writer =
        S3Policies.of(place)
            .retention(36_500)
            .plainTransport()
            .bucketPolicy(Map.of(S3Role.WRITER, "arn:aws:iam:::user/stranger"));
    String owner =
        "{\"Effect\":\"Allow\",\"Principal\":{\"AWS\":[\"arn:aws:iam:::user/owner\"]},"
            + "\"Action\":\"s3:*\",\"Resource\":[\"arn:aws:s3:::"
            + place.bucket()
            + "\",\"arn:aws:s3:::"
            + place.bucket()
            + "/*\"]}";
    int last = writer.lastIndexOf(']');
    String policy = writer.substring(0, last) + "," + owner + writer.substring(last);
    ceph.client().putBucketPolicy(each -> each.bucket(place.bucket()).policy(policy));
  }

  private S3Target writer() {
    return target(ceph.stranger());
  }

  private S3Target administrator() {
    return target(ceph.owner());
  }

  private S3Target target(AwsCredentials credentials) {
    return S3Target.builder(place)
        .endpoint(ceph.endpoint())
        .region(ceph.region().id())
        .credentials(StaticCredentialsProvider.create(credentials))
        .pathStyle(true)
        .build();
  }

  private static Tree tree(long seed) {
    return Tree.EMPTY.with(EntryPath.of("orders"), Tree.Item.file(Attributes.PLAIN, content(seed)));
  }

  private static byte[] content(long seed) {
    byte[] content = new byte[300_000];
    new Random(seed).nextBytes(content);
    return content;
  }

  /** Retention ends by the store's own clock, which nobody can turn. */
  private static void pass(Duration time) throws InterruptedException {
    TimeUnit.MILLISECONDS.sleep(Math.max(0, time.toMillis()));
  }
}
