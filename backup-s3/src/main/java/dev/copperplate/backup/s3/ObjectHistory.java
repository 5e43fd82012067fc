package dev.copperplate.backup.s3;

import dev.copperplate.backup.ObjectKey;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.DeleteMarkerEntry;
import software.amazon.awssdk.services.s3.model.ObjectVersion;

/**
 * What a bucket keeps of one key. Of many versions it remembers the oldest ones, and of many marks
 * the newest, so that a flood of either fills no memory. Not thread-safe.
 */
final class ObjectHistory {

  /** Whoever may write adds versions at the newer end; what was there before is at the other. */
  static final int MOST = 10;

  private final ObjectKey key;
  private final Deque<ObjectVersion> oldestFirst = new ArrayDeque<>();
  private final Deque<DeleteMarkerEntry> newestMarks = new ArrayDeque<>();
  private @Nullable ObjectVersion current;
  private long versions;
  private long marks;
  private boolean hidden;

  ObjectHistory(ObjectKey key) {
    this.key = key;
  }

  ObjectKey key() {
    return key;
  }

  /** The next older version. */
  void add(ObjectVersion version) {
    versions++;
    if (Boolean.TRUE.equals(version.isLatest())) {
      current = version;
    }
    oldestFirst.addFirst(version);
    if (oldestFirst.size() > MOST) {
      oldestFirst.removeLast();
    }
  }

  /** The next older mark of a deletion. */
  void add(DeleteMarkerEntry mark) {
    marks++;
    hidden |= Boolean.TRUE.equals(mark.isLatest());
    if (newestMarks.size() < MOST) {
      newestMarks.addLast(mark);
    }
  }

  /** Whether a mark hides what there is. */
  boolean hidden() {
    return hidden;
  }

  /** The version that is read; null if the object is hidden. */
  @Nullable ObjectVersion current() {
    return current;
  }

  /** How many versions there are. */
  long versions() {
    return versions;
  }

  /** The version that was current at a time; null if there was none. */
  @Nullable ObjectVersion at(Instant time) {
    ObjectVersion found = null;
    for (Iterator<ObjectVersion> each = oldestFirst.iterator(); each.hasNext(); ) {
      ObjectVersion version = each.next();
      if (version.lastModified().isAfter(time)) {
        break;
      }
      found = version;
    }
    return found;
  }

  /** Whether it was hidden later than at a time, and by marks of which all are known. */
  boolean onlyHiddenSince(Instant time) {
    return hidden
        && marks <= MOST
        && newestMarks.stream().allMatch(each -> each.lastModified().isAfter(time));
  }

  /** The marks, the newest first. */
  List<DeleteMarkerEntry> marks() {
    return List.copyOf(newestMarks);
  }

  /** The oldest versions, the oldest first. */
  List<ObjectVersion> oldest() {
    return List.copyOf(oldestFirst);
  }
}
