package dev.copperplate.backup.kafka.batch;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/**
 * Makes one batch of magic 2 of records, in no transaction. Holds the records uncompressed, and
 * while it builds the compressed ones beside them.
 *
 * <p>Used by one thread, for one batch.
 */
public final class BatchBuilder {

  private static final int FIRST_SIZE = 1 << 12;

  private final Numbering numbering;
  private final GrowingBytes plain = new GrowingBytes(FIRST_SIZE);
  private Compression compression = new Compression(Codec.NONE, OptionalInt.empty());
  private TimestampType timestampType = TimestampType.CREATE_TIME;
  private int limit = BatchLimits.DEFAULT.batchBytes();
  private long baseTimestamp;
  private long maxTimestamp;
  private long nextOffset;
  private int count;

  /** A batch with these numbers; its records may begin behind its base offset. */
  public BatchBuilder(Numbering numbering) {
    this.numbering = numbering;
    this.nextOffset = numbering.baseOffset();
    plain.writeBytes(new byte[BatchFormat.RECORDS]);
  }

  /** Compresses with the level that Kafka's producer uses. Without this call nothing is. */
  public BatchBuilder codec(Codec codec) {
    this.compression = new Compression(codec, OptionalInt.empty());
    return this;
  }

  /** Compresses with a level as {@code compression.LEVEL} of a topic has it; Snappy has none. */
  public BatchBuilder codec(Codec codec, int level) {
    this.compression = new Compression(codec, OptionalInt.of(level));
    return this;
  }

  /**
   * Gives all records the time of the broker, which is the greatest timestamp among them. Without
   * this call each has its own.
   */
  public BatchBuilder logAppendTime() {
    this.timestampType = TimestampType.LOG_APPEND_TIME;
    return this;
  }

  /**
   * Lets the batch have at most so many bytes before it is compressed. What cannot be compressed
   * may make it longer, by less than a hundredth and 64 bytes.
   */
  public BatchBuilder limit(int bytes) {
    this.limit = bytes;
    return this;
  }

  /**
   * Adds a record, if there is room for it; the first always has it.
   *
   * @return false if it was not added because the batch would be longer than its limit
   * @throws IllegalArgumentException if its offset is not above that of the record before, or too
   *     far from the base offset for one batch
   */
  public boolean add(BatchRecord record) {
    long offsetDelta = record.offset() - numbering.baseOffset();
    if (record.offset() < nextOffset || offsetDelta > Integer.MAX_VALUE - 1) {
      throw new IllegalArgumentException(
          record + " does not fit where " + nextOffset + " is the next offset");
    }
    long timestampDelta = count == 0 ? 0 : record.timestamp() - baseTimestamp;
    long body = bodySize(offsetDelta, timestampDelta, record);
    if (!fits(Varints.size(body) + body)) {
      return false;
    }
    write(body, offsetDelta, timestampDelta, record);
    baseTimestamp = count == 0 ? record.timestamp() : baseTimestamp;
    maxTimestamp = count == 0 ? record.timestamp() : Math.max(maxTimestamp, record.timestamp());
    nextOffset = record.offset() + 1;
    count++;
    return true;
  }

  private boolean fits(long more) {
    long length = plain.size() + more;
    if (length > Integer.MAX_VALUE / 2) {
      throw new IllegalArgumentException("A batch of " + length + " bytes is too long for brokers");
    }
    return count == 0 || length <= limit;
  }

  private void write(long body, long offsetDelta, long timestampDelta, BatchRecord record) {
    plain.number(body);
    plain.write(0);
    plain.number(timestampDelta);
    plain.number(offsetDelta);
    plain.nullable(record.key());
    plain.nullable(record.value());
    plain.number(record.headers().size());
    for (BatchHeader each : record.headers()) {
      plain.nullable(each.nameBytes());
      plain.nullable(each.value());
    }
  }

  private static long bodySize(long offsetDelta, long timestampDelta, BatchRecord record) {
    List<BatchHeader> headers = record.headers();
    long size = 1L + Varints.size(timestampDelta) + Varints.size(offsetDelta);
    size += size(record.key()) + size(record.value()) + (long) Varints.size(headers.size());
    for (BatchHeader each : headers) {
      size += size(each.nameBytes()) + size(each.value());
    }
    return size;
  }

  private static long size(byte @Nullable [] bytes) {
    return bytes == null ? 1 : Varints.size(bytes.length) + (long) bytes.length;
  }

  /** How many records it has. */
  public int records() {
    return count;
  }

  /** How many bytes it would have uncompressed. */
  public int length() {
    return plain.size();
  }

  /**
   * The batch, in a buffer of its own. Nothing can be added any more.
   *
   * @throws IllegalStateException if it has no record
   */
  public ByteBuffer build() {
    if (count == 0) {
      throw new IllegalStateException("A batch has at least one record");
    }
    ByteBuffer batch = compressed().buffer();
    Renumbered.put(batch, numbering);
    batch.putInt(BatchFormat.LENGTH, batch.limit() - BatchFormat.OVERHEAD);
    batch.put(BatchFormat.MAGIC, (byte) 2);
    batch.putShort(BatchFormat.ATTRIBUTES, attributes());
    batch.putInt(BatchFormat.LAST_OFFSET_DELTA, (int) (nextOffset - 1 - numbering.baseOffset()));
    batch.putLong(BatchFormat.BASE_TIMESTAMP, baseTimestamp);
    batch.putLong(BatchFormat.MAX_TIMESTAMP, maxTimestamp);
    batch.putInt(BatchFormat.COUNT, count);
    batch.putInt(BatchFormat.CRC, Batch.crcOf(batch));
    return batch;
  }

  private short attributes() {
    boolean append = timestampType == TimestampType.LOG_APPEND_TIME;
    return (short) (compression.codec().id() | (append ? BatchFormat.LOG_APPEND_TIME_BIT : 0));
  }

  private GrowingBytes compressed() {
    if (compression.codec() == Codec.NONE) {
      return plain;
    }
    GrowingBytes batch = new GrowingBytes(Math.max(FIRST_SIZE, plain.size() / 2));
    batch.writeBytes(new byte[BatchFormat.RECORDS]);
    try (OutputStream out = compression.onto(batch)) {
      plain.copyTo(out, BatchFormat.RECORDS);
    } catch (IOException e) {
      throw new IllegalStateException("Memory has nothing to fail", e);
    }
    return batch;
  }
}
