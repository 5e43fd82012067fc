package dev.copperplate.backup.kafka.cluster;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.StreamWriteFeature;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * An object of JSON on a line, its fields in the order of their names. Values are texts, flags,
 * numbers, nulls, lists, and such objects again. Fields that nobody asks for are passed over.
 */
final class Line {

  /** Far above what a group or a topic of the largest clusters has. */
  private static final int MAX_VALUES = 4_000_000;

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(6)
                  .maxStringLength(1 << 20)
                  .maxNameLength(1 << 15)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .disable(StreamWriteFeature.AUTO_CLOSE_TARGET)
          .build();

  private final SortedMap<String, @Nullable Object> values = new TreeMap<>();

  /** Adds a field: a text, a flag, a {@code long}, a {@code double}, a list, a line, or null. */
  Line with(String name, @Nullable Object value) {
    values.put(name, value);
    return this;
  }

  /** Adds a field of texts by their names. */
  Line with(String name, Map<String, ? extends @Nullable Object> fields) {
    Line line = new Line();
    fields.forEach(line::with);
    return with(name, line);
  }

  /** The next ones of a stream, which the parser closes. */
  static JsonParser parser(InputStream in) throws IOException {
    return FACTORY.createParser(in);
  }

  /**
   * Reads the next one.
   *
   * @return null at the end
   * @throws IllegalArgumentException if something else comes
   */
  static @Nullable Line next(JsonParser json) throws IOException {
    try {
      JsonToken token = json.nextToken();
      if (token == null) {
        return null;
      }
      if (token != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("no object");
      }
      return object(json, new int[] {MAX_VALUES});
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("no JSON"); // its message would quote the text
    }
  }

  private static Line object(JsonParser json, int[] left) throws IOException {
    Line line = new Line();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      line.with(name, value(json, left));
    }
    return line;
  }

  private static @Nullable Object value(JsonParser json, int[] left) throws IOException {
    if (--left[0] < 0) {
      throw new IllegalArgumentException("too much on a line");
    }
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json, left);
      case START_ARRAY -> array(json, left);
      case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
      case VALUE_STRING -> json.getText();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_NUMBER_FLOAT -> json.getDoubleValue();
      case VALUE_NULL -> null;
      default -> throw new IllegalArgumentException("no value");
    };
  }

  private static List<@Nullable Object> array(JsonParser json, int[] left) throws IOException {
    List<@Nullable Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(json, left));
    }
    return values;
  }

  private <T> T get(String name, Class<T> type) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException("no " + name);
    }
    return type.cast(value);
  }

  /** The names of its fields. */
  Iterable<String> names() {
    return values.keySet();
  }

  boolean isNull(String name) {
    return values.get(name) == null;
  }

  String text(String name) {
    return get(name, String.class);
  }

  boolean flag(String name) {
    return get(name, Boolean.class);
  }

  long number(String name) {
    return get(name, Long.class);
  }

  /** A number that has to fit. */
  int integer(String name) {
    long number = number(name);
    if (number != (int) number) {
      throw new IllegalArgumentException(name + " is out of range");
    }
    return (int) number;
  }

  /** A number with or without a fraction; what is no number of JSON stands as a text. */
  double real(String name) {
    Object value = values.get(name);
    return value instanceof Long number
        ? number.doubleValue()
        : value instanceof String text ? Double.parseDouble(text) : get(name, Double.class);
  }

  Line line(String name) {
    return get(name, Line.class);
  }

  List<Line> lines(String name) {
    return all(name, Line.class);
  }

  List<Integer> integers(String name) {
    return all(name, Long.class).stream().map(Math::toIntExact).toList();
  }

  private <T> List<T> all(String name, Class<T> type) {
    List<T> all = new ArrayList<>();
    for (Object each : get(name, List.class)) {
      if (!type.isInstance(each)) {
        throw new IllegalArgumentException("something else in " + name);
      }
      all.add(type.cast(each));
    }
    return all;
  }

  /** Writes it with the end of the line. */
  void writeTo(OutputStream out) throws IOException {
    try (JsonGenerator json = FACTORY.createGenerator(out)) {
      write(json);
    }
    out.write('\n');
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, @Nullable Object> each : values.entrySet()) {
      json.writeFieldName(each.getKey());
      write(json, each.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, @Nullable Object value) throws IOException {
    if (value == null) {
      json.writeNull();
    } else if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object each : list) {
        write(json, each);
      }
      json.writeEndArray();
    } else if (value instanceof Line line) {
      line.write(json);
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else if (value instanceof Double real) {
      json.writeNumber(real);
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else {
      json.writeString(value.toString());
    }
  }
}
