package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.replication.ServerErrorException;
import dev.copperplate.backup.postgres.replication.SystemIdentity;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.replication.WalStream;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Optional;

/** One connection, from which WAL is received until it breaks, the spool is full, or it is told. */
final class WalSession {

  private static final Duration POLL = Duration.ofMillis(250);

  /** So often the server is told; it asks by itself only when it is stopping. */
  private static final Duration REPORT = Duration.ofSeconds(1);

  /** How long a server that is stopping waits for us at most. */
  private static final Duration STOPPING = Duration.ofSeconds(10);

  private static final String REMOVED = "58P01";
  private static final String NOT_IN_STATE = "55000";

  private final ArchiveSettings settings;
  private final ReplicationConnection connection;
  private final String name;
  private final WalReceiver receiver;
  private final Resumption resumption;
  private final Spool spool;
  private final Bell bell;
  private long reported;
  private Optional<Long> asked = Optional.empty();
  private Lsn told = Lsn.NONE;

  /** Where the next byte of the stream belongs. */
  private Lsn due = Lsn.NONE;

  WalSession(
      ArchiveSettings settings,
      ReplicationConnection connection,
      String name,
      WalReceiver receiver,
      Resumption resumption,
      Spool spool,
      Bell bell) {
    this.settings = settings;
    this.connection = connection;
    this.name = name;
    this.receiver = receiver;
    this.resumption = resumption;
    this.spool = spool;
    this.bell = bell;
  }

  /** Receives; returns when the spool is full or the receiver is to stop. */
  void receive() throws IOException, InterruptedException {
    SystemIdentity identity = connection.identify();
    SegmentSize size = new SegmentSize(connection.segmentSize());
    resumption.meet(new ServerFacts(identity.system(), connection.version(), size), name);
    TimelineHistory way = way(identity.timeline());
    WalPosition slot = resumption.slot(connection);
    receiver.view(new ServerView(identity.flushed(), slot.lsn()));
    if (!spool.isFull(size.bytes())) {
      receiver.roomy();
      WalPosition from = resumption.from(slot, way, identity, size);
      try (Overlap overlap = resumption.overlap(from, way, size)) {
        follow(from, way, size, overlap);
      }
    }
  }

  private TimelineHistory way(int timeline) throws IOException {
    if (timeline == 1) {
      return TimelineHistory.without(timeline);
    }
    byte[] content = connection.history(timeline);
    spool.history(timeline, content);
    try {
      return TimelineHistory.parse(timeline, content);
    } catch (IllegalArgumentException e) {
      throw new BackupException(
          Kind.INVALID, name + " sent a history of timeline " + timeline + " that is none", e);
    }
  }

  private void follow(
      WalPosition begin, TimelineHistory server, SegmentSize size, Overlap beginning)
      throws IOException, InterruptedException {
    WalPosition from = begin;
    TimelineHistory way = server;
    Overlap overlap = beginning;
    while (true) {
      resumption.follow(way(from.timeline(), way));
      WalSegment segment = size.holding(from.timeline(), from.lsn());
      spool.begin(segment, from.lsn());
      due = overlap.isEmpty() ? from.lsn() : overlap.start();
      WalStream stream = start(new WalPosition(due, from.timeline()));
      Optional<WalPosition> next = copy(stream, size, overlap);
      if (next.isEmpty()) {
        return;
      }
      WalSegment first = size.holding(next.get().timeline(), next.get().lsn());
      from = new WalPosition(first.start(), first.timeline());
      way = way(first.timeline());
      overlap = Overlap.NONE;
    }
  }

  /** The way to a timeline that the server has left is the beginning of the way to its own. */
  private static TimelineHistory way(int timeline, TimelineHistory server) {
    return new TimelineHistory(
        timeline, server.ancestors().stream().filter(each -> each.timeline() < timeline).toList());
  }

  private WalStream start(WalPosition from) throws IOException {
    try {
      return connection.stream(Optional.of(settings.slot()), from);
    } catch (ServerErrorException e) {
      if (e.error().sqlState().equals(NOT_IN_STATE)) {
        resumption.slotDead();
      }
      throw e;
    }
  }

