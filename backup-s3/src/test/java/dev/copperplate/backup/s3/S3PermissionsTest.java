package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.S3Calls;
import dev.copperplate.backup.testkit.s3.S3Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;

/** A policy that forbids one operation, in a bucket with versions and Object Lock. */
class S3PermissionsTest extends S3TargetSuite {

  private static final String REMEDY = "Look at the credentials, and at what their policy allows";

  @Override
  BucketOptions bucket() {
    return BucketOptions.locked();
  }

  private BackupException assertDenied(String operation, Executable call, String... words) {
    store.on(S3Calls.of(operation), S3Fault.forbidden());
    BackupException refused = Explained.failure(Kind.DENIED, call, words);
    assertTrue(refused.getMessage().contains(REMEDY), refused::getMessage);
    return refused;
  }

  @Test
  void whoMayNotPutIsTold() {
    assertDenied("PutObject", this::put, "Put of " + "data/00/pack" + " to s3://orders/backups");
  }

  @Test
  void whoMayNotGetIsTold() throws IOException {
    put();
    assertDenied(
        "GetObject", this::read, "Read of " + "data/00/pack" + " from s3://orders/backups");
  }

  /** So Ceph and AWS answer to whoever may not list the whole bucket. */
  @Test
  void whatIsRefusedAndNotThereIsNotThere() {
    store.on(S3Calls.of("GetObject"), S3Fault.forbidden());
    Explained.failure(Kind.NOT_FOUND, this::read, "data/00/pack", "it is not there");
    store.on(S3Calls.of("ListObjectsV2"), S3Fault.forbidden());
    Explained.failure(Kind.DENIED, this::read, "data/00/pack", REMEDY);
  }

  @Test
  void whoMayNotListIsTold() {
    assertDenied(
        "ListObjectsV2", () -> target.list("data/"), "Listing of data/* in s3://orders/backups");
  }

  @Test
  void whoMayNotListVersionsDeletesNothingAndIsTold() throws IOException {
    put();
    assertDenied(
        "ListObjectVersions",
        () -> target.delete(List.of(KEY)),
        "Delete of 1 objects from s3://orders/backups");
    assertArrayEquals(BYTES, read());
    Explained.failure(Kind.DENIED, () -> target.versions(KEY), "data/00/pack", REMEDY);
  }

  @Test
  void whoMayNotDeleteIsToldOfEachObject() throws IOException {
    List<ObjectKey> keys = putSome(5);
    store.on(S3Calls.of("DeleteObject", "DeleteObjects"), S3Fault.forbidden());
    Map<ObjectKey, BackupException> remaining = target.delete(keys);
    assertEquals(Set.copyOf(keys), remaining.keySet());
    remaining.forEach(
        (key, why) -> Explained.assertExplained(Kind.DENIED, why, key.toString(), REMEDY));
  }

  @Test
  void whoMayNotDeleteManyAtOnceDeletesOneByOne() throws IOException {
    List<ObjectKey> keys = putSome(5);
    store.on(S3Calls.of("DeleteObjects"), S3Fault.forbidden());
    assertEquals(Map.of(), target.delete(keys));
    assertEquals(5, store.count("DeleteObject"));
    assertEquals(List.of(), list(target));
  }

  private List<ObjectKey> putSome(int count) throws IOException {
    List<ObjectKey> keys = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      ObjectKey key = new ObjectKey("data/00/" + i);
      target.put(key, Content.of(BYTES), PutOptions.DATA);
      keys.add(key);
    }
    return keys;
  }

  @Test
  void whoMayNotRetainIsTold() throws IOException {
    put();
    Instant until = Instant.now().plus(Duration.ofDays(1));
    assertDenied(
        "PutObjectRetention",
        () -> target.retain(List.of(KEY), until),
        "Retaining 1 objects in s3://orders/backups",
        "data/00/pack");
  }

  @Test
  void whoMayNotRetainCannotPutWhatIsRetained() {
    PutOptions retained =
        new PutOptions(false, false, Optional.of(Instant.now().plus(Duration.ofDays(1))));
    store.on(S3Calls.of("PutObject"), S3Fault.forbidden());
    Explained.failure(
        Kind.DENIED, () -> target.put(KEY, Content.of(BYTES), retained), "data/00/pack", REMEDY);
  }

  @Test
  void versionsThatMayNotBeAskedForFollowFromLocks() throws IOException {
    store.on(S3Calls.of("GetBucketVersioning"), S3Fault.forbidden());
    assertTrue(target.capabilities().contains(Capability.VERSIONS));
    assertTrue(target.capabilities().contains(Capability.RETENTION));
    put();
    assertEquals(Map.of(), target.delete(List.of(KEY)));
    Explained.failure(Kind.NOT_FOUND, () -> target.read(KEY, ByteRange.ALL), "data/00/pack");
  }

  @Test
  void whatMayNotBeAskedOfABucketCountsAsAbsent() throws IOException {
    store.on(S3Calls.of("GetBucketVersioning"), S3Fault.forbidden());
    store.on(S3Calls.of("GetObjectLockConfiguration"), S3Fault.forbidden());
    assertFalse(target.capabilities().contains(Capability.VERSIONS));
    assertFalse(target.capabilities().contains(Capability.RETENTION));
    put();
    assertEquals(Map.of(), target.delete(List.of(KEY)));
    Explained.failure(Kind.NOT_FOUND, () -> target.read(KEY, ByteRange.ALL), "data/00/pack");
  }

  @Test
  void whoMayNotAskForLocksGetsNoRetention() {
    store.on(S3Calls.of("GetObjectLockConfiguration"), S3Fault.forbidden());
    Instant until = Instant.now().plus(Duration.ofDays(1));
    Explained.failure(Kind.UNSUPPORTED, () -> target.retain(List.of(KEY), until), "no Object Lock");
    assertEquals(0, store.count("PutObjectRetention"));
  }
}
