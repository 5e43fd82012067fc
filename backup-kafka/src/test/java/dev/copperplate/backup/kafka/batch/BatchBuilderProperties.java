package dev.copperplate.backup.kafka.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.header.Header;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.utils.Utils;

class BatchBuilderProperties {

  private static final Numbering NUMBERS = Numbering.at(0).epoch(6).producer(88, (short) 2, 1000);

  @Property(tries = 300)
  void whatIsBuiltKafkaReadsEqual(
      @ForAll("codecs") Codec codec,
      @ForAll("records") List<BatchRecord> records,
      @ForAll boolean appendTime)
      throws IOException {
    ByteBuffer bytes = built(codec, records, appendTime);
    DefaultRecordBatch judge = judge(bytes);
    assertEquals(records.get(0).offset(), judge.baseOffset());
    assertEquals(records.get(records.size() - 1).offset(), judge.lastOffset());
    assertEquals(6, judge.partitionLeaderEpoch());
    assertEquals(88, judge.producerId());
    assertEquals(2, judge.producerEpoch());
    assertEquals(1000, judge.baseSequence());
    assertEquals(codec.name(), judge.compressionType().name());
    assertEquals(appendTime ? "LOG_APPEND_TIME" : "CREATE_TIME", judge.timestampType().name());
    assertFalse(judge.isTransactional());
    assertFalse(judge.isControlBatch());
    List<BatchRecord> expected = appendTime ? timed(records, judge.maxTimestamp()) : records;
    assertEquals(expected, read(judge));
    assertEquals(expected, RecordsProperties.read(Batch.of(bytes)));
  }

  @Property(tries = 100)
  void aCopyHasOtherNumbersAndTheSameRecords(
      @ForAll("codecs") Codec codec, @ForAll("records") List<BatchRecord> records)
      throws IOException {
    Batch batch = Batch.of(built(codec, records, false));
    ByteBuffer copy =
        Renumbered.copy(batch, Numbering.at(123).epoch(9).producer(99, (short) 1, 44));
    DefaultRecordBatch judge = judge(copy);
    assertEquals(123, judge.baseOffset());
    assertEquals(9, judge.partitionLeaderEpoch());
    assertEquals(99, judge.producerId());
    assertEquals(1, judge.producerEpoch());
    assertEquals(44, judge.baseSequence());
    assertArrayEquals(payload(batch.bytes()), payload(copy));
    assertEquals(records.size(), read(judge).size());
  }

  private static byte[] payload(ByteBuffer batch) {
    return Arrays.copyOfRange(batch.array(), BatchFormat.RECORDS, batch.remaining());
  }

  static ByteBuffer built(Codec codec, List<BatchRecord> records, boolean appendTime) {
    Numbering numbers =
        Numbering.at(records.get(0).offset())
            .epoch(NUMBERS.leaderEpoch())
            .producer(NUMBERS.producerId(), NUMBERS.producerEpoch(), NUMBERS.baseSequence());
    BatchBuilder builder = new BatchBuilder(numbers).codec(codec);
    if (appendTime) {
      builder.logAppendTime();
    }
    records.forEach(builder::add);
    assertEquals(records.size(), builder.records());
    return builder.build();
  }

  private static DefaultRecordBatch judge(ByteBuffer bytes) {
    DefaultRecordBatch batch =
        (DefaultRecordBatch) MemoryRecords.readableRecords(bytes).batches().iterator().next();
    batch.ensureValid();
    return batch;
  }

  static List<BatchRecord> read(DefaultRecordBatch batch) {
    List<BatchRecord> records = new ArrayList<>();
    for (Record each : batch) {
      records.add(
          new BatchRecord(
              each.offset(),
              each.timestamp(),
              Utils.toNullableArray(each.key()),
              Utils.toNullableArray(each.value()),
              headers(each)));
    }
    return records;
  }

  private static List<BatchHeader> headers(Record record) {
    List<BatchHeader> headers = new ArrayList<>();
    for (Header each : record.headers()) {
      headers.add(new BatchHeader(each.key(), each.value()));
    }
    return headers;
  }

  private static List<BatchRecord> timed(List<BatchRecord> records, long timestamp) {
    return records.stream()
        .map(
            each ->
                new BatchRecord(each.offset(), timestamp, each.key(), each.value(), each.headers()))
        .toList();
  }

  @Provide
  Arbitrary<Codec> codecs() {
    return SomeRecords.codec();
  }

  @Provide
  Arbitrary<List<BatchRecord>> records() {
    return SomeRecords.any();
  }
}
