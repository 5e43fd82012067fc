package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class BlobIdsTest {

  @Test
  void keepsIdsInOrder() {
    BlobIds.Builder builder = new BlobIds.Builder();
    for (int i = 0; i < 1000; i++) {
      builder.add(id(i));
      assertEquals(i + 1, builder.size());
    }
    BlobIds ids = builder.build();
    assertEquals(1000, ids.size());
    for (int i = 0; i < 1000; i++) {
      assertEquals(id(i), ids.get(i));
      assertEquals(id(i).word(2), ids.word(i, 2));
    }
  }

  @Test
  void staysAsItIsWhenItsBuilderGoesOn() {
    BlobIds.Builder builder = new BlobIds.Builder().add(id(1));
    BlobIds first = builder.build();
    builder.add(id(2));
    assertEquals(BlobIds.of(id(1)), first);
    assertEquals(BlobIds.of(id(1), id(2)), builder.build());
    assertNotEquals(first, builder.build());
    assertEquals(BlobIds.of(id(1)).hashCode(), first.hashCode());
  }

  @Test
  void nothingIsNothing() {
    assertSame(BlobIds.NONE, new BlobIds.Builder().build());
    assertTrue(BlobIds.of().isEmpty());
    assertFalse(BlobIds.of(id(1)).isEmpty());
    assertThrows(IndexOutOfBoundsException.class, () -> BlobIds.NONE.get(0));
    assertThrows(IndexOutOfBoundsException.class, () -> BlobIds.of(id(1)).word(0, 4));
    assertThrows(IndexOutOfBoundsException.class, () -> BlobIds.of(id(1), id(2)).get(-1));
  }

  private static Sha256 id(int i) {
    return Sha256.hash(new byte[] {(byte) i, (byte) (i >> 8)});
  }
}
