package dev.copperplate.backup.repository.chunk;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntSupplier;
import java.util.stream.IntStream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.RandomDistribution;
import net.jqwik.api.ShrinkingMode;

class ChunkerPropertyTest {
  private static final int KIB = 1 << 10;

  @Property(tries = 100, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void bordersAreThoseOfTheSpecificationHoweverTheContentArrives(
      @ForAll("polynomials") String polynomial,
      @ForAll("contents") List<Run> runs,
      @ForAll("appendSizes") List<Integer> appendSizes) {
    byte[] content = join(runs);

    List<byte[]> chunks = cut(polynomial, content, inTurn(appendSizes));

    assertEquals(new ReferenceChunker(polynomial).sizes(content), Writer.sizes(chunks));
  }

  @Property(tries = 10, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void oneByteAtATimeGivesTheChunksOfAllAtOnce(
      @ForAll("polynomials") String polynomial, @ForAll("contents") List<Run> runs) {
    byte[] content = join(runs);

    List<byte[]> oneByOne = cut(polynomial, content, () -> 1);
    List<byte[]> allAtOnce = cut(polynomial, content, () -> content.length);

    assertEquals(Writer.sizes(allAtOnce), Writer.sizes(oneByOne));
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void joinedChunksAreTheContent(
      @ForAll("polynomials") String polynomial,
      @ForAll("contents") List<Run> runs,
      @ForAll("appendSizes") List<Integer> appendSizes) {
    byte[] content = join(runs);
    ByteArrayOutputStream joined = new ByteArrayOutputStream(content.length);

    cut(polynomial, content, inTurn(appendSizes)).forEach(joined::writeBytes);

    assertArrayEquals(content, joined.toByteArray());
  }

  @Property(tries = 20, edgeCases = EdgeCasesMode.NONE, shrinking = ShrinkingMode.OFF)
  void everyChunkButTheLastHasMinimumToMaximumSize(
      @ForAll("polynomials") String polynomial,
      @ForAll("contents") List<Run> runs,
      @ForAll("appendSizes") List<Integer> appendSizes) {
    List<Integer> sizes = Writer.sizes(cut(polynomial, join(runs), inTurn(appendSizes)));

    for (int i = 0; i < sizes.size(); i++) {
      boolean last = i == sizes.size() - 1;
      assertTrue(sizes.get(i) >= (last ? 1 : Chunker.MIN_SIZE), sizes::toString);
      assertTrue(sizes.get(i) <= Chunker.MAX_SIZE, sizes::toString);
    }
  }

  private static List<byte[]> cut(String polynomial, byte[] content, IntSupplier appendSizes) {
    return Writer.chunks(new Chunker(Polynomial.parse(polynomial)), content, appendSizes);
  }

  private static IntSupplier inTurn(List<Integer> sizes) {
    return IntStream.iterate(0, i -> (i + 1) % sizes.size()).map(sizes::get).iterator()::nextInt;
  }

  @Provide
  Arbitrary<String> polynomials() {
    return Arbitraries.of(
        "3da3358b4dc173", "2482734cacca49", "27f31c4cbd87ad", "227bddab1031d1", "3e5dc919f9919d");
  }

  @Provide
  Arbitrary<List<Integer>> appendSizes() {
    Arbitrary<Integer> sizes =
        Arbitraries.oneOf(
            between(1, 100),
            between(101, 64 * KIB),
            between(64 * KIB, 10_000 * KIB),
            Arbitraries.of(4 * KIB, 8 * KIB, Chunker.MIN_SIZE, Chunker.MAX_SIZE));
    return sizes.list().ofMinSize(1).ofMaxSize(6);
  }

  @Provide
  Arbitrary<List<Run>> contents() {
    Arbitrary<Integer> sizes =
        Arbitraries.oneOf(
            between(0, KIB),
            between(0, 2_000 * KIB),
            between(0, 2_000 * KIB),
            between(0, 10_000 * KIB));
    return Combinators.combine(Arbitraries.of(Texture.values()), Arbitraries.longs(), sizes)
        .as(Run::new)
        .list()
        .ofMinSize(1)
        .ofMaxSize(5)
        .withSizeDistribution(RandomDistribution.uniform());
  }

  // Left to itself, jqwik prefers small numbers and short lists, and so contents of one chunk.
  private static Arbitrary<Integer> between(int least, int greatest) {
    return Arbitraries.integers()
        .between(least, greatest)
        .withDistribution(RandomDistribution.uniform());
  }

  private static byte[] join(List<Run> runs) {
    byte[] content = new byte[runs.stream().mapToInt(Run::size).sum()];
    int from = 0;
    for (Run run : runs) {
      run.fill(content, from);
      from += run.size();
    }
    return content;
  }

  /** A stretch of content of one kind. */
  record Run(Texture texture, long seed, int size) {
    void fill(byte[] content, int from) {
      Random random = new Random(seed);
      byte[] bytes = new byte[size];
      texture.fill(bytes, random);
      System.arraycopy(bytes, 0, content, from, size);
    }
  }

  enum Texture {
    ZEROS {
      @Override
      void fill(byte[] bytes, Random random) {}
    },
    /** No borders but at the maximum size, unless the byte is 0. */
    ONE_BYTE {
      @Override
      void fill(byte[] bytes, Random random) {
        Arrays.fill(bytes, (byte) random.nextInt());
      }
    },
    RANDOM {
      @Override
      void fill(byte[] bytes, Random random) {
        random.nextBytes(bytes);
      }
    },
    /** A window of zeros is a border anywhere: several of them meet in neighbouring lanes. */
    MANY_BORDERS {
      @Override
      void fill(byte[] bytes, Random random) {
        random.nextBytes(bytes);
        int distance = 1 + random.nextInt(16 * KIB);
        for (int at = random.nextInt(distance); at + 64 <= bytes.length; ) {
          Arrays.fill(bytes, at, at + 64, (byte) 0);
          at += 64 + random.nextInt(distance);
        }
      }
    };

    abstract void fill(byte[] bytes, Random random);
  }
}
