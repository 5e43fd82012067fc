package dev.copperplate.backup.postgres.basebackup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.RawName;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

/** Combination of incremental files against arrays that are patched oldest first. */
class CombinedFileProperties {

  private static final int BLOCK = Incremental.BLOCK;
  private static final BlockSource NOTHING = new MemoryBlocks("base", new byte[0]);

  @Provide
  Arbitrary<Incremental> incrementals() {
    Arbitrary<Integer> numbers = Arbitraries.integers().between(0, 20);
    return Combinators.combine(numbers, Arbitraries.maps(numbers, Arbitraries.bytes()).ofMaxSize(8))
        .as((truncation, blocks) -> new Incremental(truncation, new TreeMap<>(blocks)));
  }

  @Provide
  Arbitrary<List<Incremental>> chains() {
    return incrementals().list().ofMinSize(1).ofMaxSize(5);
  }

  @Property(tries = 300)
  void aChainCombinesToWhatPatchingOldestFirstGives(
      @ForAll("chains") List<Incremental> oldestFirst,
      @ForAll @IntRange(max = 12) int baseBlocks,
      @ForAll @IntRange(min = 1, max = 20_000) int step)
      throws IOException {
    byte[] base = base(baseBlocks);
    CombinedFile combined =
        CombinedFile.of(newestFirst(oldestFirst), new MemoryBlocks("base", base));
    Incremental newest = oldestFirst.get(oldestFirst.size() - 1);
    byte[] expected = Incremental.naive(base, oldestFirst, newest);
    assertEquals(expected.length, combined.size());
    assertArrayEquals(expected, read(combined, step));
    assertEquals(expected.length, CombinedFile.size(new MemoryBlocks("newest", newest.bytes())));
  }

  @Property
  void noBytesBreakTheReader(@ForAll("hostile") byte[] any) throws IOException {
    try {
      CombinedFile combined = CombinedFile.of(List.of(new MemoryBlocks("hostile", any)), NOTHING);
      assertTrue(combined.size() <= IncrementalFile.MOST_BLOCKS * (long) BLOCK);
    } catch (BackupException refused) {
      assertEquals(BackupException.Kind.DAMAGED, refused.kind());
    }
  }

  @Provide
  Arbitrary<byte[]> hostile() {
    Arbitrary<Integer> magic = Arbitraries.of(0xd3ae1f0d, 0);
    Arbitrary<Integer> any =
        Arbitraries.oneOf(Arbitraries.integers(), Arbitraries.integers().between(0, 3));
    return Combinators.combine(magic, any, any, any.list().ofMaxSize(4), Arbitraries.of(0, BLOCK))
        .as(
            (first, count, truncation, more, size) -> {
              ByteBuffer all = ByteBuffer.allocate(12 + 4 * more.size() + size);
              all.order(ByteOrder.LITTLE_ENDIAN).putInt(first).putInt(count).putInt(truncation);
              more.forEach(all::putInt);
              return all.array();
            });
  }

  @Example
  void headersThatCannotBeAreRefused() {
    refused(new byte[0]);
    refused(new byte[11]);
    refused(numbers(0xd3ae1f0d, -1, 0));
    refused(numbers(0xd3ae1f0d, Integer.MAX_VALUE, 0));
    refused(numbers(0xd3ae1f0d, 0, -1));
    refused(numbers(0xd3ae1f0d, 0, 131_073));
    refused(Arrays.copyOf(numbers(0xd3ae1f0d, 2, 9, 5, 5), 3 * BLOCK));
    refused(Arrays.copyOf(numbers(0xd3ae1f0d, 1, 0, 131_072), 2 * BLOCK));
    refused(Arrays.copyOf(numbers(0xd3ae1f0d, 1, 0, 1), 2 * BLOCK + 1));
  }

  @Example
  void aFileThatTurnsOutShorterIsNotFilledUp() throws IOException {
    BlockSource shorter =
        new BlockSource() {
          @Override
          public String name() {
            return "/cluster/base/1/2";
          }

          @Override
          public long size() {
            return 4 * BLOCK;
          }

          @Override
          public InputStream open(ByteRange range) {
            return InputStream.nullInputStream();
          }
        };
    Incremental newest = new Incremental(4, new TreeMap<>());
    CombinedFile combined =
        CombinedFile.of(List.of(new MemoryBlocks("newest", newest.bytes())), shorter);
    BackupException refused = assertThrows(BackupException.class, () -> read(combined, BLOCK));
    assertTrue(refused.getMessage().contains("/cluster/base/1/2"), refused.getMessage());
  }

  @Example
  void namesOfIncrementalFilesHaveThePrefixOfTheServer() {
    assertEquals(Optional.of(RawName.of("16384")), plain("INCREMENTAL.16384"));
    assertEquals(Optional.empty(), plain("INCREMENTAL."));
    assertEquals(Optional.empty(), plain("16384"));
    assertEquals(RawName.of("INCREMENTAL.7"), IncrementalFile.nameOf(RawName.of("7")));
  }

  private static Optional<RawName> plain(String name) {
    return IncrementalFile.plainName(RawName.of(name));
  }

  private static void refused(byte[] file) {
    BackupException refused =
        assertThrows(
            BackupException.class,
            () -> CombinedFile.of(List.of(new MemoryBlocks("x", file)), NOTHING));
    assertEquals(BackupException.Kind.DAMAGED, refused.kind());
  }

  private static byte[] numbers(int... numbers) {
    ByteBuffer all = ByteBuffer.allocate(4 * numbers.length).order(ByteOrder.LITTLE_ENDIAN);
    Arrays.stream(numbers).forEach(all::putInt);
    return all.array();
  }

  private static List<BlockSource> newestFirst(List<Incremental> oldestFirst) {
    List<BlockSource> files = new ArrayList<>();
    oldestFirst.forEach(each -> files.add(new MemoryBlocks("incremental", each.bytes())));
    Collections.reverse(files);
    return files;
  }

  private static byte[] base(int blocks) {
    byte[] base = new byte[blocks * BLOCK];
    for (int i = 0; i < base.length; i++) {
      base[i] = (byte) (i / BLOCK + 100);
    }
    return base;
  }

  private static byte[] read(CombinedFile combined, int step) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    byte[] piece = new byte[step];
    try (InputStream in = combined.open()) {
      for (int count = in.read(piece); count >= 0; count = in.read(piece)) {
        all.write(piece, 0, count);
      }
    }
    return all.toByteArray();
  }
}
