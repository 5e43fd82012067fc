package dev.copperplate.backup.testkit.s3;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A version of an object, or a delete marker. The versions of one key are a chain, the newest
 * first. Guarded by its bucket.
 */
final class StoredVersion {

  private final long sequence;
  private final boolean nullVersion;
  private final long modified;
  private final long born;
  private @Nullable StoredObject object;
  private @Nullable StoredVersion older;
  private @Nullable Retention retention;
  private LegalHold hold = LegalHold.NEVER;

  /**
   * @param sequence rises with every version of the server
   * @param nullVersion written while the bucket kept no versions
   * @param born for {@link ListingLag}
   * @param object null for a delete marker
   */
  StoredVersion(
      long sequence,
      boolean nullVersion,
      Instant modified,
      long born,
      @Nullable StoredObject object) {
    this.sequence = sequence;
    this.nullVersion = nullVersion;
    this.modified = modified.getEpochSecond();
    this.born = born;
    this.object = object;
  }

  long sequence() {
    return sequence;
  }

  boolean isNull() {
    return nullVersion;
  }

  /** In whole seconds, as S3 keeps it. */
  Instant modified() {
    return Instant.ofEpochSecond(modified);
  }

  long born() {
    return born;
  }

  boolean isMarker() {
    return object == null;
  }

  /** Of a version that is no marker. */
  StoredObject object() {
    if (object == null) {
      throw new IllegalStateException("A delete marker has no content");
    }
    return object;
  }

  /** For a content that is spoilt; a marker stays one. */
  void setObject(StoredObject other) {
    object = other;
  }

  @Nullable StoredVersion older() {
    return older;
  }

  void setOlder(@Nullable StoredVersion version) {
    older = version;
  }

  @Nullable Retention retention() {
    return retention;
  }

  void setRetention(@Nullable Retention value) {
    retention = value;
  }

  LegalHold hold() {
    return hold;
  }

  void setHold(LegalHold value) {
    hold = value;
  }
}
