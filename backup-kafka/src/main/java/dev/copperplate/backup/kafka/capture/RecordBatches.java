package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.kafka.batch.BatchBuilder;
import dev.copperplate.backup.kafka.batch.BatchHeader;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Numbering;
import dev.copperplate.backup.kafka.transport.RecordBatcher;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.TimestampType;

/**
 * Makes batches of records, where those of the broker cannot be had. They are not compressed: the
 * repository does that.
 */
final class RecordBatches implements RecordBatcher {

  private static final int LIMIT = 1 << 20;

  @Override
  public ByteBuffer batches(List<ConsumerRecord<byte[], byte[]>> records) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    BatchBuilder batch = batch(records.get(0));
    ConsumerRecord<byte[], byte[]> last = records.get(0);
    for (ConsumerRecord<byte[], byte[]> each : records) {
      if (!isAlike(last, each) || !batch.add(record(each))) {
        append(batch, all);
        batch = batch(each);
        batch.add(record(each));
      }
      last = each;
    }
    append(batch, all);
    return ByteBuffer.wrap(all.toByteArray());
  }

  private static BatchBuilder batch(ConsumerRecord<byte[], byte[]> first) {
    BatchBuilder batch =
        new BatchBuilder(Numbering.at(first.offset()).epoch(first.leaderEpoch().orElse(-1)))
            .limit(LIMIT);
    return first.timestampType() == TimestampType.LOG_APPEND_TIME ? batch.logAppendTime() : batch;
  }

  /** A batch has one time of appending for all its records. */
  private static boolean isAlike(
      ConsumerRecord<byte[], byte[]> last, ConsumerRecord<byte[], byte[]> next) {
    return last.timestampType() == next.timestampType()
        && last.leaderEpoch().equals(next.leaderEpoch())
        && (next.timestampType() != TimestampType.LOG_APPEND_TIME
            || last.timestamp() == next.timestamp());
  }

  private static BatchRecord record(ConsumerRecord<byte[], byte[]> record) {
    List<BatchHeader> headers = new ArrayList<>();
    for (Header each : record.headers()) {
      headers.add(new BatchHeader(each.key(), each.value()));
    }
    return new BatchRecord(
        record.offset(), record.timestamp(), record.key(), record.value(), headers);
  }

  private static void append(BatchBuilder batch, ByteArrayOutputStream all) {
    ByteBuffer bytes = batch.build();
    all.write(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
  }
}
