package dev.copperplate.backup.repository.chunk;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ChunkerTest {
  private static final Polynomial POLYNOMIAL = Polynomial.parse("3da3358b4dc173");

  private final Chunker chunker = new Chunker(POLYNOMIAL);

  /** restic 0.18.0 backed up this content; the content ids in its tree were those of our chunks. */
  @Test
  void cutsWhereResticCuts() {
    Chunker likeRestic = new Chunker(Polynomial.parse("31b50c7f9d65ef"));

    List<byte[]> chunks = Writer.chunks(likeRestic, random(42, 30_000_000), () -> 8192);

    assertEquals(
        List.of(
            718236, 981246, 1492366, 1515950, 686579, 1547975, 1439628, 1411887, 1796656, 1337710,
            1222357, 1589032, 2444843, 7572749, 3129659, 1113127),
        Writer.sizes(chunks));
  }

  @Test
  void emptyContentHasNoChunk() {
    assertEquals(-1, chunker.scan(new byte[0], 0));
    assertEquals(List.of(), sizes(new byte[0]));
  }

  @Test
  void contentBelowTheMinimumIsOneChunk() {
    byte[] content = new byte[Chunker.MIN_SIZE - 1];

    assertEquals(-1, chunker.scan(content, content.length));
    assertEquals(List.of(content.length), sizes(content));
  }

  @Test
  void zerosAreCutAtTheMinimum() {
    assertEquals(
        List.of(Chunker.MIN_SIZE, Chunker.MIN_SIZE, 1), sizes(new byte[2 * Chunker.MIN_SIZE + 1]));
  }

  @Test
  void contentWithoutBordersIsCutAtTheMaximum() {
    byte[] content = ones(Chunker.MAX_SIZE + 1);

    assertEquals(List.of(Chunker.MAX_SIZE, 1), sizes(content));
  }

  @Test
  void aFullBufferOfTheMaximumSizeHoldsABorder() {
    byte[] content = ones(Chunker.MAX_SIZE);

    assertEquals(-1, chunker.scan(content, Chunker.MAX_SIZE - 1));
    assertEquals(Chunker.MAX_SIZE, chunker.scan(content, Chunker.MAX_SIZE));
  }

  @Test
  void theFirstOfSeveralBordersWinsInWhicheverLaneItLies() {
    for (int first = 0; first < 10_000; first += 500) {
      byte[] content = ones(Chunker.MIN_SIZE + 40_000);
      for (int window = Chunker.MIN_SIZE + first; window + 64 < content.length; window += 1_700) {
        Arrays.fill(content, window, window + 64, (byte) 0);
      }
      chunker.reset();

      assertEquals(Chunker.MIN_SIZE + first + 64, chunker.scan(content, content.length));
    }
  }

  @Test
  void askingAgainWithoutNewBytesChangesNothing() {
    byte[] content = random(1, 4_000_000);
    int border = chunker.scan(content, content.length);

    assertEquals(-1, chunker.scan(content, border - 1));
    assertEquals(-1, chunker.scan(content, border - 1));
    assertEquals(border, chunker.scan(content, border));
  }

  @Test
  void theBufferMayBeAnotherOneInEveryCall() {
    byte[] content = random(2, 4_000_000);
    int border = chunker.scan(content, content.length);

    int found = -1;
    for (int length = 0; found == -1; length += 50_000) {
      byte[] copy = Arrays.copyOf(content, length);
      found = chunker.scan(copy, length);
      Arrays.fill(copy, (byte) 0);
    }

    assertEquals(border, found);
  }

  @Test
  void resetForgetsTheCurrentChunk() {
    byte[] abandoned = ones(Chunker.MIN_SIZE + 100_000);
    byte[] content = random(3, 4_000_000);
    int border = chunker.scan(content, content.length);

    chunker.scan(abandoned, abandoned.length);
    chunker.reset();

    assertEquals(border, chunker.scan(content, content.length));
  }

  @Test
  void moreBytesThanTheBufferHoldsAreRefused() {
    assertRefused(
        "Chunk length 11: expected 0 (scanned before) to 10 (size of the buffer)",
        new byte[10],
        11);
  }

  @Test
  void aNegativeLengthIsRefused() {
    assertRefused(
        "Chunk length -1: expected 0 (scanned before) to 10 (size of the buffer)",
        new byte[10],
        -1);
  }

  @Test
  void takingBackScannedBytesIsRefused() {
    byte[] content = ones(600_000);
    chunker.scan(content, 600_000);

    assertRefused(
        "Chunk length 599999: expected 600000 (scanned before) to 600000 (size of the buffer)",
        content,
        599_999);
  }

  private void assertRefused(String message, byte[] chunk, int length) {
    Exception refusal =
        assertThrows(IllegalArgumentException.class, () -> chunker.scan(chunk, length));
    assertEquals(message, refusal.getMessage());
  }

  private List<Integer> sizes(byte[] content) {
    return Writer.sizes(Writer.chunks(chunker, content, () -> 10_000));
  }

  private static byte[] random(long seed, int size) {
    byte[] bytes = new byte[size];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  /** Content without borders. */
  private static byte[] ones(int size) {
    byte[] bytes = new byte[size];
    Arrays.fill(bytes, (byte) 1);
    return bytes;
  }
}
