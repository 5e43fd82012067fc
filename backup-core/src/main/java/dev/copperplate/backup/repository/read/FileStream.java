package dev.copperplate.backup.repository.read;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.repository.format.BlobType;
import dev.copperplate.backup.repository.format.Sha256;
import dev.copperplate.backup.repository.pack.BlobReader;
import java.io.IOException;
import java.io.InputStream;
import java.util.Objects;
import java.util.function.LongConsumer;

/**
 * The content of a file, blob by blob; one of them is in memory. Skipping fetches nothing. An
 * exception says where in which file it happened, and comes again if reading goes on.
 */
final class FileStream extends InputStream {

  private static final byte[] NOTHING = new byte[0];

  private final BlobReader blobs;
  private final StoredEntry file;
  private final LongConsumer progress;
  private final long end;
  private long position;
  // The blob at the position, or the next one if `blob` does not reach so far.
  private int index;
  private long blobStart;
  private byte[] blob = NOTHING;
  private boolean fetched;
  private boolean closed;

  /**
   * @param progress told how many bytes were handed out
   * @throws BackupException {@code MISSING} if a blob of the range is not listed in any index
   */
  FileStream(BlobReader blobs, StoredEntry file, ByteRange range, LongConsumer progress)
      throws IOException {
    this.blobs = blobs;
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
    fetch();
    int from = (int) (position - blobStart);
    int count = (int) Math.min(Math.min(length, blob.length - from), end - position);
    System.arraycopy(blob, from, buffer, offset, count);
    position += count;
    progress.accept(count);
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
    long left = fetched ? Math.min(blobStart + blob.length, end) - position : 0;
    return (int) Math.max(0, left);
  }

  @Override
  public void close() {
    closed = true;
    blob = NOTHING;
    fetched = false;
  }

  private void fetch() throws IOException {
    while (true) {
      long length = fetched ? blob.length : length(index);
      if (position < blobStart + length) {
        break;
      }
      blobStart += length;
      index++;
      blob = NOTHING;
      fetched = false;
    }
    if (!fetched) {
      Sha256 id = file.content().get(index);
      try {
        blob = blobs.read(BlobType.DATA, id);
      } catch (BackupException unreadable) {
        throw explain(unreadable);
      }
      fetched = true;
      if (blob.length != length(index)) {
        fetched = false;
        throw new BackupException(
            Kind.DAMAGED, "File " + file.path() + ": an index gives blob " + id + " a wrong size");
      }
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
