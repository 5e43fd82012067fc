package dev.copperplate.backup.kafka.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.kafka.StockDump;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class BatchBuilderTest {

  @TempDir Path directory;

  @Test
  void kafkasDumpToolFindsEveryBatchValid() throws Exception {
    Path file = directory.resolve("00000000000000000000.log");
    try (FileChannel out =
        FileChannel.open(file, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      long offset = 0;
      for (Codec codec : known()) {
        List<BatchRecord> records = new ArrayList<>();
        for (int i = 0; i < 50; i++) {
          records.add(record(offset += 1 + i % 3, "value " + codec + i));
        }
        out.write(BatchBuilderProperties.built(codec, records, false));
        offset++;
      }
    }
    String dump = StockDump.of(file, "--deep-iteration", "--print-data-log");
    assertEquals(5, count(dump, "isvalid: true"), dump);
    assertEquals(0, count(dump, "isvalid: false"), dump);
    assertEquals(250, count(dump, "payload: value "), dump);
    assertTrue(dump.contains("payload: value ZSTD49"), dump);
  }

  private static int count(String text, String part) {
    return (text.length() - text.replace(part, "").length()) / part.length();
  }

  @Test
  void aRecordThatDoesNotFitIsNotAdded() throws Exception {
    BatchBuilder builder = new BatchBuilder(Numbering.at(10)).limit(200);
    assertTrue(builder.add(record(10, "x".repeat(60))));
    int length = builder.length();
    assertFalse(builder.add(record(11, "x".repeat(200 - length - 7))));
    assertEquals(length, builder.length());
    assertTrue(builder.add(record(11, "x".repeat(200 - length - 8))));
    assertEquals(200, builder.build().remaining());
  }

  @Test
  void theFirstRecordIsAddedHoweverLongItIs() throws Exception {
    BatchBuilder builder = new BatchBuilder(Numbering.at(10)).limit(100);
    assertTrue(builder.add(record(10, "x".repeat(60_000))));
    assertFalse(builder.add(record(11, "")));
    Batch.of(builder.build()).check();
  }

  @Test
  void offsetsThatDoNotIncreaseOrAreTooFarApartAreRefused() {
    BatchBuilder builder = new BatchBuilder(Numbering.at(10));
    assertThrows(IllegalArgumentException.class, () -> builder.add(record(9, "")));
    builder.add(record(12, ""));
    assertThrows(IllegalArgumentException.class, () -> builder.add(record(12, "")));
    assertThrows(
        IllegalArgumentException.class, () -> builder.add(record(10L + Integer.MAX_VALUE, "")));
    assertThrows(IllegalStateException.class, () -> new BatchBuilder(Numbering.at(1)).build());
  }

  @ParameterizedTest
  @EnumSource(names = "UNKNOWN", mode = EnumSource.Mode.EXCLUDE)
  void whatCannotBeCompressedMakesABatchHardlyLonger(Codec codec) throws Exception {
    BatchBuilder builder = new BatchBuilder(Numbering.at(0)).codec(codec);
    byte[] noise = new byte[1 << 20];
    new Random(5).nextBytes(noise);
    builder.add(new BatchRecord(0, 0, null, noise, List.of()));
    int plain = builder.length();
    assertTrue(builder.build().remaining() <= plain + plain / 100 + 64);
  }

  @ParameterizedTest
  @CsvSource({"GZIP,1,9", "LZ4,1,17", "ZSTD,1,19"})
  void aHigherLevelGivesAShorterBatch(Codec codec, int low, int high) throws Exception {
    assertTrue(leveled(codec, high).remaining() < leveled(codec, low).remaining());
    assertEquals(1000, RecordsProperties.read(Batch.of(leveled(codec, high))).size());
  }

  private static ByteBuffer leveled(Codec codec, int level) {
    BatchBuilder builder = new BatchBuilder(Numbering.at(0)).codec(codec, level);
    Random random = new Random(5);
    for (int i = 0; i < 1000; i++) {
      builder.add(record(i, "order " + random.nextInt(100) + " of customer " + i % 17));
    }
    return builder.build();
  }

  @Test
  void aCopyIsInNoTransactionAndForgetsTheHorizon() throws Exception {
    Batch source = Batch.of(KafkaBatches.transactional(7, 99, "a", "b"));
    Batch copy = Batch.of(Renumbered.copy(source, Numbering.at(1000)));
    copy.check();
    assertFalse(copy.isTransactional());
    assertEquals(-1, copy.producerId());
    Batch horizon = Resealed.batch(BatchFormat.DELETE_HORIZON_BIT, 0, new byte[0]);
    assertTrue(horizon.hasDeleteHorizon());
    assertFalse(Batch.of(Renumbered.copy(horizon, Numbering.at(0))).hasDeleteHorizon());
  }

  @Test
  void batchesOfOldClientsCannotBeSentAgain() throws Exception {
    Batch old = Batch.of(KafkaBatches.legacy((byte) 0, Codec.NONE, 1, "a"));
    BackupException e =
        assertThrows(BackupException.class, () -> Renumbered.copy(old, Numbering.at(0)));
    assertEquals(BackupException.Kind.UNSUPPORTED, e.kind());
  }

  private static List<Codec> known() {
    return List.of(Codec.NONE, Codec.GZIP, Codec.SNAPPY, Codec.LZ4, Codec.ZSTD);
  }

  private static BatchRecord record(long offset, String value) {
    byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
    return new BatchRecord(offset, 1_700_000_000_000L, null, bytes, List.of());
  }
}
