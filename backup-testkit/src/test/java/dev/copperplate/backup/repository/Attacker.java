package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Content;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.ObjectInfo;
import dev.copperplate.backup.ObjectKey;
import dev.copperplate.backup.ObjectVersion;
import dev.copperplate.backup.PutOptions;
import dev.copperplate.backup.VersionedTarget;
import dev.copperplate.backup.testkit.RetainingTarget;
import dev.copperplate.backup.testkit.VersioningTarget;
import java.io.IOException;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/**
 * Somebody with a credential that may do all to a bucket with Object Lock that its locks let him
 * do. Snapshots, indexes and key files he does not hide: what is not listed is not looked for. And
 * he puts nothing in the place of packs that he could remove: backups believe that packs are what
 * they were, until somebody reads them.
 */
final class Attacker {

  private final VersioningTarget bucket;
  private final RetainingTarget locked;

  Attacker(InstantSource clock) {
    bucket = new VersioningTarget(clock);
    locked = RetainingTarget.over(bucket, clock);
  }

  /** What honest processes see of it. */
  BackupTarget store() {
    return new SilentListing(locked);
  }

  void attack(long seed) throws IOException {
    Random random = new Random(seed);
    List<ObjectKey> keys = new ArrayList<>();
    try (Cursor<ObjectInfo> all = bucket.list("")) {
      for (ObjectInfo each = all.next(); each != null; each = all.next()) {
        keys.add(each.key());
      }
    }
    for (ObjectKey each : keys) {
      if (random.nextBoolean()) {
        removeWhatIsNotLocked(each);
      }
      if (isLocked(each) && random.nextInt(3) == 0) {
        byte[] junk = new byte[random.nextInt(5000)];
        random.nextBytes(junk);
        bucket.put(each, Content.of(junk), PutOptions.DATA);
      }
      boolean found = each.value().equals("config") || each.value().startsWith("data/");
      if (found && isLocked(each) && random.nextInt(6) == 0) {
        bucket.hide(List.of(each));
      }
    }
  }

  private boolean isLocked(ObjectKey key) throws IOException {
    return versions(key).stream().anyMatch(each -> each.retainedUntil().isPresent());
  }

  private List<ObjectVersion> versions(ObjectKey key) throws IOException {
    return ((VersionedTarget) locked).versions(key);
  }

  private void removeWhatIsNotLocked(ObjectKey key) throws IOException {
    // The repository itself is there as long as anybody uses it.
    boolean needed = key.value().equals("config") || key.value().startsWith("keys/");
    for (ObjectVersion each : versions(key)) {
      if (each.retainedUntil().isEmpty() && !needed) {
        bucket.expire(key, each);
      }
    }
  }
}
