package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Snapshot;
import java.time.Instant;
import java.util.List;

/**
 * Points to which a cluster can be recovered without a gap.
 *
 * @param identity the system identifier of the cluster, decimal
 * @param timeline the timeline to recover along; see {@link PostgresRestorer#timeline}
 * @param from the earliest time: the end of the oldest base
 * @param to the latest time: what had been received when the last commit of the archiver began. The
 *     clock of the times is that of whoever took the backups
 * @param fromLsn the earliest position
 * @param toLsn the byte behind the last that is stored
 * @param bases the bases from which it can be reached, oldest first; recovery to a point begins
 *     with one that had ended before it
 */
public record RecoverableWindow(
    String identity,
    int timeline,
    Instant from,
    Instant to,
    Lsn fromLsn,
    Lsn toLsn,
    List<Snapshot> bases) {

  public RecoverableWindow {
    bases = List.copyOf(bases);
  }

  /** Both ends, as messages have them. */
  @Override
  public String toString() {
    return "timeline "
        + timeline
        + " from "
        + from
        + " to "
        + to
        + " ("
        + fromLsn
        + " to "
        + toLsn
        + ")";
  }
}
