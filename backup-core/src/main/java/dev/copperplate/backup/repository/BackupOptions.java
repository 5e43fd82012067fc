package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.read.SnapshotFacts;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
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
 * @param retainFor how long, counted from the time of the snapshot, the store is asked to keep it
 *     and all that it relies on; empty for as long as the repository's options say, zero for not
 *     asking
 * @param takenAt of which time the snapshot is, where something else took the state before; empty
 *     for the time at which the backup begins
 */
public record BackupOptions(
    Set<String> tags, Duration lockWait, Optional<Duration> retainFor, Optional<Instant> takenAt) {

  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  /** No tags; waits five minutes for a lock; retained as the repository's options say. */
  public static final BackupOptions DEFAULT =
      new BackupOptions(Set.of(), Duration.ofMinutes(5), Optional.empty(), Optional.empty());

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
    retainFor.filter(each -> !each.isZero()).ifPresent(RepositoryOptions::requireRetainable);
  }

  public BackupOptions tags(Set<String> all) {
    return new BackupOptions(all, lockWait, retainFor, takenAt);
  }

  public BackupOptions lockWait(Duration patience) {
    return new BackupOptions(tags, patience, retainFor, takenAt);
  }

  /** Retained for this long, whatever the repository's options say. */
  public BackupOptions retainFor(Duration time) {
    RepositoryOptions.requireRetainable(time);
    return new BackupOptions(tags, lockWait, Optional.of(time), takenAt);
  }

  /** Without retention, whatever the repository's options say. */
  public BackupOptions withoutRetention() {
    return new BackupOptions(tags, lockWait, Optional.of(Duration.ZERO), takenAt);
  }

  /**
   * A snapshot of this time, for what other tools have taken before, so that retention begins with
   * history. A backup refuses a time that is still to come. Retention that ends before the backup
   * begins is not asked of the store; a plan of retention asks once about snapshots that arrived
   * long after their time.
   */
  public BackupOptions takenAt(Instant time) {
    return new BackupOptions(tags, lockWait, retainFor, Optional.of(time));
  }

  /** How long a backup in this repository is retained; empty for not at all. */
  Optional<Duration> retainedFor(RepositoryOptions repository) {
    return retainFor.or(repository::retainFor).filter(each -> !each.isZero());
  }
}
