package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.postgres.wal.WalSegment;
import java.nio.file.Path;

/** A segment in the spool. Guarded by the spool. */
final class SpooledSegment {

  private final WalSegment segment;
  private final Path file;
  private long received;
  private long durable;

  /**
   * @param durable how many bytes of it the repository has already
   */
  SpooledSegment(WalSegment segment, Path file, long durable) {
    this.segment = segment;
    this.file = file;
    this.durable = durable;
  }

  WalSegment segment() {
    return segment;
  }

  Path file() {
    return file;
  }

  long received() {
    return received;
  }

  void received(long more) {
    received += more;
  }

  /** Will be received once more from its beginning. */
  void restart() {
    received = 0;
  }

  void durable(long bytes) {
    durable = Math.max(durable, bytes);
  }

  boolean isFull() {
    return received == segment.size().bytes();
  }

  /** Whether the repository has all that was received of it, or more. */
  boolean isDurable() {
    return received <= durable;
  }
}
