package dev.copperplate.backup.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RawName;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ScopeTest {

  @ParameterizedTest
  @CsvSource({
    "*.tmp,            a/b/x.tmp,    true",
    "*.tmp,            a/x.tmp/b,    false",
    "cache,            a/cache,      true",
    "a/cache,          a/cache,      true",
    "cache/x,          a/cache/x,    false",
    "/cache,           cache,        true",
    "/cache,           a/cache,      false",
    "**/cache/*,       a/b/cache/x,  true",
    "**/cache/*,       cache/x,      true",
    "a/**,             a/b/c,        true",
    "a/**,             a,            false",
    "a/**/z,           a/z,          true",
    "a/**/z,           a/b/c/z,      true",
    "a*z,              a/z,          false",
    "a?c,              abc,          true",
    "a?c,              aüc,          true",
    "?,                😀,            true",
    "?,                ab,           false",
    "[a-c]x,           bx,           true",
    "[!a-c]x,          bx,           false",
    "[!a-c]x,          dx,           true",
    "[]]x,             ]x,           true",
    "a.c,              abc,          false",
    "\\*,              *,            true",
    "\\*,              a,            false",
    "ü*,               üx,           true",
    "tmp/,             a/tmp,        false",
    "a**b,             axxb,         true",
  })
  void patternsMatchAsDocumented(String pattern, String path, boolean matches) {
    assertEquals(matches, Glob.of(pattern).matches(EntryPath.of(path).names(), false));
  }

  @Test
  void aTrailingSlashMeansDirectories() {
    assertTrue(Glob.of("tmp/").matches(EntryPath.of("a/tmp").names(), true));
  }

  @Test
  void namesThatAreNoTextAreMatchedByTheirBytes() {
    List<RawName> name = List.of(RawName.of(new byte[] {(byte) 0xff, '\n', 'a'}));
    assertTrue(Glob.of("*a").matches(name, false));
    assertTrue(Glob.of("??a").matches(name, false));
    assertFalse(Glob.of("*b").matches(name, false));
  }

  @Test
  void whatIsExcludedStaysOutWhateverIsIncluded() {
    Scope scope = Scope.ALL.exclude("*.log").include("keep", "*.txt");
    assertTrue(scope.holds(EntryPath.of("a.txt").names(), false));
    assertTrue(scope.holds(EntryPath.of("x/keep/b").names(), false));
    assertTrue(scope.holds(EntryPath.of("any").names(), true));
    assertFalse(scope.holds(EntryPath.of("a.jpg").names(), false));
    assertFalse(scope.holds(EntryPath.of("keep/a.log").names(), false));
    assertTrue(scope.holds(List.of(), false));
  }

  @Test
  void nonsenseIsRefused() {
    assertThrows(IllegalArgumentException.class, () -> Glob.of(""));
    assertThrows(IllegalArgumentException.class, () -> Glob.of("/"));
    assertThrows(IllegalArgumentException.class, () -> Glob.of("[ab"));
    assertThrows(IllegalArgumentException.class, () -> Glob.of("[ü]"));
  }
}
