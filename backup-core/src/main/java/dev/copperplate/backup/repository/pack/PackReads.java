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
    try (InputStream in = open(place, place.length())) {
      byte[] bytes = in.readNBytes((int) place.length());
      return new BlobContent(bytes, bytes.length);
    }
  }

  private int readNow(BlobLocation place, byte[] into, int length) throws IOException {
    try (InputStream in = open(place, length)) {
      return in.readNBytes(into, 0, length);
    }
  }

  private InputStream open(BlobLocation place, long length) throws IOException {
    ByteRange range = new ByteRange(place.offset(), place.offset() + length);
    return store.target().read(ObjectKind.PACK.key(place.pack()), range);
  }

  /** A piece of one pack that is in memory. */
  private final class Window {

    private byte[] bytes = NOTHING;
    private long start;
    private int count;
    private long end = -1;
    private int ahead;

    synchronized int read(BlobLocation place, byte[] into, int length) throws IOException {
      long offset = place.offset();
      if (offset < start || offset + length > start + count) {
        boolean comesNext = offset >= end && offset - end <= GAP && end >= 0;
        boolean cameBefore = offset < end && end - offset <= GAP;
        if (cameBefore || !comesNext) {
          // Two threads that take turns overtake each other a little.
          end = cameBefore ? end : offset + length;
          ahead = cameBefore ? ahead : 0;
          return readNow(place, into, length);
        }
        ahead = Math.min(MOST_AHEAD, Math.max(LEAST_AHEAD, ahead * 4));
        fill(place, Math.max(length, ahead));
      }
      end = Math.max(end, offset + length);
      int from = (int) (offset - start);
      int got = Math.max(0, Math.min(length, count - from));
      System.arraycopy(bytes, from, into, 0, got);
      return got;
    }

    private void fill(BlobLocation place, int size) throws IOException {
      count = 0;
      if (bytes.length < size) {
        buffers.give(bytes);
        bytes = buffers.take(size);
      }
      start = place.offset();
      count = readNow(place, bytes, size);
    }
  }
}
