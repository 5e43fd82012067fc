package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.io.Closeable;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the records of a batch, which are decompressed as they are asked for: one is in
 * memory at a time. Control records are records as well.
 *
 * <p>Nothing is believed, whether or not the batch was checked: what breaks the format or needs
 * more than the limits is {@code DAMAGED}, with the base offset of the batch. After that nothing
 * more can be read. Keys, values and headers are copies.
 *
 * <p>Used by one thread; to be closed, as codecs hold memory outside of the heap: at most 128 MiB,
 * for zstd of the highest levels.
 */
public final class Records implements Closeable {

  private final Batch batch;
  private final PayloadInput input;
  private final RecordBody body;
  private int read;
  private long nextOffset;

  private Records(Batch batch, PayloadInput input, BatchLimits limits) {
    this.batch = batch;
    this.input = input;
    this.body = new RecordBody(input, limits);
    this.nextOffset = batch.baseOffset();
  }

  /** The records of a batch, within the default limits. */
  public static Records of(Batch batch) throws BackupException {
    return of(batch, BatchLimits.DEFAULT);
  }

  /**
   * The records of a batch.
   *
   * @throws BackupException {@code UNSUPPORTED} for a legacy batch and for an unknown codec; {@code
   *     DAMAGED}
   */
  public static Records of(Batch batch, BatchLimits limits) throws BackupException {
    if (batch.isLegacy()) {
      throw new BackupException(
          BackupException.Kind.UNSUPPORTED,
          batch
              + " has the old message format "
              + batch.magic()
              + ", which is stored but not decoded. Restore it onto the disks of a broker before"
              + " 4.0, and copy the topic there with Kafka's own tools");
    }
    return new Records(batch, Decompression.open(batch, limits), limits);
  }

  /** The next record; null behind the last one, when nothing else is left in the batch either. */
  public @Nullable BatchRecord next() throws BackupException {
    if (read >= batch.records()) {
      finish();
      return null;
    }
    read++;
    body.next();
    body.octet();
    long timestamp = timestamp(body.varlong());
    long offset = offset(body.varint());
    BatchRecord record =
        new BatchRecord(offset, timestamp, body.nullable(), body.nullable(), body.headers());
    body.finish();
    return record;
  }

  private long timestamp(long delta) {
    return batch.timestampType() == TimestampType.LOG_APPEND_TIME
        ? batch.maxTimestamp()
        : batch.baseTimestamp() + delta;
  }

  private long offset(int delta) throws BackupException {
    long offset = batch.baseOffset() + delta;
    if (offset < nextOffset || offset >= batch.nextOffset()) {
      throw input.damage("a record has offset " + offset + " where " + nextOffset + " was due");
    }
    nextOffset = offset + 1;
    return offset;
  }

  private void finish() throws BackupException {
    if (batch.records() < 0) {
      throw input.damage("it has " + batch.records() + " records");
    }
    if (batch.payload().hasRemaining() && !input.atEnd()) {
      throw input.damage("more follows its " + batch.records() + " records");
    }
  }

  @Override
  public void close() {
    input.close();
  }
}
