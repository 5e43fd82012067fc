package dev.copperplate.backup.repository;

import java.time.Duration;

/**
 * What is so unusual that a person is asked before anything is removed because of it: whoever can
 * write snapshots could otherwise push the good ones out with forged ones. Times are compared with
 * those at which the store took the snapshots in, which a writer cannot choose.
 *
 * @param snapshotsPerDay how many snapshots of one source may arrive on one UTC day
 * @param ahead how far the time of a snapshot may lie behind its arrival, that is in the future
 * @param late how long before its arrival the time of a snapshot may lie; on a replica that is
 *     filled from old snapshots, as much as they are old
 */
public record RetentionLimits(int snapshotsPerDay, Duration ahead, Duration late) {

  /** 2,000 a day, which lets a commit a minute through; an hour ahead; a week late. */
  public static final RetentionLimits DEFAULT =
      new RetentionLimits(2_000, Duration.ofHours(1), Duration.ofDays(7));

  public RetentionLimits {
    if (snapshotsPerDay < 1) {
      throw new IllegalArgumentException("At least one snapshot a day: " + snapshotsPerDay);
    }
    if (ahead.isNegative() || late.isNegative()) {
      throw new IllegalArgumentException("Limits are not negative: " + ahead + ", " + late);
    }
  }
}
