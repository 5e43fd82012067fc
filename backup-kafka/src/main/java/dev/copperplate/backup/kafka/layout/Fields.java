package dev.copperplate.backup.kafka.layout;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of an object of JSON: texts, whole numbers, flags, objects, and lists of objects. */
final class Fields {

  private final Map<String, Object> values = new LinkedHashMap<>();

  /** Reads one whose first token is the current one. */
  static Fields read(JsonParser json) throws IOException {
    Fields fields = new Fields();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      fields.values.put(name, value(json));
    }
    return fields;
  }

  private static Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> read(json);
      case START_ARRAY -> array(json);
      case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_STRING -> json.getText();
      default -> throw new IllegalArgumentException("unexpected " + json.currentToken());
    };
  }

  private static List<Object> array(JsonParser json) throws IOException {
    List<Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(json));
    }
    return values;
  }

  String text(String name) {
    return get(name, String.class);
  }

  long number(String name) {
    return get(name, Long.class);
  }

  boolean flag(String name) {
    return get(name, Boolean.class);
  }

  List<Fields> objects(String name) {
    List<Fields> all = new ArrayList<>();
    for (Object each : get(name, List.class)) {
      if (!(each instanceof Fields object)) {
        throw new IllegalArgumentException("something else in " + name);
      }
      all.add(object);
    }
    return all;
  }

  private <T> T get(String name, Class<T> type) {
    Object value = values.get(name);
    if (!type.isInstance(value)) {
      throw new IllegalArgumentException("no " + name);
    }
    return type.cast(value);
  }
}
