package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.EntryPath;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class DestroyedNamesTest {

  private final DestroyedNames names = new DestroyedNames();

  @Test
  void fewAreNamedOneByOne() {
    names.add(EntryPath.of("a/x"), false);
    names.add(EntryPath.of("b"), true);
    assertEquals(List.of("/to/a/x", "/to/b/"), names.below("/to"));
    assertTrue(names.contains(EntryPath.of("a/x")));
    assertTrue(names.contains(EntryPath.of("b/deep/inside")));
    assertFalse(names.contains(EntryPath.of("a/y")));
    assertFalse(names.contains(EntryPath.of("a")));
  }

  @Test
  void manyBecomeTheDeepestDirectoriesThatHoldThem() {
    names.add(EntryPath.of("top"), false);
    IntStream.range(0, 700).forEach(i -> names.add(EntryPath.of("a/b/c/" + i), false));
    IntStream.range(0, 700).forEach(i -> names.add(EntryPath.of("a/d/" + i), false));
    assertEquals(702, names.below("/to").size());
    assertTrue(names.below("/to").contains("/to/a/b/c/*"));
    assertTrue(names.contains(EntryPath.of("a/b/c/5")));
    assertFalse(names.contains(EntryPath.of("a/b/c")));
    assertTrue(names.below("/to").contains("/to/a/d/5"));
  }

  @Test
  void aFlatMultitudeIsEverythingInTheDestination() {
    IntStream.range(0, 5000).forEach(i -> names.add(EntryPath.of("f" + i), false));
    assertEquals(List.of("/*"), names.below("/"));
    assertEquals(List.of("/to/*"), names.below("/to"));
    assertTrue(names.contains(EntryPath.of("anything")));
  }

  @Test
  void theBoundHoldsForAnyShape() {
    for (int i = 0; i < 20_000; i++) {
      names.add(EntryPath.of(i % 7 + "/" + i % 1001 + "/" + i), i % 3 == 0);
    }
    assertTrue(names.below("/to").size() <= DestroyedNames.LIMIT);
    for (int i = 0; i < 20_000; i++) {
      assertTrue(names.contains(EntryPath.of(i % 7 + "/" + i % 1001 + "/" + i)));
    }
  }
}
