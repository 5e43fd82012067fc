package dev.copperplate.backup.postgres.slots;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.copperplate.backup.postgres.Lsn;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object of JSON on a line, made of texts, flags and lists of texts or of such objects. Fields
 * that nobody asks for are passed over.
 */
final class Line {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(1 << 20)
                  .maxNameLength(64)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Adds a field: a text, a flag, a position, a constant, or a list. */
  Line with(String name, Object value) {
    values.put(name, value);
    return this;
  }

  /**
   * Reads one.
   *
   * @throws IllegalArgumentException if it is none
   */
  static Line parse(String text) throws IOException {
    try (JsonParser json = FACTORY.createParser(text)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("no object");
      }
      return object(json);
    } catch (JsonProcessingException malformed) {
      throw new IllegalArgumentException("no JSON"); // its message would quote the text
    }
  }

  private static Line object(JsonParser json) throws IOException {
    Line line = new Line();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      line.with(name, value(json));
    }
    return line;
  }

  private static Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> array(json);
      case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
      case VALUE_STRING -> json.getText();
      default -> throw new IllegalArgumentException("neither text, flag nor list");
    };
  }

  private static List<Object> array(JsonParser json) throws IOException {
    List<Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(json));
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

  String text(String name) {
    return get(name, String.class);
  }

  boolean flag(String name) {
    return get(name, Boolean.class);
  }

  Lsn lsn(String name) {
    return Lsn.parse(text(name));
  }

  <T extends Enum<T>> T value(String name, Class<T> type) {
    return Enum.valueOf(type, text(name));
  }

  List<String> texts(String name) {
    return all(name, String.class);
  }

  List<Line> lines(String name) {
    return all(name, Line.class);
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

  /** The JSON, without an end of the line. */
  String toJson() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(text)) {
      write(json);
    }
    return text.toString();
  }

  private void write(JsonGenerator json) throws IOException {
    json.writeStartObject();
    for (Map.Entry<String, Object> each : values.entrySet()) {
      json.writeFieldName(each.getKey());
      write(json, each.getValue());
    }
    json.writeEndObject();
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof List<?> list) {
      json.writeStartArray();
      for (Object each : list) {
        write(json, each);
      }
      json.writeEndArray();
    } else if (value instanceof Line line) {
      line.write(json);
    } else if (value instanceof Boolean flag) {
      json.writeBoolean(flag);
    } else {
      json.writeString(value.toString());
    }
  }
}
