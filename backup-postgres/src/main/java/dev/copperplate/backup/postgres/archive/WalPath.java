package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.util.List;
import java.util.Optional;

/** Where the WAL that was received and that of a server part. */
final class WalPath {

  private WalPath() {}

  /**
   * The last position up to which both are the same.
   *
   * @param received the way to the timeline that was received last
   * @param end how far that was received
   * @param server the way to the server's timeline
   * @return where to go on: that position, on the timeline that the server went on with from there;
   *     empty if the two have nothing in common
   */
  static Optional<WalPosition> resume(TimelineHistory received, Lsn end, TimelineHistory server) {
    List<Integer> path = received.path();
    for (int i = path.size() - 1; i >= 0; i--) {
      int timeline = path.get(i);
      if (server.passes(timeline) && before(received, timeline).equals(before(server, timeline))) {
        Lsn left = received.endOf(timeline).orElse(end);
        Lsn common = earlier(left, server.endOf(timeline).orElse(left));
        return Optional.of(new WalPosition(common, server.timelineAt(common)));
      }
    }
    return Optional.empty();
  }

  private static Lsn earlier(Lsn one, Lsn other) {
    return one.isBefore(other) ? one : other;
  }

  /** How a way comes to a timeline; the reasons are words. */
  private static List<WalPosition> before(TimelineHistory way, int timeline) {
    return way.ancestors().stream()
        .filter(each -> each.timeline() < timeline)
        .map(each -> new WalPosition(each.end(), each.timeline()))
        .toList();
  }
}
