package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the batches of a {@code .log} file, of which one is in memory at a time: each is
 * valid until the next call.
 *
 * <p>Used by one thread.
 */
public final class StoredBatches {

  private static final int FIRST_SIZE = 1 << 16;

  private final InputStream file;
  private final BatchLimits limits;
  private byte[] bytes = new byte[FIRST_SIZE];
  private long position;

  /** Batches of a file, which is not closed. */
  public StoredBatches(InputStream file) {
    this(file, BatchLimits.DEFAULT);
  }

  /** As {@link #StoredBatches(InputStream)}, with other limits. */
  public StoredBatches(InputStream file, BatchLimits limits) {
    this.file = file;
    this.limits = limits;
  }

  /**
   * The next batch, not checked; null at the end of the file.
   *
   * @throws BackupException {@code DAMAGED} if what comes next is no whole batch, or a longer one
   *     than is allowed
   */
  public @Nullable Batch next() throws IOException {
    int head = file.readNBytes(bytes, 0, BatchFormat.HEAD);
    if (head == 0) {
      return null;
    }
    if (head < BatchFormat.HEAD) {
      throw damage(head + " bytes are left, which is no whole batch");
    }
    int length = length();
    fill(length);
    position += length;
    return new Batch(ByteBuffer.wrap(bytes, 0, length).slice());
  }

  /** How many bytes the batches had that were returned. */
  public long position() {
    return position;
  }

  private int length() throws BackupException {
    long length = BatchFormat.length(ByteBuffer.wrap(bytes), 0);
    if (length > limits.batchBytes()) {
      throw damage("a batch of " + length + " bytes; the limit is " + limits.batchBytes());
    }
    return (int) length;
  }

  /** Takes memory only for what is really there. */
  private void fill(int length) throws IOException {
    int filled = BatchFormat.HEAD;
    while (filled < length) {
      if (filled == bytes.length) {
        bytes = Arrays.copyOf(bytes, (int) Math.min(limits.batchBytes(), 2L * filled));
      }
      int wanted = Math.min(bytes.length, length) - filled;
      int read = file.readNBytes(bytes, filled, wanted);
      filled += read;
      if (read < wanted) {
        throw damage("the batch has " + length + " bytes, of which " + filled + " are there");
      }
    }
  }

  private BackupException damage(String what) {
    return new BackupException(BackupException.Kind.DAMAGED, "At byte " + position + ": " + what);
  }
}
