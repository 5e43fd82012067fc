package dev.copperplate.backup.kafka.transport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** Batches of one partition. Used by one thread. */
public interface BatchStream extends Closeable {

  /**
   * The next whole batches, one or more, without a gap between their bytes; not checked. The buffer
   * is read-only for the caller and valid until the next call.
   *
   * @return null when the end that was asked for is reached, also where compaction left nothing up
   *     to there
   * @throws OffsetsGoneException if the broker no longer has the next offset
   * @throws HistoryChangedException if the topic is another one now or is gone, or its log was
   *     truncated below the next offset
   * @throws dev.copperplate.backup.BackupException {@code DENIED}, naming the topic and the missing
   *     permission; {@code UNAVAILABLE} if no leader could be reached in time
   */
  @Nullable ByteBuffer next() throws IOException, InterruptedException;

  /** Closes no connection. */
  @Override
  void close();
}
