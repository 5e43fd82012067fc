package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * WAL that was received and that no commit holds yet. Bounded. One thread writes, another one cuts
 * and releases. Nothing in it is relied on after a crash: the slot keeps what is not durable.
 */
final class Spool implements Closeable {

  private static final long LEAST_SEGMENTS = 2;

  private final SpoolDirectory directory;
  private final long limit;
  private final Map<WalSegment, SpooledSegment> segments = new LinkedHashMap<>();
  private final Map<Integer, byte[]> histories = new HashMap<>();
  private final Set<Integer> durableHistories = new HashSet<>();
  private final List<WalRange> gaps = new ArrayList<>();
  private @Nullable WalPosition position;
  private @Nullable WalPosition durable;
  private @Nullable SpooledSegment current;
  private @Nullable FileChannel channel;
  private final InstantSource clock;

  private long releases;

  /** When the oldest byte came that is not durable, and the oldest behind the last cut. */
  private @Nullable Instant oldest;

  private @Nullable Instant oldestBehindCut;

  Spool(SpoolDirectory directory, long limit, InstantSource clock) {
    this.directory = directory;
    this.limit = limit;
    this.clock = clock;
  }

  /** Behind the last byte that was received; empty before the first. */
  synchronized Optional<WalPosition> position() {
    return Optional.ofNullable(position);
  }

  /** What the repository has; empty if nothing. */
  synchronized Optional<WalPosition> durable() {
    return Optional.ofNullable(durable);
  }

  /** What was received or is durable, whichever reaches further; empty if nothing. */
  synchronized Optional<WalPosition> reached() {
    return position == null ? Optional.ofNullable(durable) : Optional.of(reached(position));
  }

  /** What the repository had before anything was received. */
  synchronized void durable(WalPosition end) {
    durable = end;
  }

  /** Whether the position is where the next byte of a segment in here belongs. */
  synchronized boolean continuesAt(WalSegment segment, Lsn from) {
    SpooledSegment known = segments.get(segment);
    return known != null && from.equals(segment.start().plus(known.received()));
  }

  /** The last bytes that were received of a segment in here, before the position. */
  synchronized Overlap overlap(WalSegment segment, int most) throws IOException {
    SpooledSegment known = segments.get(segment);
    if (known == null) {
      return Overlap.NONE;
    }
    long bytes = Math.min(most, known.received());
    InputStream in = Files.newInputStream(known.file());
    in.skipNBytes(known.received() - bytes);
    return new Overlap(segment.start().plus(known.received() - bytes), bytes, in);
  }

  /**
   * Goes on elsewhere: at the beginning of a segment, or where one in here {@linkplain #continuesAt
   * continues}.
   */
  void begin(WalSegment segment, Lsn from) throws IOException {
    closeChannel();
    synchronized (this) {
      position = new WalPosition(from, segment.timeline());
      current = segments.get(segment);
      if (current != null && from.equals(segment.start())) {
        current.restart();
      }
    }
  }

  /** Keeps the history of a timeline. */
  synchronized void history(int timeline, byte[] content) {
    histories.put(timeline, content.clone());
  }

  /** Notes what cannot be received any more. */
  synchronized void gap(WalRange missing) {
    gaps.add(missing);
  }

  /**
   * Takes in what comes next.
   *
   * @return false if there is no room for all of it; {@link #position} tells how much was taken
   */
  boolean write(ByteBuffer bytes, WalSegment first) throws IOException {
    WalSegment segment = first;
    while (bytes.hasRemaining()) {
      SpooledSegment into = open(segment);
      if (into == null) {
        return false;
      }
      int size = (int) Math.min(bytes.remaining(), segment.size().bytes() - into.received());
      append(into, bytes.slice(bytes.position(), size));
      bytes.position(bytes.position() + size);
      segment = segment.next();
    }
    return true;
  }

  private void append(SpooledSegment into, ByteBuffer bytes) throws IOException {
    FileChannel open = channel;
    if (open == null) {
      open = FileChannel.open(into.file(), StandardOpenOption.WRITE);
      channel = open;
    }
    int size = bytes.remaining();
    long at = into.received();
    while (bytes.hasRemaining()) {
      at += open.write(bytes, at);
    }
    Instant now = clock.instant();
    synchronized (this) {
      into.received(size);
      oldest = oldest == null ? now : oldest;
      oldestBehindCut = oldestBehindCut == null ? now : oldestBehindCut;
      position =
          new WalPosition(into.segment().start().plus(into.received()), into.segment().timeline());
    }
    if (into.isFull()) {
      closeChannel();
      synchronized (this) {
        current = null;
      }
    }
  }

