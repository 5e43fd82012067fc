package dev.copperplate.backup.repository.format;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.exc.StreamConstraintsException;
import java.io.Closeable;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Reads JSON as a stream, the way Go does where that matters: UTF-8 only, half a surrogate pair is
 * U+FFFD, {@code null} is the same as absent, unknown fields are passed over, numbers are whole.
 * JSON that is broken or beyond the bounds is a {@link FormatException}; a value of the wrong kind
 * is a {@link BadValueException}, and reading can go on behind it. Not thread-safe.
 *
 * <p>The cursor stands on a value after {@link #nextField} and {@link #nextElement}; each reading
 * method leaves it on that value's last token.
 */
public final class JsonInput implements Closeable {

  /** The most levels that a document nests; the format itself needs five. */
  public static final int MAX_DEPTH = 64;

  /** The most characters of one string. Extended attributes of macOS can be large. */
  public static final int MAX_STRING = 32 << 20;

  private static final int MAX_NAME = 4096;
  private static final int MAX_NUMBER = 100;
  private static final int MAX_UNSIGNED_DIGITS = 20;
  private static final long MAX_UINT32 = 0xffff_ffffL;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxStringLength(MAX_STRING)
                  .maxNameLength(MAX_NAME)
                  .maxNumberLength(MAX_NUMBER)
                  .build())
          .disable(JsonFactory.Feature.CHARSET_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES) // hostile names would stay for good
          .build();

  private final JsonParser parser;

  public JsonInput(byte[] json) {
    try {
      parser = FACTORY.createParser(json);
    } catch (IOException e) {
      throw new IllegalStateException("A parser of bytes in memory does no I/O", e);
    }
  }

  /** Moves to the next token, which must begin an object. */
  public void beginObject() throws FormatException {
    if (next() != JsonToken.START_OBJECT) {
      throw new FormatException("Malformed JSON: an object is expected");
    }
  }

  /**
   * Moves to the value of the next field that is not null and returns the field's name; null at the
   * object's end.
   */
  public @Nullable String nextField() throws FormatException {
    while (next() == JsonToken.FIELD_NAME) {
      String name = fieldName();
      if (next() != JsonToken.VALUE_NULL) {
        return name;
      }
    }
    return null;
  }

  /** Requires the current value to begin an array, whose elements follow. */
  public void beginArray(String field) throws BadValueException {
    require(JsonToken.START_ARRAY, field, "an array");
  }

  /** Moves to the next element of an array; false at its end. */
  public boolean nextElement() throws FormatException {
    return next() != JsonToken.END_ARRAY;
  }

  /** Nothing but white space may follow. */
  public void end() throws FormatException {
    JsonToken more;
    try {
      more = parser.nextToken();
    } catch (IOException e) {
      throw malformed(e);
    }
    if (more != null) {
      throw new FormatException("Malformed JSON: something follows its end");
    }
  }

  public boolean isObject() {
    return parser.currentToken() == JsonToken.START_OBJECT;
  }

  /** Requires the current value to begin an object. */
  public void requireObject(String field) throws BadValueException {
    require(JsonToken.START_OBJECT, field, "an object");
  }

  /** Passes over the current value with all that it holds. */
  public void skip() throws FormatException {
    try {
      parser.skipChildren();
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  /** How deep the cursor is. */
  public int depth() {
    return parser.getParsingContext().getNestingDepth();
  }

  /** Leaves whatever is open at this depth or deeper. */
  public void leave(int depth) throws FormatException {
    while (depth() >= depth) {
      next();
    }
  }

  public boolean bool(String field) throws BadValueException {
    if (parser.currentToken() == JsonToken.VALUE_TRUE) {
      return true;
    }
    require(JsonToken.VALUE_FALSE, field, "true or false");
    return false;
  }

  /** A number of 64 bits without a sign. */
  public long unsigned(String field) throws FormatException {
    require(JsonToken.VALUE_NUMBER_INT, field, "a whole number");
    try {
      String digits = parser.getText();
      if (digits.length() <= MAX_UNSIGNED_DIGITS && digits.charAt(0) != '-') {
        return Long.parseUnsignedLong(digits);
      }
    } catch (NumberFormatException e) {
      // twenty digits can be too many: the same answer as for twenty-one
    } catch (IOException e) {
      throw malformed(e);
    }
    throw new BadValueException("'" + field + "' is no number of 64 bits without a sign");
  }

  /** A number of 63 bits: what a {@code long} can say. */
  public long natural(String field) throws FormatException {
    return atMost(Long.MAX_VALUE, field);
  }

  public long uint32(String field) throws FormatException {
    return atMost(MAX_UINT32, field);
  }

  public int int31(String field) throws FormatException {
    return (int) atMost(Integer.MAX_VALUE, field);
  }

  public String string(String field) throws FormatException {
    require(JsonToken.VALUE_STRING, field, "a string");
    try {
      return Utf8.wholePairs(parser.getText());
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  public List<String> strings(String field) throws FormatException {
    List<String> values = new ArrayList<>();
    beginArray(field);
    while (nextElement()) {
      values.add(string(field));
    }
    return values;
  }

  public Sha256 id(String field) throws FormatException {
    try {
      return Sha256.parse(string(field));
    } catch (IllegalArgumentException e) {
      throw new BadValueException("'" + field + "': " + e.getMessage());
    }
  }

  /** Puts the four words of an id into the array: no object for each of a million blobs. */
  public void id(String field, long[] words) throws FormatException {
    require(JsonToken.VALUE_STRING, field, "a string");
    try {
      Sha256.parse(
          parser.getTextCharacters(), parser.getTextOffset(), parser.getTextLength(), words);
    } catch (IllegalArgumentException e) {
      throw new BadValueException("'" + field + "': " + e.getMessage());
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  public Instant time(String field) throws FormatException {
    try {
      return Timestamps.parse(string(field));
    } catch (IllegalArgumentException e) {
      throw new BadValueException("'" + field + "': " + e.getMessage());
    }
  }

  public byte[] base64(String field) throws FormatException {
    String encoded = string(field);
    try {
      if (encoded.length() % 4 == 0) { // Java would do without the padding, Go would not
        return Base64.getDecoder().decode(encoded);
      }
    } catch (IllegalArgumentException e) {
      // its message quotes what may be secret
    }
    throw new BadValueException("'" + field + "' is not base64");
  }

  /** Gives the parser's buffers back. */
  @Override
  public void close() {
    try {
      parser.close();
    } catch (IOException e) {
      throw new IllegalStateException("A parser of bytes in memory does no I/O", e);
    }
  }

  private String fieldName() throws FormatException {
    try {
      return Utf8.wholePairs(parser.currentName());
    } catch (IOException e) {
      throw malformed(e);
    }
  }

  private JsonToken next() throws FormatException {
    JsonToken token;
    try {
      token = parser.nextToken();
    } catch (IOException e) {
      throw malformed(e);
    }
    if (token == null) {
      throw new FormatException("Malformed JSON: it ends too early");
    }
    return token;
  }

  private long atMost(long most, String field) throws FormatException {
    long value = unsigned(field);
    if (Long.compareUnsigned(value, most) > 0) {
      throw new BadValueException("'" + field + "' is more than " + most);
    }
    return value;
  }

  private void require(JsonToken token, String field, String what) throws BadValueException {
    if (parser.currentToken() != token) {
      throw new BadValueException("'" + field + "' is not " + what);
    }
  }

  private FormatException malformed(IOException e) {
    long at = parser.currentLocation().getByteOffset();
    boolean tooMuch = e instanceof StreamConstraintsException;
    String what = tooMuch ? "JSON beyond the bounds" : "Malformed JSON";
    return new FormatException(what + " at byte " + at, e);
  }
}
