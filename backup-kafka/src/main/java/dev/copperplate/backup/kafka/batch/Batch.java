package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.nio.ByteBuffer;
import java.util.HexFormat;
import java.util.zip.CRC32;
import java.util.zip.CRC32C;
import java.util.zip.Checksum;

/**
 * A view of one whole batch in a buffer, without a copy: as long as its bytes last, and as they are
 * at the time of each call. Its length and its magic are possible ones; everything else is what the
 * bytes say until {@link #check} has passed.
 *
 * <p>A legacy batch (magic 0 or 1, from before Kafka 0.11) is carried, not decoded. Of what it does
 * not have it answers as Kafka does: -1, or false.
 *
 * @see <a href="https://kafka.apache.org/documentation/#recordbatch">Kafka, "Record Batch"</a>
 */
public final class Batch {

  private final ByteBuffer bytes;
  private final boolean legacy;

  /** One whose whole length is that of the buffer, and was looked at. */
  Batch(ByteBuffer bytes) {
    this.bytes = bytes;
    this.legacy = bytes.get(BatchFormat.MAGIC) < 2;
  }

  /**
   * The batch that fills a buffer from its position to its limit.
   *
   * @throws BackupException {@code DAMAGED} if that is not one whole batch
   */
  public static Batch of(ByteBuffer buffer) throws BackupException {
    ByteBuffer bytes = buffer.slice();
    if (bytes.limit() < BatchFormat.HEAD) {
      throw new BackupException(
          BackupException.Kind.DAMAGED, "No batch has only " + bytes.limit() + " bytes");
    }
    long length = BatchFormat.length(bytes, 0);
    if (length != bytes.limit()) {
      throw Damage.of(
          bytes.getLong(BatchFormat.BASE_OFFSET),
          "its length is " + length + " bytes, there are " + bytes.limit());
    }
    return new Batch(bytes);
  }

  /**
   * Puts the epoch of the leader into the batch that begins at the position of a buffer, in place.
   * The checksum does not cover it. A legacy batch has none and stays as it is.
   */
  public static void patchLeaderEpoch(ByteBuffer buffer, int leaderEpoch) {
    ByteBuffer bytes = buffer.slice();
    if (bytes.get(BatchFormat.MAGIC) >= 2) {
      bytes.putInt(BatchFormat.LEADER_EPOCH, leaderEpoch);
    }
  }

  /** The bytes of the batch, not copied: to be read only. */
  public ByteBuffer bytes() {
    return bytes.duplicate();
  }

  /** How many bytes it has. */
  public int length() {
    return bytes.limit();
  }

  /** Whether it is of magic 0 or 1, and so can only be carried. */
  public boolean isLegacy() {
    return legacy;
  }

  public int magic() {
    return bytes.get(BatchFormat.MAGIC);
  }

  /**
   * The offset that it begins at, also where compaction took its first record. Of a compressed
   * legacy batch, the offset of its last record.
   */
  public long baseOffset() {
    return bytes.getLong(BatchFormat.BASE_OFFSET);
  }

  /** The offset behind it, also where compaction took its last record. */
  public long nextOffset() {
    return baseOffset() + lastOffsetDelta() + 1;
  }

  /** The epoch of the leader that appended it. */
  public int leaderEpoch() {
    return legacy ? -1 : bytes.getInt(BatchFormat.LEADER_EPOCH);
  }

  /** The checksum that is stored in it, unsigned. */
  public long crc() {
    return Integer.toUnsignedLong(bytes.getInt(legacy ? BatchFormat.LEGACY_CRC : BatchFormat.CRC));
  }

  public Codec codec() {
    return Codec.of(attributes() & BatchFormat.CODEC_BITS);
  }

  public TimestampType timestampType() {
    return has(BatchFormat.LOG_APPEND_TIME_BIT)
        ? TimestampType.LOG_APPEND_TIME
        : TimestampType.CREATE_TIME;
  }

  public boolean isTransactional() {
    return !legacy && has(BatchFormat.TRANSACTIONAL_BIT);
  }

