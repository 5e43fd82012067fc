package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.nio.ByteBuffer;

/** Batches of magic 2 that somebody made up: header and checksum fit, the records are any bytes. */
final class Resealed {

  private Resealed() {}

  /** At offset 7, of any payload. */
  static Batch batch(Codec codec, int count, byte[] payload) throws BackupException {
    return batch(codec.id(), count, payload);
  }

  static Batch batch(int attributes, int count, byte[] payload) throws BackupException {
    ByteBuffer bytes = ByteBuffer.allocate(BatchFormat.RECORDS + payload.length);
    bytes.putLong(BatchFormat.BASE_OFFSET, 7);
    bytes.putInt(BatchFormat.LENGTH, bytes.limit() - BatchFormat.OVERHEAD);
    bytes.put(BatchFormat.MAGIC, (byte) 2);
    bytes.putShort(BatchFormat.ATTRIBUTES, (short) attributes);
    bytes.putInt(BatchFormat.LAST_OFFSET_DELTA, Math.max(count - 1, 0));
    bytes.putLong(BatchFormat.BASE_TIMESTAMP, 1000);
    bytes.putLong(BatchFormat.MAX_TIMESTAMP, 5000);
    bytes.putLong(BatchFormat.PRODUCER_ID, -1);
    bytes.putShort(BatchFormat.PRODUCER_EPOCH, (short) -1);
    bytes.putInt(BatchFormat.BASE_SEQUENCE, -1);
    bytes.putInt(BatchFormat.COUNT, count);
    bytes.put(BatchFormat.RECORDS, payload);
    bytes.putInt(BatchFormat.CRC, Batch.crcOf(bytes));
    return Batch.of(bytes);
  }
}
