package dev.copperplate.backup.repository.format;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Writes compact JSON into memory, to the byte as Go's {@code encoding/json} does: its choice of
 * escapes is its own, and no general writer makes the same. Commas come by themselves. Not
 * thread-safe.
 */
public final class JsonOutput {

  private static final int FIRST_CAPACITY = 512;
  private static final String HEX = "0123456789abcdef";

  private byte[] buffer = new byte[FIRST_CAPACITY];
  private int size;

  public int size() {
    return size;
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(buffer, size);
  }

  /** What was written, where it stands inside another document. Not for secrets. */
  public String text() {
    return new String(buffer, 0, size, StandardCharsets.UTF_8);
  }

  /** Overwrites what was written, where that is secret. */
  public void wipe() {
    Arrays.fill(buffer, (byte) 0);
    size = 0;
  }

  public JsonOutput beginObject() {
    return append('{');
  }

  public JsonOutput endObject() {
    return append('}');
  }

  public JsonOutput beginArray() {
    return append('[');
  }

  public JsonOutput endArray() {
    return append(']');
  }

  public JsonOutput newline() {
    return append('\n');
  }

  /** Begins an element of an array. */
  public JsonOutput element() {
    return buffer[size - 1] == '[' ? this : append(',');
  }

  /** Begins a field of an object. The name needs no escapes. */
  public JsonOutput field(String name) {
    return separate().append('"').ascii(name).append('"').append(':');
  }

  /** Begins a field of an object whose name may be any text. */
  public JsonOutput anyField(String name) {
    return separate().string(name).append(':');
  }

  public JsonOutput bool(boolean value) {
    return ascii(value ? "true" : "false");
  }

  public JsonOutput nil() {
    return ascii("null");
  }

  public JsonOutput number(long value) {
    return ascii(Long.toString(value));
  }

  public JsonOutput unsigned(long value) {
    return ascii(Long.toUnsignedString(value));
  }

  public JsonOutput time(Instant value) {
    reserve(Timestamps.MAX_SIZE + 2);
    buffer[size++] = '"';
    size = Timestamps.write(value, buffer, size);
    buffer[size++] = '"';
    return this;
  }

  public JsonOutput id(Sha256 id) {
    return id(id.word(0), id.word(1), id.word(2), id.word(3));
  }

  public JsonOutput id(BlobIds ids, int index) {
    return id(ids.word(index, 0), ids.word(index, 1), ids.word(index, 2), ids.word(index, 3));
  }

  public JsonOutput base64(byte[] value) {
    append('"');
    byte[] encoded = Base64.getEncoder().encode(value);
    append(encoded);
    Arrays.fill(encoded, (byte) 0); // master keys go this way
    return append('"');
  }

  public JsonOutput string(String value) {
    return string(Utf8.encode(value));
  }

  /** A string of UTF-8 bytes; each byte that is none becomes {@code \ufffd}. */
  public JsonOutput string(byte[] utf8) {
    reserve(utf8.length + 2);
    append('"');
    for (int i = 0; i < utf8.length; ) {
      int codePoint = Utf8.codePoint(utf8, i);
      int width = codePoint == Utf8.INVALID ? 1 : Utf8.width(codePoint);
      if (!escape(codePoint)) {
        append(utf8, i, width);
      }
      i += width;
    }
    return append('"');
  }

  public JsonOutput strings(List<String> values) {
    beginArray();
    values.forEach(each -> element().string(each));
    return endArray();
  }

  /** A field that is left out when it is empty. */
  public JsonOutput optional(String name, String value) {
    return value.isEmpty() ? this : field(name).string(value);
  }

  /** A field that is left out when it is zero. */
  public JsonOutput optional(String name, long unsigned) {
    return unsigned == 0 ? this : field(name).unsigned(unsigned);
  }

  /** A field that is left out when there is no id. */
  public JsonOutput optional(String name, @Nullable Sha256 id) {
    return id == null ? this : field(name).id(id);
  }

  /** A field that is left out when the list is empty. */
  public JsonOutput optional(String name, List<String> values) {
    return values.isEmpty() ? this : field(name).strings(values);
  }

  private JsonOutput id(long word0, long word1, long word2, long word3) {
    reserve(Sha256.HEX_SIZE + 2);
    append('"');
    Sha256.writeHex(word0, buffer, size);
    Sha256.writeHex(word1, buffer, size + Sha256.HEX_OF_WORD);
    Sha256.writeHex(word2, buffer, size + 2 * Sha256.HEX_OF_WORD);
    Sha256.writeHex(word3, buffer, size + 3 * Sha256.HEX_OF_WORD);
    size += Sha256.HEX_SIZE;
    return append('"');
  }

  /** Writes the escape of a code point that Go does not write as it is. */
  private boolean escape(int codePoint) {
    switch (codePoint) {
      case '"' -> ascii("\\\"");
      case '\\' -> ascii("\\\\");
      case '\b' -> ascii("\\b");
      case '\f' -> ascii("\\f");
      case '\n' -> ascii("\\n");
      case '\r' -> ascii("\\r");
      case '\t' -> ascii("\\t");
      case '<', '>', '&', 0x2028, 0x2029 -> unicode(codePoint);
      case Utf8.INVALID -> unicode(0xfffd);
      default -> {
        if (codePoint >= ' ') {
          return false;
        }
        unicode(codePoint);
      }
    }
    return true;
  }

  private void unicode(int unit) {
    ascii("\\u");
    for (int shift = 12; shift >= 0; shift -= 4) {
      append(HEX.charAt(unit >> shift & 0xf));
    }
  }

  private JsonOutput separate() {
    return buffer[size - 1] == '{' ? this : append(',');
  }

  private JsonOutput ascii(String text) {
    reserve(text.length());
    for (int i = 0; i < text.length(); i++) {
      buffer[size++] = (byte) text.charAt(i);
    }
    return this;
  }

  private JsonOutput append(byte[] bytes) {
    return append(bytes, 0, bytes.length);
  }

  private JsonOutput append(byte[] bytes, int offset, int length) {
    reserve(length);
    System.arraycopy(bytes, offset, buffer, size, length);
    size += length;
    return this;
  }

  private JsonOutput append(char ascii) {
    reserve(1);
    buffer[size++] = (byte) ascii;
    return this;
  }

  private void reserve(int more) {
    if (buffer.length - size < more) {
      long wanted = Math.max((long) size + more, size * 2L);
      buffer = Arrays.copyOf(buffer, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
  }
}
