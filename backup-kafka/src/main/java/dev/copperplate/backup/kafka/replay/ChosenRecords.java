package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.KafkaRecord;
import dev.copperplate.backup.kafka.RecordTransform;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.BatchHeader;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Records;
import dev.copperplate.backup.kafka.read.KafkaRecordValues;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The records of one batch that are wanted, changed as it is wished. */
final class ChosenRecords implements Closeable {

  private final Batch batch;
  private final Records records;
  private final Pieces pieces;
  private final TopicPartition name;
  private final ReplayChoices.Range offsets;
  private final ReplayChoices choices;
  private long filtered;

  ChosenRecords(Batch batch, TopicPartition name, long from, long to, ReplayChoices choices)
      throws IOException {
    this.batch = batch;
    this.records = Records.of(batch);
    this.pieces = new Pieces(batch.codec());
    this.name = name;
    this.offsets = new ReplayChoices.Range(from, to);
    this.choices = choices;
  }

  /** The next portion; null behind the last one. */
  @Nullable Portion next() throws IOException {
    for (BatchRecord each = records.next(); each != null; each = records.next()) {
      Optional<BatchRecord> chosen =
          offsets.contains(each.offset()) ? choose(each) : Optional.empty();
      Optional<Portion> full = chosen.flatMap(pieces::add);
      if (full.isPresent()) {
        return full.get();
      }
    }
    return pieces.rest().orElse(null);
  }

  /** How many records the times and the transform left out. */
  long filtered() {
    return filtered;
  }

  private Optional<BatchRecord> choose(BatchRecord record) {
    Optional<BatchRecord> chosen =
        !choices.isTimed() || choices.times().contains(record.timestamp())
            ? changed(record, choices.transform())
            : Optional.empty();
    filtered += chosen.isEmpty() ? 1 : 0;
    return chosen;
  }

  private Optional<BatchRecord> changed(BatchRecord record, @Nullable RecordTransform transform) {
    if (transform == null) {
      return Optional.of(record);
    }
    KafkaRecord told = KafkaRecordValues.of(name.topic(), name.partition(), batch, record);
    // A name that is no text stays what it is, as long as the header is the same one.
    IdentityHashMap<KafkaRecord.Header, BatchHeader> known = new IdentityHashMap<>();
    for (int i = 0; i < record.headers().size(); i++) {
      known.put(told.headers().get(i), record.headers().get(i));
    }
    return transform.apply(told).map(answer -> of(record.offset(), answer, known));
  }

  private static BatchRecord of(
      long offset, KafkaRecord answer, IdentityHashMap<KafkaRecord.Header, BatchHeader> known) {
    List<BatchHeader> headers = new ArrayList<>();
    for (KafkaRecord.Header each : answer.headers()) {
      BatchHeader same = known.get(each);
      headers.add(same == null ? new BatchHeader(each.name(), each.value()) : same);
    }
    return new BatchRecord(offset, answer.timestamp(), answer.key(), answer.value(), headers);
  }

  @Override
  public void close() {
    records.close();
  }
}
