package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.Lsn;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.EnumSet;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * WAL that was received before and is received again, to see that the server has still the same. A
 * server that was put back from an older copy of its disk goes on along the same timeline, and once
 * it has come past what is archived nothing else tells it from the one before.
 *
 * <p>Read from its beginning to its end, once, as the bytes come.
 */
final class Overlap implements Closeable {

  /** Nothing to compare. */
  static final Overlap NONE = new Overlap(Lsn.NONE, 0, InputStream.nullInputStream());

  private static final Logger LOG = LoggerFactory.getLogger(Overlap.class);

  /** Kinds of failure that are not the server's fault and that no waiting mends. */
  private static final Set<Kind> LOST = EnumSet.of(Kind.MISSING, Kind.DAMAGED, Kind.NOT_FOUND);

  private final InputStream known;
  private final Lsn start;
  private Lsn at;
  private long left;

  /**
   * @param start where it begins
   * @param bytes how much of it is compared
   * @param known what was received there; closed with this
   */
  Overlap(Lsn start, long bytes, InputStream known) {
    this.start = start;
    this.at = start;
    this.left = bytes;
    this.known = known;
  }

  boolean isEmpty() {
    return at.equals(start) && left == 0;
  }

  /** Where the stream has to begin. */
  Lsn start() {
    return start;
  }

  /**
   * Compares what comes next, as far as it is known.
   *
   * @param server how messages call the server
   * @throws OtherHistoryException if it is something else
   */
  void compare(ByteBuffer bytes, String server) throws IOException {
    int size = (int) Math.min(left, bytes.remaining());
    if (size > 0) {
      Lsn end = at.plus(size);
      ByteBuffer expected = read(size);
      if (!expected.equals(bytes.slice(bytes.position(), expected.remaining()))) {
        throw new OtherHistoryException(server, at, end);
      }
      at = end;
      left -= size;
    }
  }

  /** Nothing is known any more where the archive cannot be read. */
  private ByteBuffer read(int size) throws IOException {
    try {
      byte[] read = known.readNBytes(size);
      if (read.length < size) {
        throw new EOFException("The WAL that was received before ends at " + at.plus(read.length));
      }
      return ByteBuffer.wrap(read);
    } catch (BackupException e) {
      if (!LOST.contains(e.kind())) {
        throw e;
      }
      LOG.warn("What the server sends is not compared with what is archived at {}", at, e);
      left = size;
      return ByteBuffer.allocate(0);
    }
  }

  @Override
  public void close() throws IOException {
    known.close();
  }
}
