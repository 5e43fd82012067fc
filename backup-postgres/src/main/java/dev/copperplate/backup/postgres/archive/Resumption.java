package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshots;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.replication.SystemIdentity;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where to go on when a connection is new: behind what was received, or behind what the repository
 * has, if the server still has what follows; else behind a gap. Used by the receiver's thread.
 */
final class Resumption {

  /** How much of what the spool has is received again. */
  private static final int LOOKED_AT_AGAIN = 64 << 10;

  private final ArchiveSettings settings;
  private final Snapshots repository;
  private final StoredCommits stored;
  private final Spool spool;
  private final Reports reports;
  private volatile @Nullable ServerFacts server;

  /** The way to the timeline that was received last; null before any. */
  private @Nullable TimelineHistory received;

  private boolean removed;
  private boolean slotDead;

  Resumption(
      ArchiveSettings settings,
      Snapshots repository,
      StoredCommits stored,
      Spool spool,
      Reports reports) {
    this.settings = settings;
    this.repository = repository;
    this.stored = stored;
    this.spool = spool;
    this.reports = reports;
  }

  Optional<ServerFacts> server() {
    return Optional.ofNullable(server);
  }

  /** The server does not have any more what was asked for. */
  void removed() {
    removed = true;
  }

  /** The slot keeps nothing any more, and cannot be used. */
  void slotDead() {
    slotDead = true;
  }

  /** Whether the next connection will do something about what the last one failed with. */
  boolean isMending() {
    return removed || slotDead;
  }

  /** WAL of a timeline is received from now on. */
  void follow(TimelineHistory way) {
    received = way;
  }

  /** Takes note of a server, or refuses it. */
  void meet(ServerFacts found, String name) throws IOException {
    Optional<StoredCommits.Commit> newest = stored.newest();
    if (newest.isPresent() && !found.isSystemOf(newest.get().facts())) {
      throw new OtherSystemException(name, found, newest.get().facts());
    }
    ServerFacts before = server;
    if (before != null && !before.system().equals(found.system())) {
      throw new BackupException(
          Kind.CONFLICT,
          name + " is system " + found.system() + ", and was " + before.system() + " before");
    }
    server = found;
  }

  /** The slot, which is made if it is not there or of no use. */
  WalPosition slot(ReplicationConnection connection) throws IOException {
    Optional<WalPosition> slot = connection.slot(settings.slot());
    if (slot.isPresent() && (slotDead || slot.get().lsn().equals(Lsn.NONE))) {
      connection.dropSlot(settings.slot());
      remade("was invalidated or never kept anything");
      slot = Optional.empty();
    } else if (slot.isEmpty() && spool.reached().isPresent()) {
      remade("is gone");
    }
    slotDead = false;
    return slot.isPresent() ? slot.get() : created(connection);
  }

  private void remade(String why) {
    reports.found(
        Finding.warning(
            "slot " + settings.slot(),
            why + ", and is made anew",
            "If the server has removed WAL since, the next commit names the gap"));
  }

  private WalPosition created(ReplicationConnection connection) throws IOException {
    try {
      connection.createSlot(settings.slot());
    } catch (BackupException e) {
      if (e.kind() != Kind.ALREADY_EXISTS) {
        throw e;
      }
    }
    return connection
        .slot(settings.slot())
        .orElseThrow(
            () ->
                new BackupException(
                    Kind.UNAVAILABLE, "The slot " + settings.slot() + " went away at once"));
  }

  /**
   * Where to go on.
   *
   * @param way to the server's timeline
   */
  WalPosition from(WalPosition slot, TimelineHistory way, SystemIdentity identity, SegmentSize size)
      throws IOException {
    Optional<WalPosition> reached = spool.reached();
    if (reached.isEmpty()) {
      return beginning(slot, size);
    }
    WalPosition end = reached.get();
    Optional<WalPosition> common = WalPath.resume(wayTo(end.timeline()), end.lsn(), way);
    if (common.isEmpty() || removed) {
      removed = false;
      return behind(common.orElse(end), slot, way, size);
    }
    requireNotAhead(common.get(), identity);
    return continued(common.get(), size);
  }

  /**
   * What has to come again before anything new does.
   *
   * @param from where to go on
   */
  Overlap overlap(WalPosition from, TimelineHistory way, SegmentSize size) throws IOException {
    WalSegment segment = size.holding(from.timeline(), from.lsn());
    if (!from.lsn().equals(segment.start())) {
      return spool.overlap(segment, LOOKED_AT_AGAIN);
    }
    Optional<WalPosition> durable = spool.durable();
    Optional<Lsn> common =
        durable.isEmpty()
            ? Optional.empty()
            : WalPath.resume(wayTo(durable.get().timeline()), durable.get().lsn(), way)
                .filter(each -> each.timeline() == from.timeline() && segment.contains(each.lsn()))
                .map(WalPosition::lsn);
    return common.isPresent() ? stored.overlap(segment, common.get()) : Overlap.NONE;
  }

  private TimelineHistory wayTo(int timeline) throws IOException {
    TimelineHistory known = received;
    return known != null && known.timeline() == timeline ? known : stored.history(timeline);
  }

  private static WalPosition beginning(WalPosition at, SegmentSize size) {
    return new WalPosition(size.holding(at.timeline(), at.lsn()).start(), at.timeline());
  }

  /** In the middle of a segment only if the spool has its beginning. */
  private WalPosition continued(WalPosition from, SegmentSize size) {
    WalSegment segment = size.holding(from.timeline(), from.lsn());
    Optional<WalPosition> position =
        spool
            .position()
            .filter(each -> each.timeline() == from.timeline())
            .filter(each -> !from.lsn().isBefore(each.lsn()))
            .filter(each -> spool.continuesAt(segment, each.lsn()));
    return position.orElseGet(() -> beginning(from, size));
  }

  /** The server has removed what comes next: somebody else may have archived it. */
  private WalPosition behind(
      WalPosition end, WalPosition slot, TimelineHistory way, SegmentSize size) throws IOException {
    StoredCommits now = StoredCommits.of(repository, settings.source(), settings.slot());
    WalPosition others = now.reach(end);
    if (end.lsn().isBefore(others.lsn())) {
      spool.durable(others);
      return beginning(others, size);
    }
    Lsn start = beginning(slot, size).lsn();
    if (!end.lsn().isBefore(start)) {
      slotDead = true;
      throw new BackupException(
          Kind.UNAVAILABLE,
          "The slot " + settings.slot() + " does not keep the WAL at " + slot.lsn());
    }
    WalPosition next = new WalPosition(start, way.timelineAt(start));
    WalRange gap = new WalRange(end.lsn(), start);
    spool.begin(size.holding(next.timeline(), start), start);
    spool.gap(gap);
    reports.found(WalCapture.missing(gap));
    return next;
  }

  private static void requireNotAhead(WalPosition end, SystemIdentity identity)
      throws BackupException {
    if (end.timeline() == identity.timeline() && identity.flushed().isBefore(end.lsn())) {
      throw new BackupException(
          Kind.UNAVAILABLE,
          "The server is at "
              + identity.flushed()
              + ", before "
              + end.lsn()
              + ", up to which it was archived: a standby has to catch up; if it was put back by a"
              + " copy of its disk, archive it under another name and take a new full backup");
    }
  }
}
