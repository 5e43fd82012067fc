package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.Size;
import org.junit.jupiter.api.Test;

class QuotedNameTest {

  @Property(tries = 2000)
  void bringsBackAllBytes(@ForAll @Size(max = 60) byte[] name) {
    assertArrayEquals(name, QuotedName.decode(text(QuotedName.encode(name))));
  }

  @Property(tries = 500)
  void bringsBackAllTexts(@ForAll String name) {
    byte[] bytes = Utf8.encode(name);
    assertArrayEquals(bytes, QuotedName.decode(text(QuotedName.encode(bytes))));
  }

  @Test
  void quotesAsGoDoes() {
    assertQuoted("", "");
    assertQuoted("plain 'name'", "plain 'name'");
    assertQuoted("\\\"\\\\", "\"\\");
    assertQuoted("\\a\\b\\f\\n\\r\\t\\v", "\u0007\b\f\n\r\t\u000b");
    assertQuoted("\\x00\\x01\\x1f\\x7f", "\u0000\u0001\u001f\u007f");
    assertQuoted("\\u0085\\u00a0\\u00ad", "\u0085\u00a0\u00ad");
    assertQuoted("\\u2028\\u2029\\ue000\\ufeff\\uffff", "\u2028\u2029\ue000\ufeff\uffff");
    assertQuoted("\\U000e0001\\U0010ffff", "\udb40\udc01\udbff\udfff");
    assertQuoted("<&>\u00e9\ufffd\ud83d\ude00", "<&>\u00e9\ufffd\ud83d\ude00");
  }

  @Test
  void quotesEachBadByteOnItsOwn() {
    assertQuotedBytes("\\xff\\xfe", "fffe");
    assertQuotedBytes("a\\xe2\\x82", "61e282");
    assertQuotedBytes("a\\xe2\\x82b", "61e28262");
    assertQuotedBytes("\\xc0\\xaf\\xc1\\xbf", "c0afc1bf");
    assertQuotedBytes("\\xe0\\x9f\\xbf", "e09fbf"); // overlong
    assertQuotedBytes("\\xf0\\x8f\\xbf\\xbf", "f08fbfbf"); // overlong
    assertQuotedBytes("\\xed\\xa0\\x80", "eda080"); // surrogate
    assertQuotedBytes("\\xf4\\x90\\x80\\x80", "f4908080"); // beyond Unicode
    assertQuotedBytes("\\xf8\\x88\\x80\\x80\\x80", "f888808080");
    assertQuotedBytes("\u00e9\\xc3", "c3a9c3");
    assertQuotedBytes("\\xf0\\x9f\\x98\ud83d\ude00", "f09f98f09f9880");
  }

  @Test
  void readsWhateverGoReads() {
    assertArrayEquals(new byte[] {0, (byte) 0xff, 'A'}, QuotedName.decode("\\000\\377\\101"));
    assertArrayEquals(new byte[] {(byte) 0xab, (byte) 0xcd}, QuotedName.decode("\\xAB\\xCd"));
    assertArrayEquals(
        "\u00e9\ud83d\ude00".getBytes(StandardCharsets.UTF_8),
        QuotedName.decode("\\u00E9\\U0001F600"));
    assertArrayEquals("\r\t".getBytes(StandardCharsets.UTF_8), QuotedName.decode("\r\t"));
  }

  @Test
  void refusesWhatGoRefuses() {
    for (String wrong :
        new String[] {
          "\\",
          "a\\",
          "\\'",
          "\"",
          "a\"b",
          "\n",
          "\\x",
          "\\x1",
          "\\xg1",
          "\\u123",
          "\\ud800",
          "\\udfff",
          "\\U00110000",
          "\\UffffffFF",
          "\\U0001F60",
          "\\400",
          "\\777",
          "\\08",
          "\\18",
          "\\1",
          "\\8",
          "\\e",
          "\\?",
          "\\/",
          "\\ ",
          "\\\n",
          "\\x\u0661\u0661",
          "\\\ud83d\ude00"
        }) {
      assertThrows(IllegalArgumentException.class, () -> QuotedName.decode(wrong), wrong);
    }
  }

  private static void assertQuoted(String quoted, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
    assertEquals(quoted, text(QuotedName.encode(bytes)));
    assertArrayEquals(bytes, QuotedName.decode(quoted));
  }

  private static void assertQuotedBytes(String quoted, String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);
    assertEquals(quoted, text(QuotedName.encode(bytes)));
    assertArrayEquals(bytes, QuotedName.decode(quoted));
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
