package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.replication.WalStream;
import dev.copperplate.backup.postgres.wal.SegmentSize;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The segments from the start of a base backup to its end, streamed after it through a slot that
 * kept them meanwhile. What the last segment holds behind the end is filled with zeros, as {@code
 * pg_basebackup} does.
 */
final class WalIsland {

  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final int ZEROS = 64 << 10;

  private final SnapshotWriter writer;
  private final EntryPath directory;
  private final SegmentSize size;
  private final InstantSource clock;
  private final Duration patience;

  private @Nullable EntryOutput open;
  private @Nullable WalSegment segment;
  private Lsn position = Lsn.NONE;

  /**
   * @param directory where the segments go
   * @param patience how long the server may send nothing of the log
   */
  WalIsland(
      SnapshotWriter writer,
      EntryPath directory,
      SegmentSize size,
      InstantSource clock,
      Duration patience) {
    this.writer = writer;
    this.directory = directory;
    this.size = size;
    this.clock = clock;
    this.patience = patience;
  }

  /**
   * Streams all segments that hold a byte from the start to the end.
   *
   * @return what the server's clock showed behind the end
   */
  Instant write(ReplicationConnection connection, String slot, WalPosition start, Lsn end)
      throws IOException {
    if (start.timeline() > 1) {
      history(connection, start.timeline());
    }
    position = size.holding(start.timeline(), start.lsn()).start();
    WalStream stream =
        connection.stream(Optional.of(slot), new WalPosition(position, start.timeline()));
    try {
      receive(stream, start.timeline(), end);
      finish();
      return stream.serverTime();
    } finally {
      if (open != null) {
        open.close();
      }
    }
  }

  private void receive(WalStream stream, int timeline, Lsn end) throws IOException {
    Instant last = clock.instant();
    while (true) {
      WalStream.Event event = stream.next(WAIT);
      if (event instanceof WalStream.Data data) {
        last = clock.instant();
        take(data, timeline);
        if (!position.isBefore(end)) {
          stream.stop();
        }
      } else if (event instanceof WalStream.Ended) {
        requireAll(end);
        return;
      } else if (last.plus(patience).isBefore(clock.instant())) {
        throw new BackupException(
            Kind.UNAVAILABLE,
            "The server sent no WAL between " + position + " and " + end + " for " + patience);
      }
    }
  }

  private void take(WalStream.Data data, int timeline) throws IOException {
    if (!data.from().equals(position)) {
      throw new BackupException(
          Kind.INVALID, "The server sent WAL of " + data.from() + " where " + position + " is due");
    }
    ByteBuffer bytes = data.bytes();
    while (bytes.hasRemaining()) {
      WalSegment current = segmentAt(timeline);
      int length = (int) Math.min(bytes.remaining(), current.end().minus(position));
      write(bytes, length);
      position = position.plus(length);
      if (position.equals(current.end())) {
        commit();
      }
    }
  }

  private WalSegment segmentAt(int timeline) throws IOException {
    if (segment == null) {
      segment = size.holding(timeline, position);
      open = writer.file(directory.child(segment.name()), Attributes.PLAIN);
    }
    return segment;
  }

  private void write(ByteBuffer bytes, int length) throws IOException {
    if (open != null) {
      open.write(bytes.array(), bytes.arrayOffset() + bytes.position(), length);
    }
    bytes.position(bytes.position() + length);
  }

  private void finish() throws IOException {
    if (segment != null && open != null) {
      byte[] zeros = new byte[ZEROS];
      for (long left = segment.end().minus(position); left > 0; left -= ZEROS) {
        open.write(zeros, 0, (int) Math.min(left, ZEROS));
      }
      commit();
    }
  }

  private void commit() throws IOException {
    if (open != null) {
      open.commit();
      open.close();
    }
    open = null;
    segment = null;
  }

  private void history(ReplicationConnection connection, int timeline) throws IOException {
    byte[] content = connection.history(timeline);
    String name = TimelineHistory.fileName(timeline);
    try (EntryOutput out = writer.file(directory.child(name), Attributes.PLAIN)) {
      out.write(content);
      out.commit();
    }
  }

  private void requireAll(Lsn end) throws BackupException {
    if (position.isBefore(end)) {
      throw new BackupException(
          Kind.CONFLICT,
          "The server left its timeline at "
              + position
              + ", before the backup's end at "
              + end
              + "; take another backup");
    }
  }
}
