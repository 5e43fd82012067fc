package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.nio.ByteBuffer;

/** Where the fields of batches are. Magic 0 and 1 share the offset, the length and the magic. */
final class BatchFormat {

  static final int BASE_OFFSET = 0;
  static final int LENGTH = 8;
  static final int LEADER_EPOCH = 12;
  static final int MAGIC = 16;
  static final int CRC = 17;
  static final int ATTRIBUTES = 21;
  static final int LAST_OFFSET_DELTA = 23;
  static final int BASE_TIMESTAMP = 27;
  static final int MAX_TIMESTAMP = 35;
  static final int PRODUCER_ID = 43;
  static final int PRODUCER_EPOCH = 51;
  static final int BASE_SEQUENCE = 53;
  static final int COUNT = 57;
  static final int RECORDS = 61;

  static final int LEGACY_CRC = 12;
  static final int LEGACY_ATTRIBUTES = 17;
  static final int LEGACY_TIMESTAMP = 18;

  static final int CODEC_BITS = 7;
  static final int LOG_APPEND_TIME_BIT = 1 << 3;
  static final int TRANSACTIONAL_BIT = 1 << 4;
  static final int CONTROL_BIT = 1 << 5;
  static final int DELETE_HORIZON_BIT = 1 << 6;

  /** The bytes before those that the length counts. */
  static final int OVERHEAD = 12;

  /** So many bytes tell how long a batch is. */
  static final int HEAD = MAGIC + 1;

  private static final int[] LEAST = {26, 34, RECORDS};

  private BatchFormat() {}

  /**
   * The whole length of the batch that begins at an index; {@link #HEAD} bytes are there.
   *
   * @throws BackupException {@code DAMAGED} if no batch is so long, or has that magic
   */
  static long length(ByteBuffer buffer, int at) throws BackupException {
    long offset = buffer.getLong(at + BASE_OFFSET);
    int magic = buffer.get(at + MAGIC);
    if (magic < 0 || magic >= LEAST.length) {
      throw Damage.of(offset, "its magic is " + magic + "; known are 0 to 2");
    }
    long length = (long) OVERHEAD + buffer.getInt(at + LENGTH);
    if (length < LEAST[magic]) {
      throw Damage.of(
          offset,
          "its length is " + length + "; the least of magic " + magic + " is " + LEAST[magic]);
    }
    return length;
  }
}
