package dev.copperplate.backup.kafka.batch;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Tuple;

/** Records of every legal form. */
final class SomeRecords {

  private static final long DECADES = 40L * 365 * 24 * 3600 * 1000;

  private SomeRecords() {}

  /** At increasing offsets, with gaps or without. */
  static Arbitrary<List<BatchRecord>> any() {
    Arbitrary<Long> first = Arbitraries.of(0L, 1L, 4_000_000_000L, Long.MAX_VALUE / 2);
    return Combinators.combine(first, record().list().ofMinSize(1).ofMaxSize(20))
        .as(SomeRecords::renumbered);
  }

  static Arbitrary<Codec> codec() {
    return Arbitraries.of(Codec.class).filter(each -> each != Codec.UNKNOWN);
  }

  /** Offsets of records are the gaps before them. */
  private static List<BatchRecord> renumbered(long first, List<BatchRecord> gaps) {
    List<BatchRecord> records = new ArrayList<>();
    long offset = first;
    for (BatchRecord each : gaps) {
      offset += each.offset();
      records.add(
          new BatchRecord(offset++, each.timestamp(), each.key(), each.value(), each.headers()));
    }
    return records;
  }

  private static Arbitrary<BatchRecord> record() {
    Arbitrary<Long> gap = Arbitraries.of(0L, 0L, 0L, 1L, 63L, 64L, 1_000_000L);
    Arbitrary<Long> time =
        Arbitraries.of(-1L, 0L, 1L, DECADES, DECADES + Integer.MAX_VALUE, Long.MAX_VALUE / 4);
    return Combinators.combine(gap, time, bytes(), bytes(), header().list().ofMaxSize(4))
        .as(BatchRecord::new);
  }

  private static Arbitrary<BatchHeader> header() {
    Arbitrary<String> name = Arbitraries.of("", "a", "a", "trace-id", "größe", "😀");
    return Combinators.combine(name, bytes())
        .as((text, value) -> new BatchHeader(text.getBytes(StandardCharsets.UTF_8), value));
  }

  private static Arbitrary<byte[]> bytes() {
    Arbitrary<byte[]> some = Arbitraries.bytes().array(byte[].class).ofMaxSize(80);
    Arbitrary<byte[]> large = Arbitraries.of(8191, 8192, 70_000).map(SomeRecords::text);
    return Arbitraries.frequencyOf(Tuple.of(10, some), Tuple.of(1, large)).injectNull(0.2);
  }

  private static byte[] text(int length) {
    return "0123456789abcdef"
        .repeat(length / 16 + 1)
        .substring(0, length)
        .getBytes(StandardCharsets.US_ASCII);
  }
}
