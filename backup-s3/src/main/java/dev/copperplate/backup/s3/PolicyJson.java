package dev.copperplate.backup.s3;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.util.DefaultIndenter;
import com.fasterxml.jackson.core.util.DefaultPrettyPrinter;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;

/** Writes policies for people to read: a line for each value, and the end of a line at the end. */
final class PolicyJson {

  private static final String VERSION = "2012-10-17";
  private static final DefaultIndenter LINES = new DefaultIndenter("  ", "\n");

  private PolicyJson() {}

  static String of(List<Statement> statements) {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      DefaultPrettyPrinter printer = new DefaultPrettyPrinter().withObjectIndenter(LINES);
      printer.indentArraysWith(LINES);
      json.setPrettyPrinter(printer);
      json.writeStartObject();
      json.writeStringField("Version", VERSION);
      json.writeArrayFieldStart("Statement");
      for (Statement statement : statements) {
        write(statement, json);
      }
      json.writeEndArray();
      json.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException("A string cannot be written", e);
    }
    return text + "\n";
  }

  private static void write(Statement statement, JsonGenerator json) throws IOException {
    json.writeStartObject();
    json.writeStringField("Sid", statement.name());
    json.writeStringField("Effect", statement.allows() ? "Allow" : "Deny");
    if (statement.principal() != null) {
      json.writeObjectFieldStart("Principal");
      json.writeStringField("AWS", statement.principal());
      json.writeEndObject();
    }
    strings("Action", statement.actions(), json);
    strings("Resource", statement.resources(), json);
    if (statement.condition() != null) {
      write(statement.condition(), json);
    }
    json.writeEndObject();
  }

  private static void strings(String field, List<String> values, JsonGenerator json)
      throws IOException {
    json.writeArrayFieldStart(field);
    for (String value : values) {
      json.writeString(value);
    }
    json.writeEndArray();
  }

  private static void write(Statement.Condition condition, JsonGenerator json) throws IOException {
    json.writeObjectFieldStart("Condition");
    json.writeObjectFieldStart(condition.operator());
    json.writeStringField(condition.fact(), condition.value());
    json.writeEndObject();
    json.writeEndObject();
  }
}
