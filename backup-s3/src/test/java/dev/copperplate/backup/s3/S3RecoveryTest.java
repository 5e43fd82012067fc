package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.services.s3.S3Client;

/** Brings objects back whose current versions somebody spoiled. The engine is not asked. */
class S3RecoveryTest {

  private static final S3Location PLACE = new S3Location("orders", "backups");

  private final AtomicReference<Instant> now =
      new AtomicReference<>(Instant.parse("2026-11-01T00:00:00Z"));
  private final Map<String, byte[]> stored = new TreeMap<>();
  private FakeS3 store;
  private S3Target target;
  private S3Client thief;
  private Instant attack;

  @BeforeEach
  void store() throws Exception {
    store = FakeS3.builder().clock(now::get).start();
    store.createBucket("orders", BucketOptions.locked());
    target = FakeTargets.builder(store, PLACE).build();
    thief = FakeTargets.client(store);
    for (String folder : List.of("data/", "index/", "snapshots/", "keys/")) {
      for (int i = 0; i < 3; i++) {
        byte[] content = (folder + i).getBytes(StandardCharsets.UTF_8);
        String hash = hash(content);
        put(folder + (folder.equals("data/") ? hash.substring(0, 2) + "/" : "") + hash, content);
      }
    }
    put("config", new byte[] {1});
    put("copperplate/receipts/a/1", new byte[] {2});
    attack = pass();
  }

  @AfterEach
  void close() {
    thief.close();
    target.close();
    store.close();
  }

  @Test
  void whatWasOverwrittenDeletedAndFloodedIsAsItWas() throws Exception {
    int turn = 0;
    for (String key : stored.keySet()) {
      switch (turn++ % 3) {
        case 0 -> overwrite(key);
        case 1 -> delete(key);
        default -> {
          overwrite(key);
          delete(key);
          delete(key);
        }
      }
    }
    for (String key :
        List.of("keys/" + hash(new byte[] {9}), "snapshots/x", "locks/y", "index/z")) {
      overwrite(key);
    }
    S3Recovery recovery = S3Recovery.of(target, attack);
    RecoveryPlan plan = recovery.plan();
    assertEquals(stored.size() + 4, plan.steps().size(), () -> lines(plan));
    assertEquals(List.of(), plan.lost());
    assertEquals(List.of(), recovery.apply(plan));
    assertEquals(List.of(), recovery.plan().steps());
    assertAsItWas();
  }

  @Test
  void aVersionThatIsLockedForDecadesDoesNotStandInTheWay() throws Exception {
    String key = stored.keySet().iterator().next();
    thief.putObject(
        each ->
            each.bucket("orders")
                .key(PLACE.stored(key))
                .objectLockMode("COMPLIANCE")
                .objectLockRetainUntilDate(now.get().plus(Duration.ofDays(10_000))),
        RequestBody.fromString("junk"));
    S3Recovery recovery = S3Recovery.of(target, attack);
    recovery.apply(recovery.plan());
    assertAsItWas();
    List<Finding> kept = recovery.sweep();
    assertEquals(List.of(key), kept.stream().map(Finding::subject).toList());
    assertAsItWas();
  }

  @Test
  void whatIsBroughtBackIsKeptAsLongAsItWas() throws Exception {
    byte[] content = {42};
    ObjectKey key = new ObjectKey("index/" + hash(content));
    Instant until = now.get().plus(Duration.ofDays(30));
    target.put(key, Content.of(content), new PutOptions(false, true, Optional.of(until)));
    stored.put(key.value(), content);
    attack = pass();
    for (int i = 0; i < 12; i++) {
      overwrite(key.value());
    }
    S3Recovery recovery = S3Recovery.of(target, attack);
    recovery.apply(recovery.plan());
    assertAsItWas();
    // The copy is behind the ten of which versions() tells the retention.
    assertEquals(
        until,
        thief
            .getObjectRetention(each -> each.bucket("orders").key(PLACE.stored(key.value())))
            .retention()
            .retainUntilDate());
  }

  @Test
  void whatWasKeptUntilATimeThatHasPassedIsBroughtBack() throws Exception {
    byte[] content = {43};
    ObjectKey key = new ObjectKey("index/" + hash(content));
    Instant until = now.get().plus(Duration.ofDays(30));
    target.put(key, Content.of(content), new PutOptions(false, true, Optional.of(until)));
    stored.put(key.value(), content);
    attack = pass();
    overwrite(key.value());
    now.set(until.plusSeconds(1));
    S3Recovery recovery = S3Recovery.of(target, attack);
    recovery.apply(recovery.plan());
    assertAsItWas();
  }

