package dev.copperplate.backup.kafka.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import org.apache.kafka.common.message.LeaderChangeMessage;
import org.apache.kafka.common.record.ControlRecordType;
import org.apache.kafka.common.record.MemoryRecords;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TransactionsTest {

  private static final int CONTROL = BatchFormat.CONTROL_BIT | BatchFormat.TRANSACTIONAL_BIT;

  private final List<AbortedTransaction> aborted = new ArrayList<>();

  @ParameterizedTest
  @CsvSource({"ABORT", "COMMIT"})
  void aMarkerSaysHowItsTransactionEndedAndByWhichCoordinator(ControlRecordType type)
      throws Exception {
    Batch batch = Batch.of(KafkaBatches.marker(12, 99, type, 7));
    assertEquals(
        new ControlMarker(ControlMarker.Type.valueOf(type.name()), type.type(), 7),
        ControlMarker.of(batch));
  }

  @Test
  void otherControlRecordsEndNoTransaction() throws Exception {
    ByteBuffer bytes =
        MemoryRecords.withLeaderChangeMessage(
                3, 1000, 5, ByteBuffer.allocate(1024), new LeaderChangeMessage().setLeaderId(1))
            .buffer();
    Batch batch = Batch.of(bytes);
    assertEquals(new ControlMarker(ControlMarker.Type.OTHER, 2, -1), ControlMarker.of(batch));
    Transactions transactions = new Transactions(List.of(new OpenTransaction(-1, 1)), aborted::add);
    transactions.accept(batch);
    assertEquals(1, transactions.open().size());
  }

  @Test
  void interleavedTransactionsAreToldApart() throws Exception {
    Transactions transactions = new Transactions(aborted::add);
    feed(
        transactions,
        KafkaBatches.transactional(0, 1, "a"),
        KafkaBatches.transactional(1, 2, "b"),
        KafkaBatches.values(Codec.NONE, 2, "none"),
        KafkaBatches.transactional(3, 1, "c"),
        KafkaBatches.marker(4, 1, ControlRecordType.ABORT, 0),
        KafkaBatches.transactional(5, 1, "d"),
        KafkaBatches.transactional(6, 3, "e"),
        KafkaBatches.marker(7, 1, ControlRecordType.ABORT, 0),
        KafkaBatches.marker(8, 2, ControlRecordType.COMMIT, 0));
    assertEquals(
        List.of(new AbortedTransaction(1, 0, 4), new AbortedTransaction(1, 5, 7)), aborted);
    assertEquals(List.of(new OpenTransaction(3, 6)), transactions.open());
  }

  @Test
  void aTransactionThatBeganBeforeTheFirstBatchIsKnownFromTheSeeds() throws Exception {
    Transactions transactions =
        new Transactions(
            List.of(new OpenTransaction(1, 3), new OpenTransaction(2, 4)), aborted::add);
    feed(
        transactions,
        KafkaBatches.transactional(50, 1, "a"),
        KafkaBatches.marker(51, 1, ControlRecordType.ABORT, 0),
        KafkaBatches.marker(52, 2, ControlRecordType.ABORT, 0));
    assertEquals(
        List.of(new AbortedTransaction(1, 3, 51), new AbortedTransaction(2, 4, 52)), aborted);
  }

  @Test
  void aMarkerOfAProducerThatWroteNothingIsNoAbortedTransaction() throws Exception {
    feed(new Transactions(aborted::add), KafkaBatches.marker(4, 1, ControlRecordType.ABORT, 0));
    assertEquals(List.of(), aborted);
  }

  @Test
  void aMarkerThatCompactionTookEndsItsTransactionSilently() throws Exception {
    Batch emptied = Resealed.batch(CONTROL, 0, new byte[0]);
    assertNull(ControlMarker.of(emptied));
    Transactions transactions = new Transactions(List.of(new OpenTransaction(-1, 1)), aborted::add);
    transactions.accept(emptied);
    assertEquals(List.of(), transactions.open());
    assertEquals(List.of(), aborted);
  }

  @ParameterizedTest
  @CsvSource({
    "000000010100, the key of its control record is none",
    "0000000400000100, the key of its control record is none",
    "00000008ffff00000100, the key of its control record is none",
    "00000008000000010100, the value of its control record is none",
    "0000000800000001080000000000, its marker has a value of 4 bytes",
  })
  void aMarkerThatIsNoneIsDamage(String body, String said) throws Exception {
    byte[] bytes = HexFormat.of().parseHex(body);
    Batch batch = Resealed.batch(CONTROL, 1, Compressed.record(bytes));
    BackupException e = assertThrows(BackupException.class, () -> ControlMarker.of(batch));
    assertEquals(BackupException.Kind.DAMAGED, e.kind());
    assertTrue(e.getMessage().contains(said), e.getMessage());
  }

  private static void feed(Transactions transactions, ByteBuffer... batches) throws IOException {
    for (ByteBuffer each : batches) {
      transactions.accept(Batch.of(each));
    }
  }
}
