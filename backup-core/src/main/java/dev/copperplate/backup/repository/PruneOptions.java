package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.lock.WriterPause;
import java.time.Duration;

/**
 * How a repository is pruned.
 *
 * @param maxUnused how much of what is stored may stay although no snapshot needs it, as a share
 *     from 0 to 1: the less, the more has to be stored anew
 * @param lockWait how long to wait, at the end, until no writer is at work; then the prune gives up
 *     with nothing removed. Meanwhile writers of this library wait before they begin another
 *     snapshot: no longer than this, and no longer than half of their own {@link
 *     BackupOptions#lockWait}; and then for the seconds that the removal takes, if they come in
 *     between. An hour at most
 * @param dryRun whether only to say what would be done
 * @param emptying whether everything may go where there is no snapshot at all. Without it nothing
 *     is removed then: it may be the listing that is wrong, or somebody who removed what he should
 *     not
 */
public record PruneOptions(double maxUnused, Duration lockWait, boolean dryRun, boolean emptying) {

  private static final Duration LONGEST_WAIT = WriterPause.LONGEST;

  /** 5 % may stay, which is restic's own figure; waits a minute. */
  public static final PruneOptions DEFAULT =
      new PruneOptions(0.05, Duration.ofMinutes(1), false, false);

  public PruneOptions {
    if (!(maxUnused >= 0 && maxUnused <= 1)) {
      throw new IllegalArgumentException("A share is 0 to 1: " + maxUnused);
    }
    if (lockWait.isNegative() || lockWait.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException("A wait is up to " + LONGEST_WAIT + ": " + lockWait);
    }
  }

  public PruneOptions maxUnused(double share) {
    return new PruneOptions(share, lockWait, dryRun, emptying);
  }

  public PruneOptions lockWait(Duration patience) {
    return new PruneOptions(maxUnused, patience, dryRun, emptying);
  }

  public PruneOptions dryRun(boolean only) {
    return new PruneOptions(maxUnused, lockWait, only, emptying);
  }

  public PruneOptions emptying(boolean allowed) {
    return new PruneOptions(maxUnused, lockWait, dryRun, allowed);
  }
}
