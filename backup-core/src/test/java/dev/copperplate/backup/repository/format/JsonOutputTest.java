package dev.copperplate.backup.repository.format;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;

class JsonOutputTest {

  @Test
  void escapesAsGoDoes() {
    assertWritten("\"\\\"\\\\/'\"", "\"\\/'");
    assertWritten("\"\\b\\f\\n\\r\\t\"", "\b\f\n\r\t");
    assertWritten("\"\\u0000\\u0001\\u000b\\u001f\u007f\"", "\u0000\u0001\u000b\u001f\u007f");
    assertWritten("\"\\u003c\\u0026\\u003e\"", "<&>");
    assertWritten("\"\\u2028\\u2029\u2027\u00a0\"", "\u2028\u2029\u2027\u00a0");
    assertWritten("\"\u00e9\ufffd\ud83d\ude00\"", "\u00e9\ufffd\ud83d\ude00");
  }

  @Test
  void writesOneReplacementForEachBadByte() {
    byte[] bytes = HexFormat.of().parseHex("61ffe282eda08062");
    String json = text(new JsonOutput().string(bytes));
    assertEquals("\"a" + "\\ufffd".repeat(6) + "b\"", json);
    assertWritten(
        "\"a\ufffdb\"", "a\ud800b"); // as text, it is one character that Go would not have
  }

  @Test
  void setsCommasByItself() {
    JsonOutput out = new JsonOutput().beginObject();
    out.field("a").beginArray().element().number(-1).element().unsigned(-1).endArray();
    out.field("b").beginObject().endObject();
    out.field("c").beginArray().element().beginObject().field("d").nil().endObject();
    out.element().bool(true).endArray().endObject();
    assertEquals("{\"a\":[-1,18446744073709551615],\"b\":{},\"c\":[{\"d\":null},true]}", text(out));
  }

  @Test
  void isNotConfusedByStringsThatEndLikeABeginning() {
    JsonOutput out = new JsonOutput().beginObject();
    out.field("a").string("{").field("b").strings(List.of("[", "")).endObject();
    assertEquals("{\"a\":\"{\",\"b\":[\"[\",\"\"]}", text(out));
  }

  @Test
  void leavesOutWhatIsEmpty() {
    JsonOutput out = new JsonOutput().beginObject();
    out.optional("a", "").optional("b", 0).optional("c", List.of());
    out.optional("d", (Sha256) null).optional("e", Long.MIN_VALUE).endObject();
    assertEquals("{\"e\":9223372036854775808}", text(out));
  }

  @Property(tries = 300)
  void isReadBack(@ForAll String text) throws Exception {
    byte[] json = new JsonOutput().beginObject().field("x").string(text).endObject().toByteArray();
    try (JsonInput in = new JsonInput(json)) {
      in.beginObject();
      assertEquals("x", in.nextField());
      String sound = new String(Utf8.encode(text), StandardCharsets.UTF_8);
      assertEquals(sound, in.string("x"));
    }
  }

  private static void assertWritten(String json, String value) {
    assertEquals(json, text(new JsonOutput().string(value)));
  }

  private static String text(JsonOutput out) {
    return new String(out.toByteArray(), StandardCharsets.UTF_8);
  }
}
