package dev.copperplate.backup.kafka.read;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.KafkaRecord;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Records;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The records of one partition; one batch is in memory, and of its records one. */
final class PartitionRecords implements Cursor<KafkaRecord> {

  private final String topic;
  private final StoredPartition partition;
  private final RecordWishes wishes;
  private final AbortedRecords aborted;
  private final PartitionBatches batches;
  private @Nullable Batch batch;
  private @Nullable Records records;

  PartitionRecords(
      SnapshotReader snapshot, String topic, StoredPartition partition, RecordWishes wishes) {
    this.topic = topic;
    this.partition = partition;
    // The first file may begin with what the broker had deleted.
    this.wishes =
        wishes.offsets(
            Math.max(wishes.from(), partition.from()), Math.min(wishes.to(), partition.to()));
    this.aborted = new AbortedRecords(partition);
    this.batches =
        new PartitionBatches(
            snapshot,
            topic,
            partition,
            new PartitionBatches.Wanted(this.wishes.from(), this.wishes.to(), this.wishes.since()));
  }

  @Override
  public @Nullable KafkaRecord next() throws IOException {
    while (batch != null || openNext()) {
      BatchRecord record = following();
      if (record == null) {
        closeBatch();
      } else if (wishes.hold(record)) {
        return KafkaRecordValues.of(topic, partition.partition(), batch, record);
      }
    }
    return null;
  }

  private boolean openNext() throws IOException {
    for (Batch next = batches.next(); next != null; next = batches.next()) {
      if (!next.isControl() && (wishes.aborted() || !aborted.hold(next))) {
        records = open(next);
        batch = next;
        return true;
      }
    }
    return false;
  }

  private Records open(Batch next) throws BackupException {
    try {
      return Records.of(next);
    } catch (BackupException unreadable) {
      throw batches.named(unreadable, next.baseOffset());
    }
  }

  private @Nullable BatchRecord following() throws BackupException {
    try {
      return records == null ? null : records.next();
    } catch (BackupException damaged) {
      long offset = batch == null ? wishes.from() : batch.baseOffset();
      closeBatch();
      throw batches.named(damaged, offset);
    }
  }

  private void closeBatch() {
    batch = null;
    if (records != null) {
      records.close();
      records = null;
    }
  }

  @Override
  public void close() throws IOException {
    closeBatch();
    batches.close();
  }
}
