package dev.copperplate.backup;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EntryPathTest {

  @Test
  void aLeadingSlashMakesNoDifference() {
    assertEquals(EntryPath.of("a/b"), EntryPath.of("/a/b"));
    assertEquals(EntryPath.ROOT, EntryPath.of("/"));
    assertEquals(EntryPath.of("a/b"), EntryPath.of(Path.of("/a/b").toString()));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a//b", "a/", "a/./b", "..", "a/../b", "a\0b"})
  void whatCanNameNoEntryIsRefused(String path) {
    assertThrows(IllegalArgumentException.class, () -> EntryPath.of(path));
  }

  @Test
  void aDirectoryComesBeforeWhatItHoldsAndNamesAreComparedAsBytes() {
    List<EntryPath> ascending =
        List.of(
            EntryPath.ROOT,
            EntryPath.of("a"),
            EntryPath.of("a/b"),
            EntryPath.of("a."),
            EntryPath.of("b"),
            EntryPath.of("\uE000"),
            EntryPath.of("\uD83D\uDE00"));
    assertEquals(ascending, ascending.stream().sorted().toList());
  }

  @Test
  void onlyWholeNamesMakeAnAncestor() {
    assertTrue(EntryPath.of("a/b").startsWith(EntryPath.of("a")));
    assertTrue(EntryPath.of("a").startsWith(EntryPath.ROOT));
    assertFalse(EntryPath.of("ab").startsWith(EntryPath.of("a")));
  }

  @Test
  void theRootHasNoParentAndNoName() {
    assertThrows(IllegalStateException.class, EntryPath.ROOT::parent);
    assertThrows(IllegalStateException.class, EntryPath.ROOT::name);
    assertEquals(EntryPath.ROOT, EntryPath.of("a").parent());
  }
}
