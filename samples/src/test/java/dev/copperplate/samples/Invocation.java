package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of a sample in this process.
 *
 * @param exitCode how it ended
 * @param out its standard output
 * @param err its standard error
 */
record Invocation(ExitCode exitCode, String out, String err) {

  static Invocation of(Program program, String... arguments) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Output output = new Output(stream(out), stream(err), false);
    ExitCode exitCode = program.run(output, arguments);
    return new Invocation(
        exitCode, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }

  private static PrintStream stream(ByteArrayOutputStream bytes) {
    return new PrintStream(bytes, true, StandardCharsets.UTF_8);
  }

  /** Fails unless it ended so. */
  Invocation ending(ExitCode expected) {
    assertEquals(expected, exitCode, this::toString);
    assertFalse(err.contains("\tat "), () -> "No stack trace without --debug: " + this);
    return this;
  }

  /** The fields of the one line of JSON, which is all that stands on standard output. */
  Map<String, Object> json() throws IOException {
    assertEquals(1, out.lines().count(), this::toString);
    try (JsonParser parser = new JsonFactory().createParser(out)) {
      parser.nextToken();
      Map<String, Object> fields = object(parser);
      assertEquals(null, parser.nextToken());
      return fields;
    }
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> fields = new LinkedHashMap<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      String name = parser.currentName();
      parser.nextToken();
      fields.put(name, value(parser));
    }
    return fields;
  }

  private static Object value(JsonParser parser) throws IOException {
    return switch (parser.currentToken()) {
      case START_OBJECT -> object(parser);
      case START_ARRAY -> {
        List<Object> values = new ArrayList<>();
        while (parser.nextToken() != JsonToken.END_ARRAY) {
          values.add(value(parser));
        }
        yield values;
      }
      case VALUE_NUMBER_INT -> parser.getLongValue();
      case VALUE_TRUE, VALUE_FALSE -> parser.getBooleanValue();
      default -> parser.getText();
    };
  }
}
