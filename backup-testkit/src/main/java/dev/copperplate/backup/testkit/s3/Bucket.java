package dev.copperplate.backup.testkit.s3;

import java.time.Instant;
import java.util.Collections;
import java.util.NavigableMap;
import java.util.OptionalLong;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A bucket. Its monitor guards it: whoever reads and then writes holds it for both. */
final class Bucket {

  private final String name;
  private final String region;
  private final Instant created;
  private final NavigableMap<String, StoredVersion> newest = new TreeMap<>(KeyOrder.UTF8);
  private final NavigableMap<String, Upload> uploads = new TreeMap<>();
  private final BucketSettings settings = new BucketSettings();

  Bucket(String name, String region, Instant created) {
    this.name = name;
    this.region = region;
    this.created = created;
    settings.setDocument(
        BucketSettings.Document.PUBLIC_ACCESS_BLOCK, SettingOperations.everythingBlocked());
  }

  String name() {
    return name;
  }

  String region() {
    return region;
  }

  Instant created() {
    return created;
  }

  BucketSettings settings() {
    return settings;
  }

  /** Uploads in parts that are under way, by id. */
  NavigableMap<String, Upload> uploads() {
    return uploads;
  }

  boolean isEmpty() {
    return newest.isEmpty();
  }

  int keys() {
    return newest.size();
  }

  /** The newest version of a key, which may be a marker. */
  @Nullable StoredVersion newest(String key) {
    return newest.get(key);
  }

  /** The newest versions of all keys. */
  NavigableMap<String, StoredVersion> keysInOrder() {
    return Collections.unmodifiableNavigableMap(newest);
  }

  /**
   * A version by its id.
   *
   * @return null if there is none
   */
  @Nullable StoredVersion version(String key, String id) {
    OptionalLong sequence = VersionIds.sequence(id);
    if (sequence.isEmpty() && !id.equals(VersionIds.NULL)) {
      throw S3Error.invalidArgument("Invalid version id specified", "versionId", id);
    }
    StoredVersion version = newest.get(key);
    while (version != null
        && (version.isNull() ? sequence.isPresent() : !isOf(version, sequence))) {
      version = version.older();
    }
    return version;
  }

  /**
   * The version that stands behind the one of an id in listings, even if that one is gone by now.
   *
   * @return null if there is none
   */
  @Nullable StoredVersion behind(String key, String id) {
    StoredVersion marked = version(key, id);
    if (marked != null) {
      return marked.older();
    }
    OptionalLong sequence = VersionIds.sequence(id);
    StoredVersion version = sequence.isEmpty() ? null : newest.get(key);
    while (version != null && version.sequence() > sequence.getAsLong()) {
      version = version.older();
    }
    return version;
  }

  private static boolean isOf(StoredVersion version, OptionalLong sequence) {
    return sequence.isPresent() && sequence.getAsLong() == version.sequence();
  }

  /** Adds a version as the newest one; a null version replaces the earlier null version. */
  void add(String key, StoredVersion version) {
    if (version.isNull()) {
      StoredVersion earlier = version(key, VersionIds.NULL);
      if (earlier != null) {
        remove(key, earlier);
      }
    }
    version.setOlder(newest.get(key));
    newest.put(key, version);
  }

  /** Removes a version for good. */
  void remove(String key, StoredVersion version) {
    StoredVersion newer = null;
    StoredVersion each = newest.get(key);
    while (each != null && each != version) {
      newer = each;
      each = each.older();
    }
    if (each == null) {
      throw new IllegalStateException("No such version of " + key);
    }
    StoredVersion older = version.older();
    if (newer != null) {
      newer.setOlder(older);
    } else if (older != null) {
      newest.put(key, older);
    } else {
      newest.remove(key);
    }
  }
}
