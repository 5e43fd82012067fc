package dev.copperplate.backup.repository;

import dev.copperplate.backup.SnapshotFilter;
import java.time.Duration;

/**
 * What is copied to a replica.
 *
 * @param filter which snapshots; what they depend on goes with them, whatever the filter says of
 *     it. {@code SnapshotFilter.ALL.proved(Proof.DATA)} copies only what was proved
 * @param lockWait how long to wait while somebody maintains either repository; a year at most
 */
public record CopyOptions(SnapshotFilter filter, Duration lockWait) {

  private static final Duration LONGEST_WAIT = Duration.ofDays(365);

  /** Everything; waits five minutes for a lock. */
  public static final CopyOptions DEFAULT =
      new CopyOptions(SnapshotFilter.ALL, Duration.ofMinutes(5));

  public CopyOptions {
    if (lockWait.isNegative() || lockWait.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException("A wait is up to " + LONGEST_WAIT + ": " + lockWait);
    }
  }

  public CopyOptions filter(SnapshotFilter which) {
    return new CopyOptions(which, lockWait);
  }

  public CopyOptions lockWait(Duration patience) {
    return new CopyOptions(filter, patience);
  }
}
