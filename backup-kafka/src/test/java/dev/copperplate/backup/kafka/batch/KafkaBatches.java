package dev.copperplate.backup.kafka.batch;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.header.internals.RecordHeader;
import org.apache.kafka.common.record.CompressionType;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.EndTransactionMarker;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.MemoryRecordsBuilder;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.SimpleRecord;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/** What Kafka's own classes write. */
public final class KafkaBatches {

  private KafkaBatches() {}

  static Compression compression(Codec codec) {
    return Compression.of(CompressionType.forId(codec.id())).build();
  }

  /** A batch of the values, from an offset on, by an idempotent producer. */
  static ByteBuffer values(Codec codec, long baseOffset, String... values) {
    MemoryRecordsBuilder builder = builder(codec, TimestampType.CREATE_TIME, baseOffset, false);
    for (int i = 0; i < values.length; i++) {
      builder.append(1000L + i, null, values[i].getBytes(StandardCharsets.UTF_8));
    }
    return builder.build().buffer();
  }

  /** A batch of a transaction. */
  static ByteBuffer transactional(long baseOffset, long producerId, String... values) {
    SimpleRecord[] records = new SimpleRecord[values.length];
    for (int i = 0; i < values.length; i++) {
      records[i] = new SimpleRecord(1000L + i, values[i].getBytes(StandardCharsets.UTF_8));
    }
    return MemoryRecords.withTransactionalRecords(
            baseOffset, Compression.NONE, producerId, (short) 3, 0, 5, records)
        .buffer();
  }

  static ByteBuffer marker(
      long offset, long producerId, ControlRecordType type, int coordinatorEpoch) {
    return MemoryRecords.withEndTransactionMarker(
            offset,
            9000,
            5,
            producerId,
            (short) 3,
            new EndTransactionMarker(type, coordinatorEpoch))
        .buffer();
  }

  public static ByteBuffer legacy(byte magic, Codec codec, long baseOffset, String... values) {
    MemoryRecordsBuilder builder =
        MemoryRecords.builder(
            ByteBuffer.allocate(1 << 16),
            magic,
            compression(codec),
            TimestampType.CREATE_TIME,
            baseOffset);
    for (String value : values) {
      builder.append(1000L, null, value.getBytes(StandardCharsets.UTF_8));
    }
    return builder.build().buffer();
  }

  /** A batch of records with their own offsets. */
  static ByteBuffer of(Codec codec, TimestampType type, List<BatchRecord> records) {
    MemoryRecordsBuilder builder = builder(codec, type, records.get(0).offset(), false);
    for (BatchRecord record : records) {
      builder.appendWithOffset(
          record.offset(), record.timestamp(), record.key(), record.value(), headers(record));
    }
    return builder.build().buffer();
  }

  private static Header[] headers(BatchRecord record) {
    return record.headers().stream()
        .map(each -> new RecordHeader(each.name(), each.value()))
        .toArray(Header[]::new);
  }

  static MemoryRecordsBuilder builder(
      Codec codec, TimestampType type, long baseOffset, boolean transactional) {
    return new MemoryRecordsBuilder(
        new ByteBufferOutputStream(1024),
        RecordBatch.MAGIC_VALUE_V2,
        compression(codec),
        type,
        baseOffset,
        123456L,
        77L,
        (short) 3,
        42,
        transactional,
        false,
        5,
        Integer.MAX_VALUE);
  }

  /** Of several batches one after the other. */
  static ByteBuffer joined(ByteBuffer... batches) {
    int length = 0;
    for (ByteBuffer each : batches) {
      length += each.remaining();
    }
    ByteBuffer all = ByteBuffer.allocate(length);
    for (ByteBuffer each : batches) {
      all.put(each.duplicate());
    }
    return all.flip();
  }
}
