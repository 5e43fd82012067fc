package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.RecordContent;
import dev.copperplate.backup.kafka.RecordTransform;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.BatchHeader;
import dev.copperplate.backup.kafka.batch.BatchRecord;
import dev.copperplate.backup.kafka.batch.Records;
import java.io.Closeable;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** The records of one batch that are wanted, changed as it is wished. */
final class ChosenRecords implements Closeable {

  private final Records records;
  private final Pieces pieces;
  private final TopicPartition name;
  private final ReplayChoices.Range offsets;
  private final ReplayChoices choices;
  private long filtered;

  ChosenRecords(Batch batch, TopicPartition name, long from, long to, ReplayChoices choices)
      throws IOException {
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
    // A name that is no text stays what it is, as long as the header is the same one.
    IdentityHashMap<RecordContent.Header, BatchHeader> known = new IdentityHashMap<>();
    List<RecordContent.Header> headers = new ArrayList<>();
    for (BatchHeader each : record.headers()) {
      RecordContent.Header header = new RecordContent.Header(each.name(), each.value());
      known.put(header, each);
      headers.add(header);
    }
    return transform
        .apply(
            name,
            record.offset(),
            new RecordContent(
                record.timestamp(),
                record.key(),
                record.value(),
                Collections.unmodifiableList(headers)))
        .map(content -> of(record.offset(), content, known));
  }

  private static BatchRecord of(
      long offset,
      RecordContent content,
      IdentityHashMap<RecordContent.Header, BatchHeader> known) {
    List<BatchHeader> headers = new ArrayList<>();
    for (RecordContent.Header each : content.headers()) {
      BatchHeader same = known.get(each);
      headers.add(same == null ? new BatchHeader(each.name(), each.value()) : same);
    }
    return new BatchRecord(offset, content.timestamp(), content.key(), content.value(), headers);
  }

  @Override
  public void close() {
    records.close();
  }
}
