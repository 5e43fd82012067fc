package dev.copperplate.backup.postgres.dump;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.postgres.sql.SqlText;
import java.util.Locale;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class TablePatternProperties {

  @Provide
  Arbitrary<String> names() {
    Arbitrary<String> odd =
        Arbitraries.of(
            "\"", ".", "*", "?", "$", "\\", "\n", "\\E", "é", "É", "🏦", "A", "a", "'", "[", "|");
    return Arbitraries.oneOf(odd, Arbitraries.strings().withCharRange('\1', '\uD7FF').ofLength(1))
        .list()
        .ofMinSize(1)
        .ofMaxSize(12)
        .map(each -> String.join("", each));
  }

  @Property(tries = 500)
  void whatIsQuotedNamesItselfAlone(
      @ForAll("names") String schema,
      @ForAll("names") String table,
      @ForAll("names") String other) {
    TablePattern pattern = TablePattern.of(SqlText.name(schema, table));
    assertTrue(pattern.matches(schema, table));
    assertEquals(other.equals(table), pattern.matches(schema, other));
    assertEquals(other.equals(schema), pattern.matches(other, table));
  }

  @Property(tries = 500)
  void aStarStandsForAnything(@ForAll("names") String start, @ForAll("names") String rest) {
    TablePattern pattern = TablePattern.of("*." + SqlText.name(start) + "*");
    assertTrue(pattern.matches(rest, start));
    assertTrue(pattern.matches(rest, start + rest));
    assertEquals((rest + start).startsWith(start), pattern.matches(start, rest + start));
  }

  @Example
  void lettersOutsideQuotesAreSmallAsInSqlWhichKnowsThoseOfAscii() {
    assertTrue(TablePattern.of("Public.ORDERS").matches("public", "orders"));
    assertFalse(TablePattern.of("Public.ORDERS").matches("public", "ORDERS"));
    assertTrue(TablePattern.of("public.\"ORDERS\"").matches("public", "ORDERS"));
    assertTrue(TablePattern.of("public.ÉTÉ").matches("public", "ÉtÉ"));
    assertFalse(TablePattern.of("public.ÉTÉ").matches("public", "ÉTÉ".toLowerCase(Locale.ROOT)));
  }

  @Example
  void nothingElseIsSpecial() {
    assertTrue(TablePattern.of("public.a?b$[c]").matches("public", "a?b$[c]"));
    assertFalse(TablePattern.of("public.a?b").matches("public", "axb"));
    assertTrue(TablePattern.of("pub*.a\".*\"b").matches("public", "a.*b"));
  }

  @Example
  void whatIsNotTwoNamesIsRefusedWithAnExample() {
    for (String each :
        new String[] {"", "orders", ".orders", "public.", "a.b.c", "\"a\".\"b", "\"a.b\""}) {
      String message =
          assertThrows(IllegalArgumentException.class, () -> TablePattern.of(each)).getMessage();
      assertTrue(message.contains("public.orders") && message.endsWith(each), message);
    }
  }
}
