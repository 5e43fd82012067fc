package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the whole batches of a buffer, which it neither copies nor moves. Batches stay valid
 * as long as the bytes do.
 *
 * <p>Used by one thread.
 */
public final class Batches {

  private final ByteBuffer bytes;
  private int position;

  private Batches(ByteBuffer bytes) {
    this.bytes = bytes;
  }

  /** The batches between the position and the limit of a buffer. */
  public static Batches of(ByteBuffer buffer) {
    return new Batches(buffer.slice());
  }

  /**
   * The next whole batch, not checked; null if the rest is none, or only the beginning of one.
   *
   * @throws BackupException {@code DAMAGED} if the rest does not begin like a batch
   */
  public @Nullable Batch next() throws BackupException {
    if (remaining() < BatchFormat.HEAD) {
      return null;
    }
    long length = BatchFormat.length(bytes, position);
    if (length > remaining()) {
      return null;
    }
    Batch batch = new Batch(bytes.slice(position, (int) length));
    position += (int) length;
    return batch;
  }

  /** How many bytes the batches had that were returned. */
  public int position() {
    return position;
  }

  /** How many bytes are left; at the end, those of a batch that is not whole. */
  public int remaining() {
    return bytes.limit() - position;
  }
}
