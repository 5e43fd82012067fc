package dev.copperplate.backup.kafka.read;

import dev.copperplate.backup.kafka.KafkaRecord;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.TimestampType;
import org.jspecify.annotations.Nullable;

/** Makes users' records of those in batches. */
public final class KafkaRecordValues {

  private KafkaRecordValues() {}

  /**
   * As a user sees it; headers in the order of those in the batch.
   *
   * @param batch that holds it; null where it is not known
   */
  public static KafkaRecord of(
      String topic, int partition, @Nullable Batch batch, BatchRecord record) {
    boolean appended = batch != null && batch.timestampType() == TimestampType.LOG_APPEND_TIME;
    return new KafkaRecord(
        topic,
        partition,
        record.offset(),
        record.timestamp(),
        appended
            ? KafkaRecord.TimestampType.LOG_APPEND_TIME
            : KafkaRecord.TimestampType.CREATE_TIME,
        record.key(),
        record.value(),
        record.headers().stream()
            .map(each -> new KafkaRecord.Header(each.name(), each.value()))
            .toList());
  }
}
