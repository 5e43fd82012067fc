package dev.copperplate.backup.repository.pack;

import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.index.BlobLocation;
import dev.copperplate.backup.repository.run.Buffers;
import dev.copperplate.backup.repository.storage.ObjectKind;
import dev.copperplate.backup.repository.storage.ObjectStore;
import java.io.IOException;
import java.io.InputStream;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Reads pieces of packs. What is small and comes behind what was read before is most often followed
 * by more, so it is read in growing pieces ahead: small files of one directory lie side by side in
 * a pack, and a request for each of them costs more than its bytes. Whoever jumps about gets what
 * he asks for and nothing else. Thread-safe.
 */
final class PackReads {

  /** Not worth joining with others. */
  private static final int LARGE = 256 << 10;

  /** So much that nobody asked for is read over, rather than to ask again. */
  private static final int GAP = 64 << 10;

  private static final int LEAST_AHEAD = Buffers.LEAST;
  private static final int MOST_AHEAD = (1 << 20) - Buffers.HEADER;

  /** Packs that are read side by side; two threads of a restore need some. */
  private static final int PACKS = 8;

  private static final byte[] NOTHING = new byte[0];

  private final ObjectStore store;
  private final Buffers buffers;
  // By name: after a refresh the numbers of an index may be those of other packs.
  private final Map<Sha256, Window> windows = new LinkedHashMap<>(PACKS, 0.75f, true);

  PackReads(ObjectStore store, Buffers buffers) {
    this.store = store;
    this.buffers = buffers;
  }

  /**
   * Reads a blob as it is stored, into an array of the buffers.
   *
   * @param place with a length that an array can have
   * @return less than its length if the pack ends before
   */
  BlobContent read(BlobLocation place) throws IOException {
    int length = (int) place.length();
    if (length > BlobOpener.TRUSTED_SIZE) {
      return readHuge(place);
    }
    byte[] into = buffers.take(length);
    int count =
        length >= LARGE ? readNow(place, into, length) : window(place).read(place, into, length);
    return new BlobContent(into, count);
  }

  /** Forgets what was read of a pack: it is not what it should be, perhaps only this time. */
  void forget(BlobLocation place) {
    synchronized (windows) {
      windows.remove(place.pack());
    }
  }

  private Window window(BlobLocation place) {
    synchronized (windows) {
      Window window = windows.computeIfAbsent(place.pack(), any -> new Window());
      if (windows.size() > PACKS) {
        Iterator<Window> eldest = windows.values().iterator();
        eldest.next();
        // Its memory is not given back: somebody may be reading it.
        eldest.remove();
      }
      return window;
    }
  }

  /** Memory is taken as the bytes arrive. */
  private BlobContent readHuge(BlobLocation place) throws IOException {
    try (InputStream in = open(place, place.offset(), place.length())) {
      byte[] bytes = in.readNBytes((int) place.length());
      return new BlobContent(bytes, bytes.length);
    }
  }

  private int readNow(BlobLocation place, byte[] into, int length) throws IOException {
    return readNow(place, place.offset(), into, length);
  }

  private int readNow(BlobLocation place, long from, byte[] into, int length) throws IOException {
    try (InputStream in = open(place, from, length)) {
      return in.readNBytes(into, 0, length);
    }
  }

  private InputStream open(BlobLocation place, long from, long length) throws IOException {
    ByteRange range = new ByteRange(from, from + length);
    return store.open(ObjectKind.PACK, place.pack(), range);
  }

  /** Where one pack is being read: the piece that was read last, and the one before. */
  private final class Window {

    private Piece current = new Piece();
    private Piece previous = new Piece();
    private long end = -1;
    private int ahead;

    synchronized int read(BlobLocation place, byte[] into, int length) throws IOException {
      long offset = place.offset();
      int got = current.copy(offset, length, into);
      // Threads that take turns are some blobs apart, and the last of them still has to find his.
      got = got < 0 ? previous.copy(offset, length, into) : got;
      if (got < 0) {
        long distance = offset - end;
        int reach = Math.max(GAP, ahead);
        if (end < 0 || Math.abs(distance) > reach) {
          end = offset + length;
          ahead = 0;
          return readNow(place, into, length);
        }
        if (distance < 0) {
          return readNow(place, into, length);
        }
        ahead = Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, ahead * 4));
        advance(place, offset, length);
        got = Math.max(0, current.copy(offset, length, into));
      }
      end = Math.max(end, offset + length);
      return got;
    }

    /** Reads the next piece; without a gap, if all that is left out fits into it. */
    private void advance(BlobLocation place, long offset, int length) throws IOException {
      long from = current.end();
      if (from > offset || offset + length - from > MOST_AHEAD) {
        from = offset;
      }
      Piece next = previous;
      next.fill(place, from, (int) Math.max(ahead, offset + length - from));
      previous = current;
      current = next;
    }
  }

  /** Bytes of a pack that are in memory. */
  private final class Piece {

    private byte[] bytes = NOTHING;
    private long start;
    private int count;
    private boolean atEnd;

    long end() {
      return count == 0 ? Long.MAX_VALUE : start + count;
    }

    /** Copies a blob and returns how much there is of it; -1 if it is not here. */
    int copy(long offset, int length, byte[] into) {
      if (offset < start || offset + length > start + count && !atEnd) {
        return -1;
      }
      int from = (int) Math.min(count, offset - start);
      int got = Math.min(length, count - from);
      System.arraycopy(bytes, from, into, 0, got);
      return got;
    }

    void fill(BlobLocation place, long from, int size) throws IOException {
      count = 0;
      atEnd = false;
      if (bytes.length < size) {
        buffers.give(bytes);
        bytes = buffers.take(size);
      }
      start = from;
      count = readNow(place, from, bytes, size);
      atEnd = count < size;
    }
  }
}
