package dev.copperplate.backup;

import java.time.Instant;
import java.util.List;

/**
 * Says which snapshots are worth keeping, and why.
 *
 * <p>A pure function: no clock, no I/O, no state. It sees the undamaged snapshots of one group and
 * knows nothing of dependencies, proofs, holds and approvals: the repository adds those.
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
