package dev.copperplate.backup.postgres.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.postgres.Lsn;
import java.math.BigInteger;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Assume;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Positions and names of segments, against arithmetic without a sign on big integers. */
class WalSegmentProperties {

  private static final BigInteger ALL = BigInteger.ONE.shiftLeft(64);

  @Provide
  Arbitrary<SegmentSize> sizes() {
    return Arbitraries.integers().between(20, 30).map(power -> new SegmentSize(1L << power));
  }

  @Property
  void aNameIsReadBackAsTheSameSegment(
      @ForAll("sizes") SegmentSize size,
      @ForAll @IntRange(min = 1) int timeline,
      @ForAll long position) {
    Assume.that(size.isNumber(Long.divideUnsigned(position, size.bytes())));
    WalSegment segment = size.holding(timeline, new Lsn(position));
    assertTrue(size.isName(segment.name()));
    assertEquals(segment, size.segment(segment.name()));
  }

  @Property
  void aNameIsWhatTheServerMacroComputes(
      @ForAll("sizes") SegmentSize size,
      @ForAll @IntRange(min = 1) int timeline,
      @ForAll long position) {
    BigInteger bytes = BigInteger.valueOf(size.bytes());
    BigInteger number = unsigned(position).divide(bytes);
    Assume.that(number.compareTo(ALL.divide(bytes).subtract(BigInteger.ONE)) < 0);
    BigInteger perHalf = BigInteger.ONE.shiftLeft(32).divide(bytes);
    String expected =
        String.format(
            Locale.ROOT,
            "%08X%08X%08X",
            timeline,
            number.divide(perHalf).longValueExact(),
            number.mod(perHalf).longValueExact());
    assertEquals(expected, size.holding(timeline, new Lsn(position)).name());
  }

  @Property
  void aPositionLiesInItsSegmentAtItsOffset(
      @ForAll("sizes") SegmentSize size, @ForAll long position) {
    Assume.that(size.isNumber(Long.divideUnsigned(position, size.bytes())));
    Lsn lsn = new Lsn(position);
    WalSegment segment = size.holding(1, lsn);
    assertTrue(segment.contains(lsn));
    assertEquals(lsn, segment.start().plus(segment.offset(lsn)));
    assertFalse(segment.contains(segment.end()));
  }

  @Property
  void theNextBeginsWhereThisOneEnds(@ForAll("sizes") SegmentSize size, @ForAll long position) {
    Assume.that(size.isNumber(Long.divideUnsigned(position, size.bytes()) + 1));
    WalSegment segment = size.holding(7, new Lsn(position));
    assertEquals(segment.end(), segment.next().start());
    assertTrue(segment.name().compareTo(segment.next().name()) < 0, "names ascend as positions do");
  }

  @Property
  void positionsAreOrderedAsNumbersWithoutASign(@ForAll long one, @ForAll long other) {
    int expected = unsigned(one).compareTo(unsigned(other));
    assertEquals(expected, Integer.signum(new Lsn(one).compareTo(new Lsn(other))));
    assertEquals(new Lsn(one), Lsn.parse(new Lsn(one).toString()));
  }

  @Property
  void noTextBreaksTheReader(@ForAll String text, @ForAll("sizes") SegmentSize size) {
    assertEquals(size.isName(text), isRead(size, text));
  }

  @Property
  void noDigitsBreakTheReader(@ForAll("names") String text, @ForAll("sizes") SegmentSize size) {
    assertEquals(size.isName(text), isRead(size, text));
  }

  @Provide
  Arbitrary<String> names() {
    return Arbitraries.strings().withChars("0123456789ABCDEFf.").ofMinLength(22).ofMaxLength(26);
  }

  private static boolean isRead(SegmentSize size, String text) {
    try {
      return size.segment(text).name().equals(text);
    } catch (IllegalArgumentException none) {
      return false;
    }
  }

  @Example
  void segmentsOfOtherSizesHaveOtherNumbersForTheSamePosition() {
    Lsn position = Lsn.parse("16/B374D848");
    assertEquals("0000000100000016000000B3", SegmentSize.DEFAULT.holding(1, position).name());
    assertEquals("000000010000001600000B37", new SegmentSize(1 << 20).holding(1, position).name());
    assertEquals("000000010000001600000002", new SegmentSize(1 << 30).holding(1, position).name());
    assertFalse(SegmentSize.DEFAULT.isName("000000010000001600000B37"));
  }

  @Example
  void sizesThatNoServerHasAreRefused() {
    for (long bytes : new long[] {0, 1, 1 << 19, 3 << 20, 1L << 31, -1, Long.MIN_VALUE}) {
      assertThrows(IllegalArgumentException.class, () -> new SegmentSize(bytes));
    }
  }

  @Example
  void timelineZeroIsNone() {
    assertFalse(SegmentSize.DEFAULT.isName("000000000000000000000001"));
    assertFalse(SegmentSize.DEFAULT.isName("800000000000000000000001"));
    assertFalse(SegmentSize.DEFAULT.isName("00000001FFFFFFFF000000FF"));
  }

  private static BigInteger unsigned(long value) {
    return new BigInteger(Long.toUnsignedString(value));
  }
}
