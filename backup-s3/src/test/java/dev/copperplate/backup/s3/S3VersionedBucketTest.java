package dev.copperplate.backup.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.testkit.s3.BucketOptions;
import dev.copperplate.backup.testkit.s3.FakeS3;
import dev.copperplate.backup.testkit.s3.Oddity;
import dev.copperplate.backup.testkit.s3.S3Calls;
import dev.copperplate.backup.testkit.s3.S3Fault;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import software.amazon.awssdk.services.s3.S3Client;

/** Buckets that keep versions, and what a target promises about locks. */
class S3VersionedBucketTest extends S3TargetSuite {

  private static final Instant TOMORROW = Instant.now().plus(Duration.ofDays(1));
  private static final PutOptions RETAINED = new PutOptions(false, false, Optional.of(TOMORROW));

  @Override
  BucketOptions bucket() {
    return BucketOptions.versioned();
  }

  /** With what a deletion without a version leaves behind. */
  private int kept(FakeS3 in) {
    try (S3Client client = HostClients.usual(in)) {
      var versions = client.listObjectVersions(request -> request.bucket(PLACE.bucket()));
      return versions.versions().size() + versions.deleteMarkers().size();
    }
  }

  @Test
  void aDeletionLeavesNoVersionAndNoMarkBehind() throws IOException {
    List<ObjectKey> keys = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      ObjectKey key = new ObjectKey("data/00/" + i);
      keys.add(key);
      target.put(key, Content.of(BYTES), PutOptions.DATA);
      target.put(key, Content.of(BYTES), PutOptions.DATA);
    }
    mark("data/00/1");
    mark("data/00/5");
    assertEquals(14, kept(store));
    assertEquals(Map.of(), target.delete(keys.subList(0, 1)));
    assertEquals(12, kept(store));
    assertEquals(Map.of(), target.delete(keys));
    assertEquals(0, kept(store));
  }

  private void mark(String key) {
    try (S3Client client = HostClients.usual(store)) {
      client.deleteObject(request -> request.bucket(PLACE.bucket()).key(PLACE.stored(key)));
    }
  }

  @Test
  void aBucketWithoutLocksRefusesRetentionBeforeAnythingIsWritten() throws IOException {
    Explained.failure(
        Kind.UNSUPPORTED,
        () -> target.put(KEY, Content.of(BYTES), RETAINED),
        "Put of data/00/pack to s3://orders/backups",
        "no Object Lock",
        "Choose one that was made with it");
    Explained.failure(
        Kind.UNSUPPORTED, () -> target.retain(List.of(KEY), TOMORROW), "no Object Lock");
    assertEquals(0, store.count("PutObject"));
    assertEquals(List.of(), list(target));
  }

  @Test
  void aStoreThatKnowsNoLocksRefusesRetention() throws IOException {
    try (FakeS3 simple = FakeS3.builder().oddities(Oddity.NO_LOCK, Oddity.NO_VERSIONING).start();
        S3Target other = FakeTargets.builder(simple, PLACE).build()) {
      simple.createBucket(PLACE.bucket());
      assertFalse(other.capabilities().contains(Capability.RETENTION));
      Explained.failure(
          Kind.UNSUPPORTED, () -> other.put(KEY, Content.of(BYTES), RETAINED), "no Object Lock");
    }
  }

  @Test
  void whatIsRetainedSaysUntilWhen() throws IOException {
    store.createBucket("locked", BucketOptions.locked());
    try (S3Target locked = FakeTargets.builder(store, S3Location.of("locked")).build()) {
      locked.put(KEY, Content.of(BYTES), RETAINED);
      BackupException kept = locked.delete(List.of(KEY)).get(KEY);
      Explained.assertExplained(
          Kind.RETAINED,
          kept,
          "Delete of 1 objects from s3://locked",
          "data/00/pack",
          "keeps it until " + S3Retention.wholeSeconds(TOMORROW));
      List<ObjectVersion> versions = locked.versions(KEY);
      assertEquals(
          Optional.of(S3Retention.wholeSeconds(TOMORROW)), versions.get(0).retainedUntil());
    }
  }

  @Test
  void aVersionThatIsGoneIsNotFound() throws IOException {
    put();
    ObjectVersion gone = target.versions(KEY).get(0);
    target.delete(List.of(KEY));
    Explained.failure(
        Kind.NOT_FOUND,
        () -> target.read(KEY, gone, ByteRange.ALL),
        "Read of version " + gone.id() + " of data/00/pack",
        "not in s3://orders/backups");
    ObjectVersion never = new ObjectVersion("no-such-version", Instant.EPOCH, Optional.empty());
    BackupException failure =
        Explained.failure(Kind.INVALID, () -> target.read(KEY, never, ByteRange.ALL), "version");
    assertTrue(failure.getMessage().contains("400"), failure::getMessage);
    store.on(S3Calls.of("GetObject"), S3Fault.refused(404, "NoSuchVersion"));
    Explained.failure(Kind.NOT_FOUND, () -> target.read(KEY, never, ByteRange.ALL), "version");
  }

  @Test
  void aListingThatLagsShowsWhatWasThere() throws IOException {
    try (FakeS3 late = FakeS3.builder().listsLate(Long.MAX_VALUE).start();
        S3Target lagging = FakeTargets.builder(late, PLACE).build()) {
      late.createBucket(PLACE.bucket());
      put(lagging);
      assertEquals(List.of(), list(lagging));
      // What is not listed is there all the same.
      assertEquals(BYTES.length, read(lagging).length);
      late.settle();
      assertEquals(List.of(KEY), list(lagging));
    }
  }

  @Test
  void whatIsNotListedYetIsNotDeletedInABucketWithVersions() throws IOException {
    try (FakeS3 late = FakeS3.builder().listsLate(Long.MAX_VALUE).start();
        S3Target lagging = FakeTargets.builder(late, PLACE).build()) {
      late.createBucket(PLACE.bucket(), BucketOptions.versioned());
      put(lagging);
      assertEquals(Map.of(), lagging.delete(List.of(KEY)));
      late.settle();
      assertEquals(Map.of(), lagging.delete(List.of(KEY)));
      assertEquals(0, kept(late));
    }
  }
}
