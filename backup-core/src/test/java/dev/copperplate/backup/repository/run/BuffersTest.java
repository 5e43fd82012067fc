package dev.copperplate.backup.repository.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class BuffersTest {

  private final Buffers buffers = new Buffers(32 << 20);

  @Test
  void handsOutWhatCameBack() {
    byte[] first = buffers.take(1_000_000);
    assertNotSame(first, buffers.take(1_000_000));
    buffers.give(first);
    assertSame(first, buffers.take(600_000));
    assertNotSame(first, buffers.take(600_000));
  }

  @Test
  void anArrayIsLargeEnoughAndLessThanTwiceAsLarge() {
    for (int size = 1; size < Buffers.MOST; size = size * 2 + 1) {
      for (int each : new int[] {size - 1, size, size + 1}) {
        int length = buffers.take(each).length;
        assertTrue(length >= each, each + " got " + length);
        assertTrue(
            length < 2 * (each + Buffers.HEADER) || length <= Buffers.LEAST,
            each + " got " + length);
      }
    }
    assertEquals(Buffers.MOST + 1, buffers.take(Buffers.MOST + 1).length);
  }

  @Test
  void keepsNothingOfOtherSizes() {
    buffers.give(new byte[0]);
    buffers.give(new byte[Buffers.LEAST - 1]);
    buffers.give(new byte[Buffers.LEAST + 1]);
    buffers.give(new byte[Buffers.MOST + 1]);
    buffers.give(new byte[2 * Buffers.MOST]);
    assertEquals(0, buffers.idleBytes());
  }

  @Test
  void whatLiesIdleIsBounded() {
    List<byte[]> many = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      many.add(buffers.take(Buffers.MOST));
    }
    many.forEach(buffers::give);
    assertEquals(32 << 20, buffers.idleBytes());
    for (int i = 0; i < 4; i++) {
      buffers.take(Buffers.MOST);
    }
    assertEquals(0, buffers.idleBytes());
  }

  /** A file with large chunks must not spoil it for all that come after. */
  @Test
  void whatNobodyAsksForMakesRoom() {
    for (int i = 0; i < 4; i++) {
      buffers.give(new byte[Buffers.MOST]);
    }
    byte[] usual = buffers.take(1_000_000);
    buffers.give(usual);
    assertSame(usual, buffers.take(1_000_000));
  }
}
