package dev.copperplate.backup.postgres.dump;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.dump.DumpedTable.Column;
import dev.copperplate.backup.postgres.dump.DumpedTable.Constraint;
import dev.copperplate.backup.postgres.dump.DumpedTable.Index;
import dev.copperplate.backup.postgres.dump.DumpedTable.Parent;
import dev.copperplate.backup.postgres.dump.DumpedTable.RowsFile;
import dev.copperplate.backup.postgres.dump.DumpedTable.Sequence;
import java.io.IOException;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The JSON of a table. Fields that are not known are passed over. */
final class TableLine {

  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(4)
                  .maxStringLength(16 << 20)
                  .maxNameLength(64)
                  .maxNumberLength(20)
                  .build())
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .disable(JsonFactory.Feature.INTERN_FIELD_NAMES)
          .build();

  private TableLine() {}

  static DumpedTable read(String line) throws IOException {
    try (JsonParser json = FACTORY.createParser(line)) {
      if (json.nextToken() != JsonToken.START_OBJECT) {
        throw new IllegalArgumentException("no object");
      }
      return table(object(json));
    } catch (JsonProcessingException | IllegalArgumentException malformed) {
      throw new BackupException(
          Kind.DAMAGED, "A line of " + LogicalLayout.TABLES + " does not describe a table");
    }
  }

  private static DumpedTable table(Fields of) {
    return new DumpedTable(
        of.text("database"),
        of.text("schema"),
        of.text("name"),
        of.text("kind"),
        of.text("owner"),
        of.flag("unlogged"),
        of.text("accessMethod"),
        of.texts("options"),
        of.text("ofType"),
        of.text("partitionKey"),
        of.text("partitionBound"),
        of.list("parents").stream().map(TableLine::parent).toList(),
        of.list("columns").stream().map(TableLine::column).toList(),
        of.list("constraints").stream().map(TableLine::constraint).toList(),
        of.list("indexes").stream()
            .map(each -> new Index(each.text("name"), each.text("definition")))
            .toList(),
        of.list("sequences").stream().map(TableLine::sequence).toList(),
        of.flag("captured"),
        of.list("files").stream().map(TableLine::file).toList());
  }

  private static Parent parent(Fields of) {
    return new Parent(of.text("schema"), of.text("name"));
  }

  private static Column column(Fields of) {
    return new Column(
        of.text("name"),
        of.text("type"),
        of.flag("notNull"),
        of.text("default"),
        of.text("identity"),
        of.text("generated"),
        of.text("generation"),
        of.text("collation"),
        of.flag("local"));
  }

  private static Constraint constraint(Fields of) {
    return new Constraint(
        of.text("name"), of.text("kind"), of.text("definition"), of.flag("local"));
  }

  private static Sequence sequence(Fields of) {
    return new Sequence(
        of.text("schema"),
        of.text("name"),
        of.text("column"),
        of.flag("identity"),
        of.text("type"),
        of.text("options"),
        of.text("last"));
  }

  private static RowsFile file(Fields of) {
    return new RowsFile(of.text("path"), of.number("rows"), of.number("bytes"), of.text("sha256"));
  }

  private static Fields object(JsonParser json) throws IOException {
    Map<String, Object> values = new LinkedHashMap<>();
    while (json.nextToken() != JsonToken.END_OBJECT) {
      String name = json.currentName();
      json.nextToken();
      values.put(name, value(json));
    }
    return new Fields(values);
  }

  private static Object value(JsonParser json) throws IOException {
    return switch (json.currentToken()) {
      case START_OBJECT -> object(json);
      case START_ARRAY -> array(json);
      case VALUE_TRUE, VALUE_FALSE -> json.getBooleanValue();
      case VALUE_NUMBER_INT -> json.getLongValue();
      case VALUE_STRING -> text(json);
      default -> throw new IllegalArgumentException("neither text, number, flag nor list");
    };
  }

  /** What the server's protocol cannot carry, no server has said. */
  private static String text(JsonParser json) throws IOException {
    String text = json.getText();
    if (text.indexOf('\0') >= 0) {
      throw new IllegalArgumentException("NUL in a text");
    }
    return text;
  }

  private static List<Object> array(JsonParser json) throws IOException {
    List<Object> values = new ArrayList<>();
    while (json.nextToken() != JsonToken.END_ARRAY) {
      values.add(value(json));
    }
    return values;
  }

  private record Fields(Map<String, Object> values) {

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

    long number(String name) {
      long number = get(name, Long.class);
      if (number < 0) {
        throw new IllegalArgumentException("negative " + name);
      }
      return number;
    }

    List<Fields> list(String name) {
      return all(name, Fields.class);
    }

    List<String> texts(String name) {
      return all(name, String.class);
    }

    private <T> List<T> all(String name, Class<T> type) {
      List<T> all = new ArrayList<>();
      for (Object each : (List<?>) get(name, List.class)) {
        if (!type.isInstance(each)) {
          throw new IllegalArgumentException("something else in " + name);
        }
        all.add(type.cast(each));
      }
      return all;
    }
  }

  static String write(DumpedTable table) throws IOException {
    StringWriter line = new StringWriter();
    try (JsonGenerator json = FACTORY.createGenerator(line)) {
      json.writeStartObject();
      texts(json, "database", table.database(), "schema", table.schema(), "name", table.name());
      texts(json, "kind", table.kind(), "owner", table.owner());
      json.writeBooleanField("unlogged", table.unlogged());
      texts(json, "accessMethod", table.accessMethod());
      list(json, "options", table.options(), json::writeString);
      texts(json, "ofType", table.ofType(), "partitionKey", table.partitionKey());
      texts(json, "partitionBound", table.partitionBound());
      objects(json, "parents", table.parents(), each -> write(json, each));
      objects(json, "columns", table.columns(), each -> write(json, each));
      objects(json, "constraints", table.constraints(), each -> write(json, each));
      objects(json, "indexes", table.indexes(), each -> write(json, each));
      objects(json, "sequences", table.sequences(), each -> write(json, each));
      json.writeBooleanField("captured", table.captured());
      objects(json, "files", table.files(), each -> write(json, each));
      json.writeEndObject();
    }
    return line.toString();
  }

  private static void write(JsonGenerator json, Parent parent) throws IOException {
    texts(json, "schema", parent.schema(), "name", parent.name());
  }

  private static void write(JsonGenerator json, Column column) throws IOException {
    texts(json, "name", column.name(), "type", column.type());
    json.writeBooleanField("notNull", column.notNull());
    texts(json, "default", column.defaultExpression(), "identity", column.identity());
    texts(json, "generated", column.generated(), "generation", column.generation());
    texts(json, "collation", column.collation());
    json.writeBooleanField("local", column.local());
  }

  private static void write(JsonGenerator json, Constraint constraint) throws IOException {
    texts(json, "name", constraint.name(), "kind", constraint.kind());
    texts(json, "definition", constraint.definition());
    json.writeBooleanField("local", constraint.local());
  }

  private static void write(JsonGenerator json, Index index) throws IOException {
    texts(json, "name", index.name(), "definition", index.definition());
  }

  private static void write(JsonGenerator json, Sequence sequence) throws IOException {
    texts(json, "schema", sequence.schema(), "name", sequence.name());
    texts(json, "column", sequence.column());
    json.writeBooleanField("identity", sequence.identity());
    texts(json, "type", sequence.type(), "options", sequence.options(), "last", sequence.last());
  }

  private static void write(JsonGenerator json, RowsFile file) throws IOException {
    texts(json, "path", file.path());
    json.writeNumberField("rows", file.rows());
    json.writeNumberField("bytes", file.bytes());
    texts(json, "sha256", file.sha256());
  }

  /** Fields: a name, its text, the next name, … */
  private static void texts(JsonGenerator json, String... fields) throws IOException {
    for (int i = 0; i < fields.length; i += 2) {
      json.writeStringField(fields[i], fields[i + 1]);
    }
  }

  @FunctionalInterface
  private interface Writing<T> {
    void write(T value) throws IOException;
  }

  private static <T> void list(JsonGenerator json, String name, List<T> all, Writing<T> writing)
      throws IOException {
    json.writeArrayFieldStart(name);
    for (T each : all) {
      writing.write(each);
    }
    json.writeEndArray();
  }

  private static <T> void objects(JsonGenerator json, String name, List<T> all, Writing<T> fields)
      throws IOException {
    list(
        json,
        name,
        all,
        each -> {
          json.writeStartObject();
          fields.write(each);
          json.writeEndObject();
        });
  }
}
