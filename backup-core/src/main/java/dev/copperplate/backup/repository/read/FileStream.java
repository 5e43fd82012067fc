package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.pack.BlobContent;
import dev.copperplate.backup.repository.pack.BlobReader;
import dev.copperplate.backup.repository.run.Failures;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.LongConsumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The content of a file, blob by blob; one of them is in memory, and once one was read to its end,
 * up to {@link #AHEAD} of the next. Skipping fetches nothing. An exception says where in which file
 * it happened, and comes again if reading goes on.
 */
final class FileStream extends InputStream {

  /** One for each thread that reads ahead. */
  static final int AHEAD = ReadAhead.THREADS;

  private static final Logger LOG = LoggerFactory.getLogger(FileStream.class);

  private static final BlobContent NOTHING = new BlobContent(new byte[0], 0);

  private final BlobReader blobs;
  private final ReadAhead readAhead;
  private final StoredEntry file;
  private final LongConsumer progress;
  private final long end;
  private long position;
  // The blob at the position, or the next one if `blob` does not reach so far.
  private int index;
  private long blobStart;
  private BlobContent blob = NOTHING;
  private boolean fetched;
  private long handedOut;
  // Of the blobs behind the current one, in order.
  private final Deque<Future<BlobContent>> ahead = new ArrayDeque<>();
  private boolean closed;

  /**
   * @param progress told how many bytes were handed out
   * @throws BackupException {@code MISSING} if a blob of the range is not listed in any index
   */
  FileStream(
      BlobReader blobs,
      ReadAhead readAhead,
      StoredEntry file,
      ByteRange range,
      LongConsumer progress)
      throws IOException {
    this.blobs = blobs;
    this.readAhead = readAhead;
    this.file = file;
    this.progress = progress;
    // Whoever starts in the middle relies on the sizes before it, which nobody reads: so all must
    // add up. What is read from the start is compared as it comes.
    boolean middle = range.from() > 0;
    long size = 0;
    for (int i = 0; i < file.content().size() && (middle || size < range.to()); i++) {
      size += length(i);
    }
    if (middle && size != file.size()) {
      throw new BackupException(
          Kind.DAMAGED,
          "File "
              + file.path()
              + " has "
              + file.size()
              + " bytes, and the indexes give its pieces "
              + size);
    }
    this.end = Math.min(size, range.to());
    this.position = Math.min(range.from(), end);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] buffer, int offset, int length) throws IOException {
    Objects.checkFromIndexSize(offset, length, buffer.length);
    requireOpen();
    if (length == 0) {
      return 0;
    }
    if (position >= end) {
      return -1;
    }
    // Apart, because this is called for every few KiB and the other for every MiB: the compiler
    // would spend half a second on both together.
    if (!fetched || position >= blobStart + blob.length()) {
      fetch();
    }
    int from = (int) (position - blobStart);
    int count = (int) Math.min(Math.min(length, blob.length() - from), end - position);
    System.arraycopy(blob.bytes(), from, buffer, offset, count);
    position += count;
    handedOut += count;
    return count;
  }

  @Override
  public long skip(long count) throws IOException {
    requireOpen();
    long skipped = Math.max(0, Math.min(count, end - position));
    position += skipped;
    return skipped;
  }

  @Override
  public int available() {
    long left = fetched ? Math.min(blobStart + blob.length(), end) - position : 0;
    return (int) Math.max(0, left);
  }

  @Override
  public void close() {
    closed = true;
    leave();
    forgetAhead();
    report();
  }

  private void fetch() throws IOException {
    boolean readThrough = false;
    while (true) {
      long length = fetched ? blob.length() : length(index);
      if (position < blobStart + length) {
        break;
      }
      if (!fetched) {
        forgetAhead();
      }
      readThrough = fetched;
      blobStart += length;
      index++;
      leave();
    }
    if (!fetched) {
      try {
        take(next());
      } catch (IOException failure) {
        // What was begun is of the blobs behind this one, which is asked for again if at all.
        forgetAhead();
        throw failure;
      }
    }
    report();
    if (readThrough) {
      readAhead();
    }
  }

  private BlobContent next() throws IOException {
    Future<BlobContent> begun = ahead.poll();
    try {
      return begun == null ? blobs.open(BlobType.DATA, file.content().get(index)) : get(begun);
    } catch (BackupException unreadable) {
      throw explain(unreadable);
    }
  }

  private void take(BlobContent next) throws IOException {
    if (next.length() != length(index)) {
      blobs.release(next);
      throw new BackupException(
          Kind.DAMAGED,
          "File "
              + file.path()
              + ": an index gives blob "
              + file.content().get(index)
              + " a wrong size");
    }
    blob = next;
    fetched = true;
  }

  /** Once for each blob: listeners cost more than a copy of a few KiB. */
  private void report() {
    if (handedOut > 0) {
      progress.accept(handedOut);
      handedOut = 0;
    }
  }

  private void leave() {
    if (fetched) {
      blobs.release(blob);
    }
    blob = NOTHING;
    fetched = false;
  }

  /** Begins to fetch what comes next, as far as it is wanted. */
  private void readAhead() throws IOException {
    long start = blobStart + blob.length();
    try {
      for (int i = 1; i <= AHEAD && start < end; i++) {
        if (i > ahead.size() && !begin(file.content().get(index + i))) {
          return;
        }
        start += length(index + i);
      }
    } catch (BackupException unknown) {
      // What cannot be read there is said when its turn comes: what comes before is whole.
      LOG.debug("Not read ahead in {}", file.path(), unknown);
    }
  }

  private boolean begin(Sha256 id) {
    Optional<Future<BlobContent>> begun = readAhead.fetch(id);
    begun.ifPresent(ahead::add);
    return begun.isPresent();
  }

  /** Whoever skips wants something else than what was begun. */
  private void forgetAhead() {
    ahead.forEach(each -> each.cancel(true));
    ahead.clear();
  }

  private static BlobContent get(Future<BlobContent> begun) throws IOException {
    try {
      return begun.get();
    } catch (ExecutionException failed) {
      throw Failures.asIo(failed.getCause());
    } catch (CancellationException closed) {
      throw new InterruptedIOException("The snapshot was closed while it was read");
    } catch (InterruptedException cancelled) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("Interrupted while a file of a snapshot was read");
    }
  }

  private long length(int at) throws IOException {
    try {
      return blobs.plainLength(BlobType.DATA, file.content().get(at));
    } catch (BackupException unknown) {
      throw explain(unknown);
    }
  }

  private BackupException explain(BackupException failure) {
    return new BackupException(
        failure.kind(),
        "File " + file.path() + " cannot be read at byte " + position + ": " + failure.getMessage(),
        failure);
  }

  private void requireOpen() throws IOException {
    if (closed) {
      throw new IOException("The stream of " + file.path() + " is closed");
    }
  }
}
