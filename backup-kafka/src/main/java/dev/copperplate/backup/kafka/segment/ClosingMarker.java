package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.kafka.batch.BatchBuilder;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Numbering;
import java.nio.ByteBuffer;
import java.util.List;

/**
 * Makes the marker of a transaction whose own one lies behind the end of the snapshot. Without it
 * the broker would take the transaction for an open one that nobody ever ends.
 *
 * @see <a href="https://kafka.apache.org/documentation/#controlbatch">Kafka, "Control Batches"</a>
 */
final class ClosingMarker {

  private static final int ATTRIBUTES = 21;
  private static final short TRANSACTIONAL_CONTROL = 0x30;
  private static final int ABORT = 0;
  private static final int COMMIT = 1;

  private ClosingMarker() {}

  static ByteBuffer of(long offset, long producerId, short epoch, boolean aborted, long timestamp) {
    Numbering numbering = Numbering.at(offset).epoch(0).producer(producerId, epoch, -1);
    BatchBuilder builder = new BatchBuilder(numbering);
    byte[] key = ByteBuffer.allocate(4).putShort((short) 0).putShort(type(aborted)).array();
    byte[] value = ByteBuffer.allocate(6).putShort((short) 0).putInt(0).array();
    builder.add(new BatchRecord(offset, timestamp, key, value, List.of()));
    ByteBuffer batch = builder.build();
    batch.putShort(ATTRIBUTES, TRANSACTIONAL_CONTROL);
    RestoredProducers.seal(batch);
    return batch;
  }

  private static short type(boolean aborted) {
    return (short) (aborted ? ABORT : COMMIT);
  }
}
