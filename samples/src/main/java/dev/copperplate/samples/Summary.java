package dev.copperplate.samples;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.copperplate.backup.Finding;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a sample did: lines for a person, one line of JSON for a program. */
final class Summary {

  private final ExitCode exitCode;
  private final Map<String, Object> fields = new LinkedHashMap<>();
  private final List<Finding> findings = new ArrayList<>();
  private final List<String> lines = new ArrayList<>();

  Summary(String operation, ExitCode exitCode) {
    this.exitCode = exitCode;
    put("operation", operation);
    put("success", exitCode == ExitCode.SUCCESS);
    put("exitCode", exitCode.number());
  }

  ExitCode exitCode() {
    return exitCode;
  }

  /**
   * Adds a field of the JSON.
   *
   * @param value a string, a number, a boolean, or a list or map of them
   */
  Summary put(String name, Object value) {
    fields.put(name, value);
    return this;
  }

  /** Adds a line for a person. */
  Summary line(String text) {
    lines.add(text);
    return this;
  }

  /** Adds what went wrong. */
  Summary findings(Collection<Finding> more) {
    findings.addAll(more);
    return this;
  }

  /** Prints it. */
  void print(Output output, boolean json) throws IOException {
    if (json) {
      output.out().println(json());
    } else {
      findings.forEach(output.err()::println);
      lines.forEach(output.out()::println);
    }
    output.err().flush();
    output.out().flush();
  }

  /** One line. */
  private String json() throws IOException {
    StringWriter text = new StringWriter();
    try (JsonGenerator json = new JsonFactory().createGenerator(text)) {
      Map<String, Object> all = new LinkedHashMap<>(fields);
      all.put("findings", findings.stream().map(Summary::fields).toList());
      write(json, all);
    }
    return text.toString();
  }

  private static Map<String, String> fields(Finding finding) {
    Map<String, String> fields = new LinkedHashMap<>();
    fields.put("severity", finding.severity().name());
    fields.put("subject", finding.subject());
    fields.put("message", finding.message());
    fields.put("remedy", finding.remedy());
    return fields;
  }

  private static void write(JsonGenerator json, Object value) throws IOException {
    if (value instanceof Map<?, ?> map) {
      json.writeStartObject();
      for (Map.Entry<?, ?> each : map.entrySet()) {
        json.writeFieldName(String.valueOf(each.getKey()));
        write(json, each.getValue());
      }
      json.writeEndObject();
    } else if (value instanceof Collection<?> list) {
      json.writeStartArray();
      for (Object each : list) {
        write(json, each);
      }
      json.writeEndArray();
    } else if (value instanceof Number number) {
      json.writeNumber(number.longValue());
    } else if (value instanceof Boolean truth) {
      json.writeBoolean(truth);
    } else {
      json.writeString(value.toString());
    }
  }
}