  @Test
  void aSweepLeavesNothingButWhatIsThere() throws Exception {
    for (String key : stored.keySet()) {
      overwrite(key);
      delete(key);
    }
    overwrite("snapshots/forged");
    S3Recovery recovery = S3Recovery.of(target, attack);
    assertEquals(Kind.NOT_CONFIRMED, assertThrows(BackupException.class, recovery::sweep).kind());
    recovery.apply(recovery.plan());
    assertEquals(List.of(), recovery.sweep());
    assertAsItWas();
    assertEquals(
        stored.size(), thief.listObjectVersions(each -> each.bucket("orders")).versions().size());
  }

  @Test
  void theHistoryOfOthersInTheBucketIsNoneOfItsBusiness() throws Exception {
    overwrite("reports/2026");
    overwrite("reports/2026");
    S3Recovery recovery = S3Recovery.of(target, attack);
    assertEquals(List.of(), recovery.plan().steps());
    assertEquals(List.of(), recovery.sweep());
    assertEquals(2, target.versions(new ObjectKey("reports/2026")).size());
  }

  @Test
  void aPackThatWasAddedSinceAndOverwrittenComesBackBeforeAnythingIsSwept() throws Exception {
    byte[] content = {43};
    String hash = hash(content);
    put("data/" + hash.substring(0, 2) + "/" + hash, content);
    overwrite("data/" + hash.substring(0, 2) + "/" + hash);
    S3Recovery recovery = S3Recovery.of(target, attack);
    assertEquals(Kind.NOT_CONFIRMED, assertThrows(BackupException.class, recovery::sweep).kind());
    recovery.apply(recovery.plan());
    assertEquals(List.of(), recovery.sweep());
    assertAsItWas();
  }

  @Test
  void whatNoVersionHasAnyMoreIsSaidToBeLost() throws Exception {
    String key = stored.keySet().stream().filter(each -> each.startsWith("data")).findFirst().get();
    overwrite(key);
    thief
        .listObjectVersions(each -> each.bucket("orders").prefix(PLACE.stored(key)))
        .versions()
        .stream()
        .filter(each -> !each.isLatest())
        .forEach(
            each ->
                thief.deleteObject(
                    old -> old.bucket("orders").key(each.key()).versionId(each.versionId())));
    overwrite(key);
    RecoveryPlan plan = S3Recovery.of(target, now.get()).plan();
    assertEquals(List.of(), plan.steps());
    assertEquals(1, plan.lost().size());
    assertTrue(plan.lost().get(0).startsWith(key), plan.lost()::toString);
  }

  @Test
  void aBucketWithoutVersionsHasNothingToGoBackTo() throws Exception {
    store.createBucket("plain", BucketOptions.plain());
    try (S3Target plain = FakeTargets.builder(store, S3Location.of("plain")).build()) {
      assertEquals(
          Kind.UNSUPPORTED,
          assertThrows(BackupException.class, () -> S3Recovery.of(plain, attack).plan()).kind());
    }
  }

  @Test
  void aFloodOfVersionsOfOneKeyFillsNoMemoryAndIsSeenThrough() throws Exception {
    String key = stored.keySet().iterator().next();
    for (int i = 0; i < 2100; i++) {
      overwrite(key);
    }
    S3Recovery recovery = S3Recovery.of(target, attack);
    RecoveryPlan plan = recovery.plan();
    assertEquals(1, plan.steps().size());
    assertTrue(plan.steps().get(0).why().contains("2100"), () -> lines(plan));
    recovery.apply(plan);
    assertAsItWas();
  }

  private void put(String key, byte[] content) throws IOException {
    target.put(new ObjectKey(key), Content.of(content), PutOptions.DATA);
    stored.put(key, content);
  }

  /** Lets a minute pass, and tells the time before it passed. */
  private Instant pass() {
    Instant before = now.get();
    now.set(before.plusSeconds(60));
    return before;
  }

  private void overwrite(String key) {
    pass();
    thief.putObject(
        each -> each.bucket("orders").key(PLACE.stored(key)), RequestBody.fromString("junk"));
  }

  private void delete(String key) {
    pass();
    thief.deleteObject(each -> each.bucket("orders").key(PLACE.stored(key)));
  }

  private void assertAsItWas() throws IOException {
    Map<String, Long> listed = new TreeMap<>();
    try (Cursor<ObjectInfo> all = target.list("")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        listed.put(each.key().value(), each.size());
      }
    }
    assertEquals(stored.keySet(), listed.keySet());
    for (Map.Entry<String, byte[]> each : stored.entrySet()) {
      try (InputStream in = target.read(new ObjectKey(each.getKey()), ByteRange.ALL)) {
        assertArrayEquals(each.getValue(), in.readAllBytes(), each.getKey());
      }
    }
  }

  private static String lines(RecoveryPlan plan) {
    return String.join("\n", plan.steps().stream().map(RecoveryStep::toString).toList());
  }

  private static String hash(byte[] content) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(content));
  }
}