  /** Whether its records are the broker's own, such as the markers of transactions. */
  public boolean isControl() {
    return !legacy && has(BatchFormat.CONTROL_BIT);
  }

  /**
   * Whether compaction noted in it until when its tombstones or its marker stay: then that time is
   * {@link #baseTimestamp}.
   */
  public boolean hasDeleteHorizon() {
    return !legacy && has(BatchFormat.DELETE_HORIZON_BIT);
  }

  /** What the timestamps of its records are relative to, in ms. */
  public long baseTimestamp() {
    return legacy ? legacyTimestamp() : bytes.getLong(BatchFormat.BASE_TIMESTAMP);
  }

  /** The greatest timestamp of its records, in ms; -1 if they have none. */
  public long maxTimestamp() {
    return legacy ? legacyTimestamp() : bytes.getLong(BatchFormat.MAX_TIMESTAMP);
  }

  /** The producer, if it was idempotent or transactional; else -1. */
  public long producerId() {
    return legacy ? -1 : bytes.getLong(BatchFormat.PRODUCER_ID);
  }

  public short producerEpoch() {
    return legacy ? -1 : bytes.getShort(BatchFormat.PRODUCER_EPOCH);
  }

  public int baseSequence() {
    return legacy ? -1 : bytes.getInt(BatchFormat.BASE_SEQUENCE);
  }

  /** How many records it has; -1 of a legacy batch, which does not say. */
  public int records() {
    return legacy ? -1 : bytes.getInt(BatchFormat.COUNT);
  }

  /** Whether compaction took records out of it. */
  public boolean hasGaps() {
    return !legacy && lastOffsetDelta() + 1L != records();
  }

  /**
   * Checks the checksum, and that offsets and counts are possible. What is compressed is not looked
   * into. Allocates nothing for each record.
   *
   * @throws BackupException {@code DAMAGED}, naming the offset
   */
  public void check() throws BackupException {
    long computed = checksum();
    if (computed != crc()) {
      throw Damage.of(
          baseOffset(),
          "its checksum is " + hex(crc()) + ", that of its bytes is " + hex(computed));
    }
    if (baseOffset() < 0 || nextOffset() <= baseOffset()) {
      throw Damage.of(baseOffset(), "it cannot end at offset " + (nextOffset() - 1));
    }
    if (!legacy && (records() < 0 || records() > lastOffsetDelta() + 1L)) {
      throw Damage.of(
          baseOffset(), records() + " records do not fit up to offset " + (nextOffset() - 1));
    }
  }

  int lastOffsetDelta() {
    return legacy ? 0 : bytes.getInt(BatchFormat.LAST_OFFSET_DELTA);
  }

  /** The records, as they are stored. */
  ByteBuffer payload() {
    return bytes.slice(BatchFormat.RECORDS, bytes.limit() - BatchFormat.RECORDS);
  }

  /** CRC-32C of a batch in its present state, from the attributes on. */
  static int crcOf(ByteBuffer batch) {
    return (int) covered(new CRC32C(), batch, BatchFormat.ATTRIBUTES);
  }

  private long checksum() {
    return legacy
        ? covered(new CRC32(), bytes, BatchFormat.MAGIC)
        : covered(new CRC32C(), bytes, BatchFormat.ATTRIBUTES);
  }

  private static long covered(Checksum checksum, ByteBuffer bytes, int from) {
    checksum.update(bytes.duplicate().position(from));
    return checksum.getValue();
  }

  private static String hex(long checksum) {
    return HexFormat.of().toHexDigits((int) checksum);
  }

  private long legacyTimestamp() {
    return magic() == 0 ? -1 : bytes.getLong(BatchFormat.LEGACY_TIMESTAMP);
  }

  private boolean has(int bit) {
    return (attributes() & bit) != 0;
  }

  private int attributes() {
    return legacy
        ? bytes.get(BatchFormat.LEGACY_ATTRIBUTES)
        : bytes.getShort(BatchFormat.ATTRIBUTES);
  }

  @Override
  public String toString() {
    return "Batch of offsets " + baseOffset() + " to " + (nextOffset() - 1);
  }
}
