package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a control batch says.
 *
 * @param typeId its number, also of an unknown type
 * @param coordinatorEpoch of the coordinator that ended the transaction; -1 of other types
 * @see <a href="https://kafka.apache.org/documentation/#controlbatch">Kafka, "Control Batches"</a>
 */
public record ControlMarker(Type type, int typeId, int coordinatorEpoch) {

  private static final int VERSION_BYTES = 2;

  /** What it is for. */
  public enum Type {
    /** The producer's transaction was aborted. */
    ABORT,
    /** The producer's transaction was committed. */
    COMMIT,
    /** It ends no transaction. */
    OTHER
  }

  /**
   * The marker in a control batch; null if compaction took it.
   *
   * @throws BackupException {@code DAMAGED} if its record is none of a control batch
   * @throws IllegalArgumentException for another batch
   */
  public static @Nullable ControlMarker of(Batch batch) throws BackupException {
    if (!batch.isControl()) {
      throw new IllegalArgumentException(batch + " is no control batch");
    }
    try (Records records = Records.of(batch)) {
      BatchRecord record = records.next();
      return record == null ? null : of(batch, record);
    }
  }

  private static ControlMarker of(Batch batch, BatchRecord record) throws BackupException {
    int id = field(batch, record.key(), "key").getShort(VERSION_BYTES);
    Type type = id == 0 ? Type.ABORT : id == 1 ? Type.COMMIT : Type.OTHER;
    return new ControlMarker(type, id, type == Type.OTHER ? -1 : epoch(batch, record));
  }

  private static int epoch(Batch batch, BatchRecord record) throws BackupException {
    ByteBuffer value = field(batch, record.value(), "value");
    if (value.limit() < VERSION_BYTES + Integer.BYTES) {
      throw Damage.of(batch.baseOffset(), "its marker has a value of " + value.limit() + " bytes");
    }
    return value.getInt(VERSION_BYTES);
  }

  /** Begins with its version; later ones only add to what is known. */
  private static ByteBuffer field(Batch batch, byte @Nullable [] bytes, String name)
      throws BackupException {
    if (bytes == null || bytes.length < 2 * VERSION_BYTES || bytes[0] < 0) {
      throw Damage.of(batch.baseOffset(), "the " + name + " of its control record is none");
    }
    return ByteBuffer.wrap(bytes);
  }
}
