package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.Manifest;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.util.Optional;

/**
 * Whether positions of the server that was captured mean anything on the server that it is restored
 * to: they do as far as both have the same log.
 *
 * @param identity of the system that was captured; empty if unknown
 * @param timeline of it then; 0 if unknown
 */
record Lineage(String identity, int timeline) {

  /**
   * From where a consumer misses changes.
   *
   * @param lsn empty if nobody can know
   * @param note what else a person must know; may be empty
   */
  record Beginning(Optional<Lsn> lsn, String note) {}

  static Lineage of(Manifest manifest) {
    return new Lineage(
        manifest.get(Manifest.IDENTITY).orElse(""),
        manifest
            .get(ReplicationFacts.TIMELINE)
            .filter(each -> each.matches("[0-9]{1,9}"))
            .map(Integer::valueOf)
            .orElse(0));
  }

  /** Whether only the history of its timeline says how a server of now came about. */
  boolean needsHistory(Standing now) {
    return timeline != now.timeline() && identity.equals(now.identity());
  }

  /**
   * What a position of then is on a server of now.
   *
   * @param history of the timeline of now; empty if it could not be read
   */
  Beginning on(Standing now, Optional<TimelineHistory> history, Lsn position) {
    if (position.equals(Lsn.NONE)) {
      return unknown("no position of it is known");
    }
    if (identity.isEmpty() || now.identity().isEmpty()) {
      return unknown("it is not known whether this is the same system");
    }
    if (!identity.equals(now.identity())) {
      return unknown("this is another system (" + now.identity() + ", it was " + identity + ")");
    }
    if (timeline == now.timeline()) {
      return now.lsn().isBefore(position)
          ? unknown("this server has written less than that: it was set back")
          : new Beginning(Optional.of(position), "");
    }
    return history
        .filter(each -> timeline > 0)
        .flatMap(each -> each.endOf(timeline))
        .map(end -> before(end, position))
        .orElseGet(
            () ->
                unknown(
                    "it is not known whether timeline "
                        + now.timeline()
                        + " comes from timeline "
                        + timeline
                        + ", which a role that may connect for replication can ask"));
  }

  private Beginning before(Lsn end, Lsn position) {
    return end.isBefore(position)
        ? new Beginning(
            Optional.of(end),
            "; and it may have changes of timeline "
                + timeline
                + " between "
                + end
                + " and "
                + position
                + ", which this server never made")
        : new Beginning(Optional.of(position), "");
  }

  private static Beginning unknown(String why) {
    return new Beginning(Optional.empty(), why);
  }
}
