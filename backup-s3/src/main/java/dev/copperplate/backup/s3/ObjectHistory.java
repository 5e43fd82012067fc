package dev.copperplate.backup.s3;

import dev.copperplate.backup.ObjectKey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * What a bucket keeps of one key, and what became of it since a time. However many versions and
 * marks there are, few are remembered, so that a flood of them fills no memory. Hears of both in
 * the order of listings, the newest first. Not thread-safe.
 */
final class ObjectHistory {

  /** Whoever may write adds versions at the newer end; what was there before is at the other. */
  private static final int MOST = 10;

  private final ObjectKey key;
  private final Instant since;
  private final Deque<ObjectVersion> oldestFirst = new ArrayDeque<>();
  private final List<String> marksSince = new ArrayList<>();
  private @Nullable ObjectVersion current;
  private @Nullable ObjectVersion before;
  private @Nullable Instant hiddenBefore;
  private boolean hidden;
  private long versionsSince;
  private long countOfMarksSince;

  ObjectHistory(ObjectKey key, Instant since) {
    this.key = key;
    this.since = since;
  }

  ObjectKey key() {
    return key;
  }

  void add(ObjectVersion version) {
    if (Boolean.TRUE.equals(version.isLatest())) {
      current = version;
    }
    if (version.lastModified().isAfter(since)) {
      versionsSince++;
    } else if (before == null) {
      before = version;
    }
    oldestFirst.addFirst(version);
    if (oldestFirst.size() > MOST) {
      oldestFirst.removeLast();
    }
  }

  void add(DeleteMarkerEntry mark) {
    hidden |= Boolean.TRUE.equals(mark.isLatest());
    if (!mark.lastModified().isAfter(since)) {
      hiddenBefore = hiddenBefore == null ? mark.lastModified() : hiddenBefore;
      return;
    }
    countOfMarksSince++;
    if (marksSince.size() < MOST) {
      marksSince.add(mark.versionId());
    }
  }

  /** Whether a mark hides it now. */
  boolean hidden() {
    return hidden;
  }

  /** The version that is read now; null if it is hidden. */
  @Nullable ObjectVersion current() {
    return current;
  }

  /** The version that was read before; null if there was none, or if it was hidden. */
  @Nullable ObjectVersion before() {
    boolean wasHidden =
        before != null && hiddenBefore != null && hiddenBefore.isAfter(before.lastModified());
    return wasHidden ? null : before;
  }

  /** How many versions were added since. */
  long versionsSince() {
    return versionsSince;
  }

  /** The marks that were set since; empty if there are too many to name. */
  List<String> marksSince() {
    return countOfMarksSince > MOST ? List.of() : List.copyOf(marksSince);
  }

  /** The oldest versions, the oldest first. */
  List<ObjectVersion> oldest() {
    return List.copyOf(oldestFirst);
  }
}
