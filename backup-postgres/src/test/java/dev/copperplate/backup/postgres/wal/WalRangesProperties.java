package dev.copperplate.backup.postgres.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.copperplate.backup.postgres.Lsn;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Ranges of WAL against a set of single bytes. */
class WalRangesProperties {

  private static final int MOST = 64;

  @Provide
  Arbitrary<List<WalRange>> ranges() {
    Arbitrary<Integer> positions = Arbitraries.integers().between(0, MOST - 1);
    return Combinators.combine(positions, positions)
        .as((one, two) -> range(Math.min(one, two), Math.max(one, two)))
        .list()
        .ofMaxSize(8);
  }

  @Property
  void aUnionHoldsEachByteOfEachRange(@ForAll("ranges") List<WalRange> ranges) {
    assertEquals(bits(ranges), bits(WalRanges.of(ranges).ranges()));
  }

  @Property
  void twoUnionsTogetherAreTheUnionOfAll(
      @ForAll("ranges") List<WalRange> some, @ForAll("ranges") List<WalRange> others) {
    List<WalRange> all = new ArrayList<>(some);
    all.addAll(others);
    assertEquals(WalRanges.of(all), WalRanges.of(some).and(WalRanges.of(others)));
  }

  @Property
  void whatLiesBeforeAPositionIsCutThere(
      @ForAll("ranges") List<WalRange> ranges, @ForAll @IntRange(max = MOST) int end) {
    BitSet expected = bits(ranges);
    expected.clear(end, MOST + 1);
    assertEquals(expected, bits(WalRanges.of(ranges).before(new Lsn(end)).ranges()));
  }

  @Property
  void theReachIsTheFirstByteThatIsMissing(
      @ForAll("ranges") List<WalRange> ranges, @ForAll @IntRange(max = MOST) int from) {
    assertEquals(
        new Lsn(bits(ranges).nextClearBit(from)), WalRanges.of(ranges).reach(new Lsn(from)));
  }

  @Property
  void gapsAreExactlyWhatIsMissing(
      @ForAll("ranges") List<WalRange> ranges,
      @ForAll @IntRange(max = MOST) int one,
      @ForAll @IntRange(max = MOST) int two) {
    WalRange asked = range(Math.min(one, two), Math.max(one, two));
    BitSet missing = bits(List.of(asked));
    missing.andNot(bits(ranges));
    List<WalRange> gaps = WalRanges.of(ranges).gaps(asked);
    assertEquals(missing, bits(gaps));
    assertEquals(gaps.isEmpty(), WalRanges.of(ranges).hasAll(asked));
    assertEquals(gaps, WalRanges.of(gaps).ranges(), "ascending and apart");
  }

  @Example
  void rangesInTheUpperHalfAreOrderedWithoutASign() {
    WalRange low = new WalRange(new Lsn(1), new Lsn(Long.MAX_VALUE));
    WalRange high = new WalRange(new Lsn(Long.MIN_VALUE), new Lsn(-1));
    assertEquals(List.of(low, high), WalRanges.of(List.of(high, low)).ranges());
  }

  @Example
  void aRangeThatEndsBeforeItBeginsIsNone() {
    assertThrows(IllegalArgumentException.class, () -> range(2, 1));
  }

  private static WalRange range(int from, int to) {
    return new WalRange(new Lsn(from), new Lsn(to));
  }

  private static BitSet bits(List<WalRange> ranges) {
    BitSet bits = new BitSet();
    for (WalRange each : ranges) {
      bits.set((int) each.from().position(), (int) each.to().position());
    }
    return bits;
  }
}
