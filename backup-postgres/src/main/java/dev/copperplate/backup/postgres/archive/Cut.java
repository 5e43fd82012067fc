package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.postgres.replication.WalPosition;
import dev.copperplate.backup.postgres.wal.WalRange;
import dev.copperplate.backup.postgres.wal.WalSegment;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * What the spool holds at one moment.
 *
 * @param end behind the last byte
 * @param pieces segments, oldest first
 * @param histories contents of {@code .history} files by timeline
 * @param gaps what the server did not have any more
 * @param fresh whether the repository lacks any of it
 */
record Cut(
    WalPosition end,
    List<Piece> pieces,
    Map<Integer, byte[]> histories,
    List<WalRange> gaps,
    boolean fresh) {

  Cut {
    pieces = List.copyOf(pieces);
    histories = Map.copyOf(histories);
    gaps = List.copyOf(gaps);
  }

  /**
   * The beginning of a segment.
   *
   * @param bytes how much of the file, which goes on growing
   * @param fresh whether the repository lacks any of it
   */
  record Piece(WalSegment segment, Path file, long bytes, boolean fresh) {

    /** The name under which it is stored. */
    String name() {
      return bytes == segment.size().bytes() ? segment.name() : segment.partialName();
    }
  }
}
