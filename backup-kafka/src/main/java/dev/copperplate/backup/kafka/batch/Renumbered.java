package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.nio.ByteBuffer;

/**
 * Batches that are sent again as they are, still compressed, at another place and by another
 * producer.
 */
public final class Renumbered {

  private static final int OF_THE_SOURCE =
      BatchFormat.TRANSACTIONAL_BIT | BatchFormat.DELETE_HORIZON_BIT;

  private Renumbered() {}

  /**
   * A copy of a batch with other numbers and a checksum that fits them; the bytes of its records
   * are the same. It is in no transaction, and forgets until when the source keeps tombstones.
   *
   * <p>Brokers refuse copies of batches that have gaps, and of control batches.
   *
   * @throws BackupException {@code UNSUPPORTED} for a legacy batch
   */
  public static ByteBuffer copy(Batch batch, Numbering numbering) throws BackupException {
    if (batch.isLegacy()) {
      throw new BackupException(
          BackupException.Kind.UNSUPPORTED,
          batch + " has the old message format " + batch.magic() + " and cannot be sent again");
    }
    ByteBuffer copy = ByteBuffer.allocate(batch.length()).put(batch.bytes()).flip();
    put(copy, numbering);
    int attributes = copy.getShort(BatchFormat.ATTRIBUTES) & ~OF_THE_SOURCE;
    copy.putShort(BatchFormat.ATTRIBUTES, (short) attributes);
    copy.putInt(BatchFormat.CRC, Batch.crcOf(copy));
    return copy;
  }

  static void put(ByteBuffer batch, Numbering numbering) {
    batch.putLong(BatchFormat.BASE_OFFSET, numbering.baseOffset());
    batch.putInt(BatchFormat.LEADER_EPOCH, numbering.leaderEpoch());
    batch.putLong(BatchFormat.PRODUCER_ID, numbering.producerId());
    batch.putShort(BatchFormat.PRODUCER_EPOCH, numbering.producerEpoch());
    batch.putInt(BatchFormat.BASE_SEQUENCE, numbering.baseSequence());
  }
}
