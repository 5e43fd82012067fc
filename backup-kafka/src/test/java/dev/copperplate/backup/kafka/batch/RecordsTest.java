package dev.copperplate.backup.kafka.batch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import dev.copperplate.backup.BackupException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.record.MemoryRecords;
import org.apache.kafka.common.record.Record;
import org.apache.kafka.common.record.RecordBatch;
import org.apache.kafka.common.record.TimestampType;
import org.apache.kafka.common.utils.BufferSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.xerial.snappy.Snappy;

class RecordsTest {

  /** A record of nothing: length, attributes, time, offset, no key, no value, no headers. */
  private static final byte[] EMPTY_RECORD = {12, 0, 0, 0, 1, 1, 0};

  private static final BatchLimits SMALL = new BatchLimits(1 << 20, 1 << 16, 1 << 20);

  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  @ParameterizedTest
  @EnumSource(names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void allRecordsHaveTheTimeAtWhichTheyWereAppended(Codec codec) throws Exception {
    List<BatchRecord> records =
        List.of(
            new BatchRecord(3, 50, null, new byte[] {1}, List.of()),
            new BatchRecord(4, 70, null, new byte[] {2}, List.of()));
    Batch batch = Batch.of(KafkaBatches.of(codec, TimestampType.LOG_APPEND_TIME, records));
    for (BatchRecord each : RecordsProperties.read(batch)) {
      assertEquals(123456L, each.timestamp());
    }
  }

  @ParameterizedTest
  @EnumSource(names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void whatTheCleanerLeavesHasItsOffsetsAndTimesAndAHorizon(Codec codec) throws Exception {
    Batch cleaned = Batch.of(cleaned(KafkaBatches.values(codec, 20, "a", "b", "c", "d"), 1, 2));
    cleaned.check();
    assertTrue(cleaned.hasDeleteHorizon());
    assertTrue(cleaned.hasGaps());
    assertEquals(777_000, cleaned.baseTimestamp());
    assertEquals(20, cleaned.baseOffset());
    assertEquals(24, cleaned.nextOffset());
    assertEquals(
        List.of(
            new BatchRecord(21, 1001, null, bytes("b"), List.of()),
            new BatchRecord(22, 1002, null, bytes("c"), List.of())),
        RecordsProperties.read(cleaned));
  }

  @Test
  void aBatchOfWhichTheCleanerLeftNothingHasNoRecords() throws Exception {
    Batch cleaned = Batch.of(cleaned(KafkaBatches.values(Codec.ZSTD, 20, "a", "b"), 5, 5));
    cleaned.check();
    assertEquals(0, cleaned.records());
    assertEquals(22, cleaned.nextOffset());
    assertEquals(List.of(), RecordsProperties.read(cleaned));
  }

  /** By the code of the broker's log cleaner. */
  private static ByteBuffer cleaned(ByteBuffer batch, int first, int last) {
    ByteBuffer target = ByteBuffer.allocate(1 << 16);
    MemoryRecords.readableRecords(batch)
        .filterTo(
            new MemoryRecords.RecordFilter(0, 777_000) {
              @Override
              protected BatchRetentionResult checkBatchRetention(RecordBatch each) {
                return new BatchRetentionResult(BatchRetention.RETAIN_EMPTY, true);
              }

              @Override
              protected boolean shouldRetainRecord(RecordBatch of, Record each) {
                long index = each.offset() - of.baseOffset();
                return index >= first && index <= last;
              }
            },
            target,
            BufferSupplier.NO_CACHING);
    return target.flip();
  }

  @Test
  void aNameOfAHeaderThatIsNoTextKeepsItsBytes() throws Exception {
    byte[] body = {0, 0, 0, 1, 1, 2, 4, (byte) 0xff, 'x', 2, '!'};
    Batch batch = Resealed.batch(Codec.NONE, 1, Compressed.record(body));
    BatchHeader header = RecordsProperties.read(batch).get(0).headers().get(0);
    assertArrayEquals(new byte[] {(byte) 0xff, 'x'}, header.nameBytes());
    assertEquals("\ufffdx", header.name());
  }

  @Test
  void snappyWithoutFramesIsReadAsOtherClientsWriteIt() throws Exception {
    Batch batch = Resealed.batch(Codec.SNAPPY, 1, Snappy.compress(EMPTY_RECORD));
    assertEquals(
        List.of(new BatchRecord(7, 1000, null, null, List.of())), RecordsProperties.read(batch));
  }

  @Test
  void snappyStreamsMayFollowEachOther() throws Exception {
    byte[] second = EMPTY_RECORD.clone();
    second[3] = 2;
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(Compressed.by(Codec.SNAPPY, EMPTY_RECORD));
    both.write(Compressed.by(Codec.SNAPPY, second));
    assertEquals(
        2, RecordsProperties.read(Resealed.batch(Codec.SNAPPY, 2, both.toByteArray())).size());
  }

  @Test
  void gzipOfManyEmptyMembersDoesNotExhaustTheStack() throws Exception {
    ByteArrayOutputStream many = new ByteArrayOutputStream();
    byte[] nothing = Compressed.by(Codec.GZIP, new byte[0]);
    for (int i = 0; i < 100_000; i++) {
      many.write(nothing);
    }
    many.write(Compressed.by(Codec.GZIP, EMPTY_RECORD));
    assertEquals(
        1, RecordsProperties.read(Resealed.batch(Codec.GZIP, 1, many.toByteArray())).size());
  }

  @Test
  void gzipWithEveryFieldOfItsHeaderIsRead() throws Exception {
    byte[] plain = Compressed.by(Codec.GZIP, EMPTY_RECORD);
    ByteArrayOutputStream full = new ByteArrayOutputStream();
    full.write(new byte[] {0x1f, (byte) 0x8b, 8, 0x1f, 0, 0, 0, 0, 0, 0});
    full.write(new byte[] {2, 0, 'e', 'x'});
    full.write(bytes("name\0comment\0cc"));
    full.write(plain, 10, plain.length - 10);
    assertEquals(
        1, RecordsProperties.read(Resealed.batch(Codec.GZIP, 1, full.toByteArray())).size());
  }

  @ParameterizedTest
  @EnumSource(
      names = {"NONE", "UNKNOWN"},
      mode = EnumSource.Mode.EXCLUDE)
  void aBombTakesNoMoreThanItsLimits(Codec codec) throws Exception {
    byte[] zeros = new byte[8 << 20];
    // A record of 7 MiB, and one for each two bytes.
    byte[] large = zeros.clone();
    ByteBuffer.wrap(large).put(new byte[] {(byte) 0x80, (byte) 0x80, (byte) 0x80, 7});
    assertBounded(Resealed.batch(codec, 1, Compressed.by(codec, large)), "bytes; the limit is");
    byte[] many = zeros.clone();
    for (int i = 0; i + 7 <= many.length; i += 7) {
      System.arraycopy(EMPTY_RECORD, 0, many, i, 7);
      many[i + 3] = 0;
    }
    assertBounded(Resealed.batch(codec, 1, Compressed.by(codec, many)), "more follows");
  }

  @Test
  void recordsOfABatchHaveALimitTogether() throws Exception {
    int count = 200_000;
    byte[] plain = Compressed.records(count, 0);
    Batch batch = Resealed.batch(Codec.ZSTD, count, Compressed.by(Codec.ZSTD, plain));
    assertEquals(count, RecordsProperties.read(batch).size());
    BackupException e = assertThrows(BackupException.class, () -> drain(batch, SMALL));
    assertEquals(
        "Batch at offset 7: its records have more than 1048576 bytes, the limit", e.getMessage());
  }

  @Test
  void headersOfTwoBytesCountWhatTheyTake() throws Exception {
    byte[] body = new byte[60_000];
    ByteBuffer.wrap(body).put(new byte[] {0, 0, 0, 1, 1, (byte) 0xd0, (byte) 0xd2, 3});
    byte[] record = Compressed.record(body);
    assertBounded(Resealed.batch(Codec.NONE, 1, record), "the limit is 65536");
  }

  @Test
  void aBlockOfSnappyCannotClaimMoreThanSnappyCanDo() throws Exception {
    byte[] claims = {(byte) 0xff, (byte) 0xff, (byte) 0xff, (byte) 0xff, 7, 0};
    assertBounded(Resealed.batch(Codec.SNAPPY, 1, claims), "cannot be decompressed (SNAPPY)");
  }

  private static void assertBounded(Batch batch, String said) throws IOException {
    assertDamaged(batch, said);
    long before = THREADS.getCurrentThreadAllocatedBytes();
    assertDamaged(batch, said);
    long taken = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertTrue(taken < 1 << 20, taken + " bytes");
  }

  @ParameterizedTest
  @CsvSource({
    "'', its records end too early",
    "80, its records end too early",
    "ffffffffff, the length of a record is no number",
    "01, a record has a length of -1",
    "0c000000, its records end too early",
    "00, a record ends too early",
    "0c0000000101ff, a record ends too early",
    "0e000000010100ff, 'a record is longer than its content, by 1 bytes'",
    "0c000002010100, a record has offset 8 where 7 was due",
    "0c000001010100, a record has offset 6 where 7 was due",
    "0c000000080100, a field of 4 bytes does not fit into its record",
    "0c000000010101, a record has -1 headers in 0 bytes",
    "0c000000010104, a record has 2 headers in 0 bytes",
    "100000000101020101, a header has no name",
    "1000ffffffffffffff, a record ends too early",
    "1a00ffffffffffffffffffff0000, a record has a number that is too long",
    "1a0000ffffffffff01010000000000, a record has a number that is too long",
    "0c00000001010000, more follows its 1 records",
  })
  void whatBreaksTheFormatIsDamageAtTheOffset(String payload, String said) throws Exception {
    byte[] plain = HexFormat.of().parseHex(payload);
    for (Codec codec : Codec.values()) {
      if (codec != Codec.UNKNOWN) {
        byte[] stored = codec == Codec.NONE ? plain : Compressed.by(codec, plain);
        assertDamaged(Resealed.batch(codec, 1, stored), said);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"NONE", "UNKNOWN"},
      mode = EnumSource.Mode.EXCLUDE)
  void bytesThatNoCodecWroteAreDamage(Codec codec) throws Exception {
    byte[] good = Compressed.by(codec, Compressed.records(100, 50));
    for (int length = 0; length < good.length; length++) {
      assertDamaged(Resealed.batch(codec, 100, Arrays.copyOf(good, length)), "Batch at offset 7: ");
    }
    assertDamaged(Resealed.batch(codec, 100, Arrays.copyOf(good, good.length + 30)), "offset 7: ");
  }

  @ParameterizedTest
  @ValueSource(ints = {5, 6, 7})
  void anUnknownCodecIsSaidToBeUnknown(int id) throws Exception {
    Batch batch = Resealed.batch(id, 1, EMPTY_RECORD);
    batch.check();
    assertEquals(Codec.UNKNOWN, batch.codec());
    assertEquals(
        BackupException.Kind.UNSUPPORTED,
        assertThrows(BackupException.class, () -> Records.of(batch)).kind());
  }

  @Test
  void ofABatchOfOldClientsItIsSaidWhatToDo() throws Exception {
    Batch batch = Batch.of(KafkaBatches.legacy((byte) 1, Codec.NONE, 40, "a"));
    BackupException e = assertThrows(BackupException.class, () -> Records.of(batch));
    assertEquals(BackupException.Kind.UNSUPPORTED, e.kind());
    assertTrue(e.getMessage().contains("offsets 40 to 40 has the old message format 1"));
    assertTrue(e.getMessage().contains("a broker before 4.0"));
  }

  private static void assertDamaged(Batch batch, String said) {
    BackupException e = assertThrows(BackupException.class, () -> drain(batch, SMALL));
    assertEquals(BackupException.Kind.DAMAGED, e.kind());
    assertTrue((e + " " + e.getCause()).contains(said), () -> said + ": " + e);
  }

  private static void drain(Batch batch, BatchLimits limits) throws IOException {
    try (Records records = Records.of(batch, limits)) {
      while (records.next() != null) {}
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
