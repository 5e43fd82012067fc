package dev.copperplate.backup.repository.format;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Arrays;

/**
 * Reads JSON whose form is known beforehand: nothing but that form passes, white space included,
 * and everything else is {@link OtherForm}, whatever it may mean. What passes means what {@link
 * JsonInput} would find in it. It is there because it is hardly any code for the compiler of a JVM
 * that has just begun ({@code docs/decisions/0017}). Not thread-safe.
 */
final class JsonScanner {

  /** As many digits always fit into 64 bits. */
  private static final int MAX_DIGITS = 19;

  private static final long MAX_UINT32 = 0xffff_ffffL;

  private final byte[] json;
  private int at;

  JsonScanner(byte[] json) {
    this.json = json;
  }

  /** How many bytes were read. */
  int position() {
    return at;
  }

  /** The bytes of a literal. */
  static byte[] literal(String ascii) {
    return ascii.getBytes(StandardCharsets.US_ASCII);
  }

  /** Passes over the literal if it comes next. */
  boolean take(byte[] literal) {
    int end = at + literal.length;
    if (end > json.length || !Arrays.equals(json, at, end, literal, 0, literal.length)) {
      return false;
    }
    at = end;
    return true;
  }

  /** Passes over the literal, which must come next. */
  void expect(byte[] literal) throws OtherForm {
    if (!take(literal)) {
      throw new OtherForm();
    }
  }

  /** Nothing may follow. */
  void end() throws OtherForm {
    if (at != json.length) {
      throw new OtherForm();
    }
  }

  /** A whole number below 10^19, unsigned. */
  long unsigned() throws OtherForm {
    int from = at;
    long value = 0;
    while (at < json.length && json[at] >= '0' && json[at] <= '9') {
      value = value * 10 + (json[at] - '0');
      at++;
    }
    int digits = at - from;
    if (digits == 0 || digits > MAX_DIGITS || (digits > 1 && json[from] == '0')) {
      throw new OtherForm();
    }
    return value;
  }

  long uint32() throws OtherForm {
    long value = unsigned();
    if (value < 0 || value > MAX_UINT32) {
      throw new OtherForm();
    }
    return value;
  }

  /** The UTF-8 bytes of a string without escapes. */
  byte[] text() throws OtherForm {
    quote();
    int from = at;
    boolean ascii = true;
    while (at < json.length && json[at] != '"') {
      byte each = json[at++];
      if (each == '\\' || (each >= 0 && each < ' ')) {
        throw new OtherForm();
      }
      ascii &= each >= 0;
    }
    byte[] text = Arrays.copyOfRange(json, from, at);
    quote();
    if (text.length > JsonInput.MAX_STRING || !(ascii || Utf8.isValid(text))) {
      throw new OtherForm();
    }
    return text;
  }

  /** Puts the words of an id into the array. */
  void id(long[] words) throws OtherForm {
    quote();
    int from = at;
    at += Sha256.HEX_SIZE;
    quote();
    if (!Sha256.scan(json, from, words)) {
      throw new OtherForm();
    }
  }

  Sha256 id() throws OtherForm {
    long[] words = new long[Sha256.WORDS];
    id(words);
    return new Sha256(words[0], words[1], words[2], words[3]);
  }

  Instant time() throws OtherForm {
    quote();
    int from = at;
    while (at < json.length && json[at] != '"') {
      at++;
    }
    int to = at;
    quote();
    try {
      return Timestamps.parse(json, from, to);
    } catch (IllegalArgumentException wrong) {
      throw new OtherForm();
    }
  }

  private void quote() throws OtherForm {
    if (at >= json.length || json[at] != '"') {
      throw new OtherForm();
    }
    at++;
  }

  /** It is not of the form that was expected. No error: somebody else has to read it. */
  static final class OtherForm extends Exception {

    private static final long serialVersionUID = 1;

    OtherForm() {
      super("JSON of another form", null, false, false);
    }
  }
}
