package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.read.SnapshotFacts;
import java.time.Duration;
import java.util.Set;

/**
 * How one backup is made.
 *
 * @param tags the user's own tags; without comma and control characters, and none that begins like
 *     one of the library's ({@code run=}, {@code parent=}, {@code set=}, {@code replaces=}, {@code
 *     state=})
 * @param lockWait how long to wait while somebody maintains the repository; a year at most. Up to
 *     half of it, and no longer than that prune says, a backup waits before it begins if a prune
 *     asks for it
 */
public record BackupOptions(Set<String> tags, Duration lockWait) {

  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  /** No tags; waits five minutes for a lock. */
  public static final BackupOptions DEFAULT = new BackupOptions(Set.of(), Duration.ofMinutes(5));

  public BackupOptions {
    tags = Set.copyOf(tags);
    for (String tag : tags) {
      if (tag.isBlank() || tag.indexOf(',') >= 0 || tag.chars().anyMatch(Character::isISOControl)) {
        throw new IllegalArgumentException("Not a tag: '" + tag + "'");
      }
      if (SnapshotFacts.isOurs(tag)) {
        throw new IllegalArgumentException("A tag that the library itself uses: '" + tag + "'");
      }
    }
    if (lockWait.isNegative() || lockWait.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException("A wait is up to " + LONGEST_WAIT + ": " + lockWait);
    }
  }

  public BackupOptions tags(Set<String> all) {
    return new BackupOptions(all, lockWait);
  }

  public BackupOptions lockWait(Duration patience) {
    return new BackupOptions(tags, patience);
  }
}
