package dev.copperplate.backup.kafka.transport;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Batches of one partition. Used by one thread. */
public interface BatchStream extends Closeable {

  /**
   * The next whole batches, one or more, without a gap between their bytes; not checked. The buffer
   * has an array, is to be read only, and valid until the next call.
   *
   * @return null when the end that was asked for is reached, also where compaction left nothing up
   *     to there
   * @throws OffsetsGoneException if the broker no longer has the next offset
   * @throws HistoryChangedException if the topic is another one now or is gone, or its log was
   *     truncated below the next offset
   * @throws dev.copperplate.backup.BackupException {@code DENIED}, naming the topic and the missing
   *     permission; {@code UNAVAILABLE} if no leader could be reached in time, or if the last
   *     stable offset stays below the end that was asked for; {@code UNSUPPORTED} if a batch is
   *     larger than {@link TransportOptions#largestBatch}; {@code DAMAGED} if the answer cannot be
   *     right; {@code CONFLICT} if the transport was closed. The next call tries again at the same
   *     offset
   */
  @Nullable ByteBuffer next() throws IOException, InterruptedException;

  /**
   * The transactions that the broker told to be aborted with the last batches, by the id of their
   * producer and their first offset: those that have a record or their marker there or behind.
   */
  List<Aborted> aborted();

  /** A transaction whose records no consumer may see. */
  record Aborted(long producer, long first) {}

  /** Closes no connection. */
  @Override
  void close();
}
