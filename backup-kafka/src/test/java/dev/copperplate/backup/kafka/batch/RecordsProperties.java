package dev.copperplate.backup.kafka.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class RecordsProperties {

  @Property(tries = 300)
  void whatKafkaWritesIsReadEqual(
      @ForAll("codecs") Codec codec, @ForAll("records") List<BatchRecord> records)
      throws IOException {
    ByteBuffer bytes =
        KafkaBatches.of(codec, org.apache.kafka.common.record.TimestampType.CREATE_TIME, records);
    Batch batch = Batch.of(bytes);
    batch.check();
    assertEquals(records, read(batch));
    assertEquals(records.get(records.size() - 1).offset() + 1, batch.nextOffset());
  }

  static List<BatchRecord> read(Batch batch) throws IOException {
    List<BatchRecord> records = new ArrayList<>();
    try (Records cursor = Records.of(batch)) {
      for (BatchRecord record = cursor.next(); record != null; record = cursor.next()) {
        records.add(record);
      }
    }
    return records;
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
