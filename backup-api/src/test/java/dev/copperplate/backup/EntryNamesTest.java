package dev.copperplate.backup;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class EntryNamesTest {

  private static final EntryPath PARENT = EntryPath.of("objects");

  @Property(tries = 2000)
  void everyNameComesBack(@ForAll("names") byte[] name) {
    assertArrayEquals(name, EntryNames.name(PARENT, EntryNames.resolve(PARENT, name)));
  }

  @Property(tries = 2000)
  void everyLevelFitsIntoAFileSystem(@ForAll("names") byte[] name) {
    for (RawName level : EntryNames.resolve(PARENT, name).names()) {
      assertTrue(level.length() <= 255, () -> level + " has " + level.length() + " bytes");
    }
  }

  @Property(tries = 2000)
  void differentNamesGetPathsOfWhichNoneHoldsTheOther(
      @ForAll("names") byte[] one, @ForAll("names") byte[] other) {
    EntryPath first = EntryNames.resolve(PARENT, one);
    EntryPath second = EntryNames.resolve(PARENT, other);
    boolean same = Arrays.equals(one, other);
    assertEquals(same, first.startsWith(second) || second.startsWith(first));
  }

  @ParameterizedTest
  @CsvSource({
    "orders,orders",
    "a/b,a%2Fb",
    "100%,100%25",
    ".,%2E",
    "..,%2E%2E",
    ".backup,%2Ebackup",
    ".backups,.backups",
    "größe,größe",
    "'',%%"
  })
  void theRuleIsAsDocumented(String name, String entry) {
    EntryPath path = EntryNames.resolve(PARENT, name.getBytes(StandardCharsets.UTF_8));
    assertEquals(PARENT.child(entry), path);
  }

  @Test
  void bytesThatAreNoTextAreEscaped() {
    byte[] name = {'a', (byte) 0xff, 0, '\n', 0x7f};
    assertEquals(PARENT.child("a%FF%00%0A%7F"), EntryNames.resolve(PARENT, name));
  }

  @Test
  void whatIsTooLongBecomesLevelsThatEndInAPercentSign() {
    byte[] name = "x".repeat(600).getBytes(StandardCharsets.UTF_8);
    EntryPath path = EntryNames.resolve(PARENT, name);
    assertEquals(4, path.names().size());
    assertTrue(path.names().get(1).toString().endsWith("x%"));
    assertFalse(path.name().toString().endsWith("%"));
  }

  /** Cut where a level is full, this name ends in one that no file system takes. */
  @Test
  void theDotsOfALastLevelAreEscaped() {
    String full = "x".repeat(254);
    byte[] name = (full + "..").getBytes(StandardCharsets.UTF_8);
    EntryPath path = EntryNames.resolve(PARENT, name);
    assertEquals(PARENT.child(full + "%").child("%2E%2E"), path);
    assertArrayEquals(name, EntryNames.name(PARENT, path));
  }

  @Test
  void aPathThatNoNameHasIsRefused() {
    for (String entry : new String[] {"a%2fb", "%41", "a%", "a%G0", "a/b"}) {
      EntryPath path = EntryPath.of("objects/" + entry);
      assertThrows(IllegalArgumentException.class, () -> EntryNames.name(PARENT, path), entry);
    }
    assertThrows(IllegalArgumentException.class, () -> EntryNames.name(PARENT, PARENT));
  }

  @Provide
  Arbitrary<byte[]> names() {
    Arbitrary<byte[]> raw = Arbitraries.bytes().array(byte[].class).ofMaxSize(900);
    Arbitrary<byte[]> text =
        Arbitraries.strings()
            .withChars("a.%/ä€\uD83D\uDE00")
            .ofMaxLength(400)
            .map(each -> each.getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> dots =
        Arbitraries.integers()
            .between(250, 520)
            .map(length -> ".".repeat(length).getBytes(StandardCharsets.UTF_8));
    Arbitrary<byte[]> special =
        Arbitraries.of("", ".", "..", ".backup", "%", "%%", "%2E", "a/b", "a")
            .map(each -> each.getBytes(StandardCharsets.UTF_8));
    return Arbitraries.oneOf(raw, text, dots, special);
  }
}
