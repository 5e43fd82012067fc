package dev.copperplate.backup.kafka.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.fuzz.AnyBytes;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.apache.kafka.common.record.ControlRecordType;

/**
 * Whatever the bytes are, they are read or refused in the stated way, soon, and without more memory
 * than a decoder needs.
 */
class HostileBatchProperties {

  private static final BatchLimits LIMITS = new BatchLimits(1 << 20, 1 << 16, 1 << 18);

  /** Two blocks of LZ4, of 4 MiB at most each, whenever a batch is opened. */
  private static final long LZ4 = 8 << 20;

  /** Readers that open each batch once. */
  private static final int READERS = 4;

  private static final int MOST_BATCHES = 3;

  private static final Duration LIMIT = Duration.ofSeconds(30);

  /** A change of some bytes: some are taken out, and others put in. */
  record Change(double place, int taken, byte[] put) {

    byte[] of(byte[] bytes, int from) {
      int at = from + (int) ((bytes.length - from) * place);
      int end = Math.min(bytes.length, at + taken);
      byte[] changed = Arrays.copyOf(bytes, bytes.length - (end - at) + put.length);
      System.arraycopy(put, 0, changed, at, put.length);
      System.arraycopy(bytes, end, changed, at + put.length, bytes.length - end);
      return changed;
    }
  }

  @Property(tries = 1500)
  void changedBytesAreReadOrRefused(
      @ForAll("batches") byte[] batches, @ForAll("changes") List<Change> changes)
      throws IOException {
    assertReadOrRefused(changed(batches, changes, 0));
  }

  @Property(tries = 3000)
  void changedBytesUnderARightChecksumAreReadOrRefused(
      @ForAll("batches") byte[] batch, @ForAll("changes") List<Change> changes) throws IOException {
    byte[] changed = changed(batch, changes, BatchFormat.ATTRIBUTES);
    ByteBuffer bytes = ByteBuffer.wrap(changed);
    if (changed.length >= BatchFormat.RECORDS) {
      bytes.putInt(BatchFormat.LENGTH, changed.length - BatchFormat.OVERHEAD);
      bytes.putInt(BatchFormat.CRC, Batch.crcOf(bytes));
    }
    assertReadOrRefused(changed);
  }

  @Property(tries = 1500)
  void changedRecordsOfAnyCodecAreReadOrRefused(
      @ForAll("codecs") Codec codec, @ForAll("changes") List<Change> changes) throws IOException {
    byte[] plain = changed(Compressed.records(5, 20), changes, 0);
    byte[] stored = codec == Codec.NONE ? plain : Compressed.by(codec, plain);
    assertReadOrRefused(Resealed.batch(codec, 5, stored).bytes().array());
  }

  private static byte[] changed(byte[] bytes, List<Change> changes, int from) {
    byte[] changed = bytes;
    for (Change each : changes) {
      changed = each.of(changed, Math.min(from, changed.length));
    }
    return changed;
  }

  private static void assertReadOrRefused(byte[] bytes) throws IOException {
    long most =
        AnyBytes.FIXED + MOST_BATCHES * READERS * LZ4 + 16 * AnyBytes.PER_BYTE * bytes.length;
    assertTimeoutPreemptively(
        LIMIT, () -> AnyBytes.read(bytes, most, HostileBatchProperties::read));
  }

  private static int read(byte[] bytes) throws IOException {
    return all(cursor(Batches.of(ByteBuffer.wrap(bytes))))
        + all(cursor(new StoredBatches(new ByteArrayInputStream(bytes), LIMITS)));
  }

  @FunctionalInterface
  private interface Cursor {
    Batch next() throws IOException;
  }

  private static Cursor cursor(Batches batches) {
    return batches::next;
  }

  private static Cursor cursor(StoredBatches batches) {
    return batches::next;
  }

  private static int all(Cursor batches) throws IOException {
    Transactions transactions = new Transactions(each -> {});
    int count = 0;
    try {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        inEveryWay(batch, transactions);
        count++;
      }
    } catch (BackupException e) {
      assertStated(e);
    }
    return count;
  }

  private static void inEveryWay(Batch batch, Transactions transactions) throws IOException {
    refusable(batch::check);
    refusable(() -> records(batch));
    refusable(() -> transactions.accept(batch));
    refusable(() -> assertCopied(batch));
  }

  private static void records(Batch batch) throws IOException {
    long next = batch.baseOffset();
    try (Records records = Records.of(batch, LIMITS)) {
      for (BatchRecord record = records.next(); record != null; record = records.next()) {
        assertTrue(record.offset() >= next && record.offset() < batch.nextOffset());
        next = record.offset() + 1;
      }
    }
  }

  private static void assertCopied(Batch batch) throws IOException {
    Batch copy = Batch.of(Renumbered.copy(batch, Numbering.at(1)));
    assertEquals(batch.records(), copy.records());
  }

  @FunctionalInterface
  private interface Reader {
    void read() throws IOException;
  }

  private static void refusable(Reader reader) throws IOException {
    try {
      reader.read();
    } catch (BackupException e) {
      assertStated(e);
    }
  }

  private static void assertStated(BackupException e) {
    boolean stated =
        e.kind() == BackupException.Kind.DAMAGED || e.kind() == BackupException.Kind.UNSUPPORTED;
    assertTrue(stated && e.getMessage().matches("(?s).*(offset|byte).*"), e::toString);
  }

  @Provide
  Arbitrary<List<Change>> changes() {
    Arbitrary<byte[]> put =
        Arbitraries.oneOf(
            Arbitraries.bytes().array(byte[].class).ofMaxSize(12),
            Arbitraries.of(new byte[] {0}, new byte[] {-1}, new byte[] {-1, -1, -1, -1, 7}));
    Arbitrary<Integer> taken = Arbitraries.of(0, 1, 1, 1, 2, 4, 5, 200);
    return Combinators.combine(Arbitraries.doubles().between(0, 1), taken, put)
        .as(Change::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(4);
  }

  @Provide
  Arbitrary<byte[]> batches() {
    return Arbitraries.oneOf(
            SomeRecords.codec().map(codec -> KafkaBatches.values(codec, 100, "a", "b".repeat(300))),
            SomeRecords.codec().map(HostileBatchProperties::several),
            Arbitraries.of(ControlRecordType.ABORT, ControlRecordType.COMMIT)
                .map(type -> KafkaBatches.marker(5, 99, type, 1)),
            Arbitraries.of((byte) 0, (byte) 1)
                .map(magic -> KafkaBatches.legacy(magic, Codec.GZIP, 3, "a", "b")))
        .map(bytes -> BatchTest.copy(bytes).array());
  }

  private static ByteBuffer several(Codec codec) {
    return KafkaBatches.joined(
        KafkaBatches.transactional(0, 99, "a", "b"),
        KafkaBatches.values(codec, 2, "c", "d"),
        KafkaBatches.marker(4, 99, ControlRecordType.ABORT, 1));
  }

  @Provide
  Arbitrary<Codec> codecs() {
    return SomeRecords.codec();
  }
}
