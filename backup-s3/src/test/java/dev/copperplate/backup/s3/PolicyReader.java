package dev.copperplate.backup.s3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** Reads a policy as a store does, and says what it lets pass. */
final class PolicyReader {

  private final List<Map<String, Object>> statements = new ArrayList<>();

  /** What is asked of a store. */
  record Request(String action, String resource, Map<String, String> facts) {

    static Request of(String action, String resource) {
      return new Request(action, resource, Map.of());
    }

    Request with(String fact, String value) {
      Map<String, String> all = new LinkedHashMap<>(facts);
      all.put(fact, value);
      return new Request(action, resource, all);
    }
  }

  PolicyReader(String policy) {
    try (JsonParser parser = new JsonFactory().createParser(policy)) {
      parser.nextToken();
      for (Object each : (List<?>) object(parser).get("Statement")) {
        Map<String, Object> statement = new LinkedHashMap<>();
        ((Map<?, ?>) each).forEach((name, value) -> statement.put((String) name, value));
        statements.add(statement);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Object value(JsonParser parser) throws IOException {
    if (parser.currentToken() == JsonToken.START_OBJECT) {
      return object(parser);
    }
    if (parser.currentToken() == JsonToken.START_ARRAY) {
      List<Object> values = new ArrayList<>();
      while (parser.nextToken() != JsonToken.END_ARRAY) {
        values.add(value(parser));
      }
      return values;
    }
    return parser.getText();
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      if (fields.put(name, value(parser)) != null) {
        throw new IOException("Twice: " + name);
      }
    }
    return fields;
  }

  List<String> names() {
    return statements.stream().map(statement -> (String) statement.get("Sid")).toList();
  }

  List<Object> principals() {
    return statements.stream().map(statement -> statement.get("Principal")).toList();
  }

  boolean passes(Request request) {
    return matches("Allow", request) && !matches("Deny", request);
  }

  boolean matches(String effect, Request request) {
    return statements.stream()
        .filter(statement -> statement.get("Effect").equals(effect))
        .filter(statement -> any(statement.get("Action"), request.action()))
        .filter(statement -> any(statement.get("Resource"), request.resource()))
        .anyMatch(statement -> holds((Map<?, ?>) statement.get("Condition"), request));
  }

  private static boolean any(Object patterns, String value) {
    return ((List<?>) patterns).stream().anyMatch(pattern -> like((String) pattern, value));
  }

  private static boolean like(String pattern, String value) {
    String regex = "\\Q" + pattern.replace("*", "\\E.*\\Q").replace("?", "\\E.\\Q") + "\\E";
    return Pattern.compile(regex, Pattern.DOTALL).matcher(value).matches();
  }

  private static boolean holds(Map<?, ?> condition, Request request) {
    if (condition == null) {
      return true;
    }
    Map.Entry<?, ?> test = condition.entrySet().iterator().next();
    Map.Entry<?, ?> fact = ((Map<?, ?>) test.getValue()).entrySet().iterator().next();
    String asked = request.facts().get(fact.getKey());
    String wanted = (String) fact.getValue();
    if (asked == null) {
      return false;
    }
    return switch ((String) test.getKey()) {
      case "StringLike" -> like(wanted, asked);
      case "NumericGreaterThan" -> Long.parseLong(asked) > Long.parseLong(wanted);
      case "Bool" -> wanted.equals(asked);
      default -> throw new IllegalArgumentException("Unknown to this reader: " + test.getKey());
    };
  }
}
