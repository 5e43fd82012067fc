package dev.copperplate.backup;

import java.time.Instant;
import java.util.List;

/**
 * Says which snapshots are worth keeping, and why.
 *
 * <p>A pure function: no clock, no I/O, no state. It sees the undamaged snapshots of one group and
 * knows nothing of dependencies, proofs, holds and approvals: the repository adds those.
 *
 * <p>What it keeps it keeps again, at the same time, when some or all of the others are gone.
 * Otherwise each day's plan would thin out what the one before has left.
 */
@FunctionalInterface
public interface RetentionPolicy {

  /**
   * Decides on every snapshot.
   *
   * @param snapshots undamaged snapshots of one source in one environment, newest first
   * @param now the time to decide for
   * @return one decision for each snapshot, in the same order
   */
  List<Decision> decide(List<Snapshot> snapshots, Instant now);
}
