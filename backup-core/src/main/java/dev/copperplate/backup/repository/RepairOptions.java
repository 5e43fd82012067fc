package dev.copperplate.backup.repository;

import java.time.Duration;
import java.util.List;

/**
 * How a repository is repaired.
 *
 * @param replicas where to look for what is damaged here, in this order: repositories that hold
 *     copies of the same snapshots, under keys of their own or this repository's
 * @param lockWait how long to wait until nobody else is at work; an hour at most
 * @param dryRun whether only to say what would be done
 */
public record RepairOptions(List<BackupRepository> replicas, Duration lockWait, boolean dryRun) {

  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** Without replicas; waits a minute. */
  public static final RepairOptions DEFAULT =
      new RepairOptions(List.of(), Duration.ofMinutes(1), false);

  public RepairOptions {
    replicas = List.copyOf(replicas);
    if (lockWait.isNegative() || lockWait.compareTo(LONGEST_WAIT) > 0) {
      throw new IllegalArgumentException("A wait is up to " + LONGEST_WAIT + ": " + lockWait);
    }
  }

  public RepairOptions replicas(List<BackupRepository> all) {
    return new RepairOptions(all, lockWait, dryRun);
  }

  public RepairOptions lockWait(Duration patience) {
    return new RepairOptions(replicas, patience, dryRun);
  }

  public RepairOptions dryRun(boolean only) {
    return new RepairOptions(replicas, lockWait, only);
  }
}
