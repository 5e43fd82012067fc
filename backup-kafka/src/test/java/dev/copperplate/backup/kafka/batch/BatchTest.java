package dev.copperplate.backup.kafka.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.DefaultRecordBatch;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BatchTest {

  @ParameterizedTest
  @EnumSource(names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void saysOfABatchWhatKafkaSays(Codec codec) throws Exception {
    for (ByteBuffer bytes :
        List.of(
            KafkaBatches.values(codec, 100, "a", "b", "c"),
            KafkaBatches.transactional(7, 99, "a"),
            KafkaBatches.marker(8, 99, ControlRecordType.ABORT, 4))) {
      Batch batch = Batch.of(bytes);
      DefaultRecordBatch judge =
          (DefaultRecordBatch) MemoryRecords.readableRecords(bytes).batches().iterator().next();
      batch.check();
      assertEquals(judge.baseOffset(), batch.baseOffset());
      assertEquals(judge.nextOffset(), batch.nextOffset());
      assertEquals(judge.sizeInBytes(), batch.length());
      assertEquals(judge.partitionLeaderEpoch(), batch.leaderEpoch());
      assertEquals(judge.magic(), batch.magic());
      assertEquals(judge.checksum(), batch.crc());
      assertEquals(judge.compressionType().name(), batch.codec().name());
      assertEquals(judge.timestampType().name(), batch.timestampType().name());
      assertEquals(judge.isTransactional(), batch.isTransactional());
      assertEquals(judge.isControlBatch(), batch.isControl());
      assertEquals(judge.deleteHorizonMs().isPresent(), batch.hasDeleteHorizon());
      assertEquals(judge.baseTimestamp(), batch.baseTimestamp());
      assertEquals(judge.maxTimestamp(), batch.maxTimestamp());
      assertEquals(judge.producerId(), batch.producerId());
      assertEquals(judge.producerEpoch(), batch.producerEpoch());
      assertEquals(judge.baseSequence(), batch.baseSequence());
      assertEquals(judge.countOrNull(), batch.records());
      assertFalse(batch.hasGaps());
      assertFalse(batch.isLegacy());
    }
  }

  @Test
  void everyFlippedBitBehindTheEpochIsFound() throws Exception {
    byte[] good = KafkaBatches.values(Codec.NONE, 5, "value").array().clone();
    int length = KafkaBatches.values(Codec.NONE, 5, "value").remaining();
    for (int bit = 8 * BatchFormat.CRC; bit < 8 * length; bit++) {
      byte[] bad = good.clone();
      bad[bit / 8] ^= (byte) (1 << bit % 8);
      Batch batch = Batch.of(ByteBuffer.wrap(bad, 0, length));
      BackupException e = assertThrows(BackupException.class, batch::check);
      assertEquals(BackupException.Kind.DAMAGED, e.kind());
      assertTrue(e.getMessage().startsWith("Batch at offset 5: its checksum is "), e.getMessage());
    }
  }

  @Test
  void impossibleOffsetsAndCountsAreDamageEvenUnderARightChecksum() throws Exception {
    assertDamaged(resealed(BatchFormat.BASE_OFFSET, -1, 8), "cannot end at offset 1");
    assertDamaged(resealed(BatchFormat.BASE_OFFSET, Long.MAX_VALUE - 1, 8), "cannot end");
    assertDamaged(resealed(BatchFormat.LAST_OFFSET_DELTA, -1, 4), "cannot end at offset 4");
    assertDamaged(resealed(BatchFormat.COUNT, 4, 4), "4 records do not fit up to offset 7");
    assertDamaged(resealed(BatchFormat.COUNT, -1, 4), "-1 records do not fit");
  }

  private static void assertDamaged(Batch batch, String said) {
    BackupException e = assertThrows(BackupException.class, batch::check);
    assertEquals(BackupException.Kind.DAMAGED, e.kind());
    assertTrue(e.getMessage().contains(said), e.getMessage());
  }

  private static Batch resealed(int at, long value, int width) throws IOException {
    ByteBuffer bytes = copy(KafkaBatches.values(Codec.NONE, 5, "a", "b", "c"));
    if (width == 8) {
      bytes.putLong(at, value);
    } else {
      bytes.putInt(at, (int) value);
    }
    bytes.putInt(BatchFormat.CRC, Batch.crcOf(bytes));
    return Batch.of(bytes);
  }

  @Test
  void batchesAreFoundWholeAndWhatIsPartialRemains() throws Exception {
    ByteBuffer first = KafkaBatches.values(Codec.ZSTD, 0, "a", "b");
    ByteBuffer second = KafkaBatches.values(Codec.NONE, 2, "c");
    ByteBuffer both = KafkaBatches.joined(first, second);
    for (int cut = 0; cut <= both.limit(); cut++) {
      Batches batches = Batches.of(both.slice(0, cut).asReadOnlyBuffer());
      List<Long> offsets = offsets(batches);
      int whole = cut == both.limit() ? cut : cut >= first.limit() ? first.limit() : 0;
      assertEquals(whole, batches.position());
      assertEquals(cut - whole, batches.remaining());
      assertEquals(List.of(0L, 2L).subList(0, offsets.size()), offsets);
    }
  }

  private static List<Long> offsets(Batches batches) throws IOException {
    List<Long> offsets = new ArrayList<>();
    for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
      batch.check();
      offsets.add(batch.baseOffset());
    }
    return offsets;
  }

  @ParameterizedTest
  @CsvSource({"0,NONE", "1,NONE", "0,GZIP", "1,GZIP", "1,LZ4"})
  void batchesOfOldClientsAreCarriedAndCheckedButNotDecoded(byte magic, Codec codec)
      throws Exception {
    ByteBuffer bytes = KafkaBatches.legacy(magic, codec, 40, "a");
    Batch batch = Batches.of(bytes).next();
    batch.check();
    assertTrue(batch.isLegacy());
    assertEquals(magic, batch.magic());
    assertEquals(40, batch.baseOffset());
    assertEquals(41, batch.nextOffset());
    assertEquals(codec, batch.codec());
    assertEquals(magic == 0 ? -1 : 1000, batch.maxTimestamp());
    assertEquals(-1, batch.records());
    assertEquals(-1, batch.leaderEpoch());
    assertFalse(batch.hasGaps());
    ByteBuffer bad = copy(bytes);
    bad.put(bytes.remaining() - 1, (byte) 'b');
    assertThrows(BackupException.class, () -> Batch.of(bad).check());
  }

  @Test
  void aNewEpochLeavesABatchValidAndOldOnesAlone() throws Exception {
    ByteBuffer bytes = copy(KafkaBatches.values(Codec.LZ4, 3, "a"));
    Batch.patchLeaderEpoch(bytes, 1234);
    Batch.of(bytes).check();
    assertEquals(
        1234,
        MemoryRecords.readableRecords(bytes).batches().iterator().next().partitionLeaderEpoch());
    ByteBuffer old = copy(KafkaBatches.legacy((byte) 1, Codec.NONE, 3, "a"));
    Batch.patchLeaderEpoch(old, 1234);
    Batch.of(old).check();
  }

  @Test
  void aFileIsReadABatchAtATime() throws Exception {
    ByteBuffer all =
        KafkaBatches.joined(
            KafkaBatches.values(Codec.NONE, 0, "a".repeat(300_000)),
            KafkaBatches.values(Codec.GZIP, 1, "b"),
            KafkaBatches.legacy((byte) 1, Codec.NONE, 2, "c"));
    StoredBatches batches = new StoredBatches(new ByteArrayInputStream(all.array()));
    List<Long> ends = new ArrayList<>();
    for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
      batch.check();
      ends.add(batch.nextOffset());
    }
    assertEquals(List.of(1L, 2L, 3L), ends);
    assertEquals(all.limit(), batches.position());
    assertNull(batches.next());
  }

  @Test
  void aFileThatEndsWithinABatchIsDamagedAtThatByte() throws Exception {
    ByteBuffer first = KafkaBatches.values(Codec.NONE, 0, "a");
    ByteBuffer both = KafkaBatches.joined(first, KafkaBatches.values(Codec.NONE, 1, "b"));
    for (int cut = first.limit() + 1; cut < both.limit(); cut++) {
      StoredBatches batches = new StoredBatches(new ByteArrayInputStream(both.array(), 0, cut));
      batches.next();
      BackupException e = assertThrows(BackupException.class, batches::next);
      assertEquals(BackupException.Kind.DAMAGED, e.kind());
      assertTrue(e.getMessage().contains("At byte " + first.limit()), e.getMessage());
    }
  }

  @Test
  void lengthsThatLieTakeNoMemory() throws Exception {
    byte[] bytes = KafkaBatches.values(Codec.NONE, 0, "a").array().clone();
    for (int length : new int[] {Integer.MAX_VALUE, 1 << 28, 48, 0, -1, Integer.MIN_VALUE}) {
      ByteBuffer.wrap(bytes).putInt(BatchFormat.LENGTH, length);
      StoredBatches batches = new StoredBatches(new ByteArrayInputStream(bytes));
      assertEquals(
          BackupException.Kind.DAMAGED, assertThrows(BackupException.class, batches::next).kind());
    }
  }

  static ByteBuffer copy(ByteBuffer bytes) {
    return ByteBuffer.allocate(bytes.remaining()).put(bytes.duplicate()).flip();
  }
}