  private Optional<WalPosition> copy(WalStream stream, SegmentSize size, Overlap overlap)
      throws IOException, InterruptedException {
    try {
      while (!receiver.isStopping()) {
        WalStream.Event event = stream.next(POLL);
        if (event instanceof WalStream.Ended ended) {
          return Optional.of(next(ended));
        }
        receiver.streaming(true);
        if (event instanceof WalStream.Data data && !take(data, size, overlap)) {
          return Optional.empty();
        }
        answer(event);
        report(stream, false);
        requireAlive(stream);
      }
      report(stream, true);
      return Optional.empty();
    } catch (ServerErrorException e) {
      if (e.error().sqlState().equals(REMOVED)) {
        resumption.removed();
      }
      throw e;
    }
  }

  private WalPosition next(WalStream.Ended ended) throws BackupException {
    return ended
        .next()
        .orElseThrow(
            () -> new BackupException(Kind.UNAVAILABLE, name + " has ended the stream of WAL"));
  }

  /**
   * Puts it into the spool, but for what is received only to be compared; false if there is no room
   * for it.
   */
  private boolean take(WalStream.Data data, SegmentSize size, Overlap overlap) throws IOException {
    WalPosition position = spool.position().orElseThrow();
    if (!data.from().equals(due)) {
      throw new BackupException(
          Kind.INVALID, name + " sent WAL at " + data.from() + " where " + due + " is due");
    }
    ByteBuffer bytes = data.bytes();
    due = due.plus(bytes.remaining());
    overlap.compare(bytes, name);
    if (data.from().isBefore(position.lsn())) {
      long known = Math.min(bytes.remaining(), position.lsn().minus(data.from()));
      bytes.position(bytes.position() + (int) known);
    }
    boolean taken = write(bytes, size.holding(position.timeline(), position.lsn()));
    if (!taken || spool.isHalfFull(size.bytes())) {
      bell.ring();
    }
    return taken;
  }

  private boolean write(ByteBuffer bytes, WalSegment segment) throws BackupException {
    try {
      return spool.write(bytes, segment);
    } catch (IOException e) {
      throw new BackupException(
          Kind.FULL, "WAL could not be written to the spool: " + e.getMessage(), e);
    }
  }

  /**
   * A server that stops asks again and again until all is durable. So that gets a commit, and some
   * time; then it has to be let go.
   */
  private void answer(WalStream.Event event) throws BackupException, InterruptedException {
    if (event instanceof WalStream.Data) {
      asked = Optional.empty();
    } else if (event instanceof WalStream.Asked) {
      long since = asked.orElseGet(System::nanoTime);
      asked = Optional.of(since);
      if (System.nanoTime() - since > STOPPING.toNanos()) {
        throw new BackupException(
            Kind.UNAVAILABLE, name + " is stopping, and was not kept waiting any longer");
      }
      bell.ring();
      spool.awaitRelease(POLL);
    }
  }

  private void report(WalStream stream, boolean now) throws IOException {
    WalPosition position = spool.position().orElseThrow();
    Lsn durable = durable(position);
    boolean due = System.nanoTime() - reported > REPORT.toNanos();
    if (now || due || !durable.equals(told)) {
      reported = System.nanoTime();
      told = durable;
      stream.report(position.lsn(), durable);
    }
    Lsn kept = durable.equals(Lsn.NONE) ? receiver.view().kept() : durable;
    receiver.view(new ServerView(later(stream.serverEnd(), position.lsn()), kept));
  }

  private static Lsn later(Lsn one, Lsn other) {
    return one.isBefore(other) ? other : one;
  }

  /** On another timeline positions mean other bytes, and the slot must not be moved past ours. */
  private Lsn durable(WalPosition position) {
    return spool
        .durable()
        .filter(each -> each.timeline() == position.timeline())
        .map(WalPosition::lsn)
        .filter(each -> !position.lsn().isBefore(each))
        .orElse(Lsn.NONE);
  }

  private void requireAlive(WalStream stream) throws IOException {
    Duration silent = stream.silentFor();
    if (silent.compareTo(settings.silence()) > 0) {
      throw new BackupException(
          Kind.UNAVAILABLE, name + " was silent for " + silent.toSeconds() + " s");
    }
    if (silent.compareTo(settings.silence().dividedBy(2)) > 0) {
      stream.ask();
    }
  }
}