  /** The segment to write into; null without room for a new one. */
  private synchronized @Nullable SpooledSegment open(WalSegment segment) throws IOException {
    SpooledSegment open = current;
    if (open == null) {
      if (isFull(segment.size().bytes())) {
        return null;
      }
      open = new SpooledSegment(segment, directory.create(segment.name()), durableBytes(segment));
      segments.put(segment, open);
      current = open;
    }
    return open;
  }

  private long durableBytes(WalSegment segment) {
    return Optional.ofNullable(durable)
        .filter(end -> end.timeline() == segment.timeline() && segment.contains(end.lsn()))
        .map(end -> segment.offset(end.lsn()))
        .orElse(0L);
  }

  /** Whether there is no room for another segment of this size. */
  synchronized boolean isFull(long segmentBytes) {
    long allowed = Math.max(limit, LEAST_SEGMENTS * segmentBytes);
    return (segments.size() + 1L) * segmentBytes > allowed;
  }

  /** Whether it is half full, so that a commit should not wait. */
  synchronized boolean isHalfFull(long segmentBytes) {
    long allowed = Math.max(limit, LEAST_SEGMENTS * segmentBytes);
    return segments.size() > 1 && 2L * segments.size() * segmentBytes >= allowed;
  }

  /** How many bytes were received that are still in here. */
  synchronized long bytes() {
    return segments.values().stream().mapToLong(SpooledSegment::received).sum();
  }

  /** When the oldest byte came that is not durable; empty if all is. */
  synchronized Optional<Instant> oldest() {
    return Optional.ofNullable(oldest);
  }

  /** What is in here now; empty before anything was received. */
  synchronized Optional<Cut> cut() {
    WalPosition end = position;
    if (end == null) {
      return Optional.empty();
    }
    oldestBehindCut = null;
    List<Cut.Piece> pieces = new ArrayList<>();
    for (SpooledSegment each : segments.values()) {
      if (each.received() > 0) {
        pieces.add(new Cut.Piece(each.segment(), each.file(), each.received(), !each.isDurable()));
      }
    }
    boolean fresh =
        !gaps.isEmpty()
            || !durableHistories.containsAll(histories.keySet())
            || pieces.stream().anyMatch(Cut.Piece::fresh);
    return Optional.of(new Cut(reached(end), pieces, histories, gaps, fresh));
  }

  /** Not before what is durable, while that is being received again after a start. */
  private WalPosition reached(WalPosition end) {
    WalPosition had = durable;
    boolean again =
        had != null && had.timeline() == end.timeline() && end.lsn().isBefore(had.lsn());
    return again && had != null ? had : end;
  }

  /** Lets go of what a commit holds. */
  synchronized void release(Cut cut) throws IOException {
    durable = cut.end();
    oldest = oldestBehindCut;
    durableHistories.addAll(cut.histories().keySet());
    gaps.subList(0, cut.gaps().size()).clear();
    for (Cut.Piece each : cut.pieces()) {
      SpooledSegment held = segments.get(each.segment());
      if (held != null) {
        held.durable(each.bytes());
        removeIfDone(held);
      }
    }
    releases++;
    notifyAll();
  }

  private void removeIfDone(SpooledSegment held) throws IOException {
    if (held != current && held.isDurable()) {
      segments.remove(held.segment());
      Files.deleteIfExists(held.file());
    }
  }

  /** Waits, so long at most, until a commit holds something more. */
  synchronized void awaitRelease(Duration limit) throws InterruptedException {
    long before = releases;
    long end = System.nanoTime() + limit.toNanos();
    for (long left = limit.toNanos(); releases == before && left > 0; ) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
      left = end - System.nanoTime();
    }
  }

  private void closeChannel() throws IOException {
    FileChannel open = channel;
    channel = null;
    if (open != null) {
      open.close();
    }
  }

  /** Removes what is in here. */
  @Override
  public void close() throws IOException {
    closeChannel();
    directory.removeSegments();
  }
}
