package dev.copperplate.backup.kafka.transport;

import java.io.Closeable;
import java.io.IOException;
import java.util.Optional;
import org.apache.kafka.common.TopicIdPartition;

/**
 * Reads whole record batches of a cluster, in the order of their offsets, with what is needed to
 * tell one history of a partition from another. Finds the leaders itself, and again when they move.
 *
 * <p>Used by one thread at a time; each has connections of its own. Closing it from another thread
 * ends a call that waits.
 */
public interface BatchTransport extends Closeable {

  /** How snapshots call it: {@code raw} or {@code consumer}. */
  String name();

  /** Why batches do not come as the broker has them; empty if they do. A sentence for people. */
  Optional<String> reason();

  /**
   * Reads a partition from an offset up to another one. Nothing is asked before the first {@link
   * BatchStream#next}.
   *
   * @param partition with the id that the topic must have
   * @param from the first offset that is wanted; a batch that begins before it and holds it is
   *     returned whole
   * @param to the first offset that is not wanted; no batch that begins there or behind is
   *     returned. At most the last stable offset, or the last call waits for that to come
   * @param epoch the leader epoch of the batch before {@code from}, to be found out whether the
   *     broker has the same history up to there; -1 if that is not to be asked. It is asked even if
   *     nothing is wanted because {@code from} is {@code to}
   */
  BatchStream read(TopicIdPartition partition, long from, long to, int epoch) throws IOException;
}
