package dev.copperplate.backup.kafka.transport;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;

/** Makes batches of records that a consumer read. */
@FunctionalInterface
public interface RecordBatcher {

  /**
   * One or more whole batches, in which each record has the offset, time, key, value and headers
   * that it had.
   *
   * @param records of one partition, at least one, in the order of their offsets, which may have
   *     gaps
   */
  ByteBuffer batches(List<ConsumerRecord<byte[], byte[]>> records) throws IOException;
}
