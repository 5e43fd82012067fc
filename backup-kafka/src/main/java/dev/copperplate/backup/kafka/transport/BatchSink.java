package dev.copperplate.backup.kafka.transport;

import dev.copperplate.backup.BackupException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import org.apache.kafka.common.TopicPartition;

/**
 * Writes whole record batches into partitions, one at a time, still compressed. Used by one thread
 * at a time; closing it from another one ends a call that waits.
 */
public interface BatchSink extends Closeable {

  /**
   * Writes a batch and waits until all replicas in sync have it. If no answer comes, the same bytes
   * are sent again, which is safe for a batch with a producer id and a sequence alone; any other
   * one is given up then.
   *
   * @param batch one batch of magic 2: offsets from 0, checksum right, sequence one behind the last
   *     batch of its producer in this partition. Its position and limit stay
   * @return the offset that its first record got
   * @throws RefusedBatchException if the records have to be written in another batch
   * @throws BackupException {@code DENIED}, naming topic and missing permission; {@code
   *     UNAVAILABLE} if no leader took it in time, or if nobody knows whether it did; {@code
   *     CONFLICT} if the sequence is not the one that the broker expects
   */
  long produce(TopicPartition partition, ByteBuffer batch) throws IOException, InterruptedException;

  /** An identity that nobody else has, without transactions. */
  ProducerIdentity initProducerId() throws IOException, InterruptedException;
}
