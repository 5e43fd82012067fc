package dev.copperplate.backup.postgres.sql;

import java.util.List;
import java.util.stream.Collectors;

/** Names and texts as SQL that stands for nothing else. */
public final class SqlText {

  private SqlText() {}

  /** An identifier. */
  public static String name(String name) {
    return '"' + name.replace("\"", "\"\"") + '"';
  }

  /** An identifier in a schema. */
  public static String name(String schema, String name) {
    return name(schema) + '.' + name(name);
  }

  /** Identifiers with commas between them. */
  public static String names(List<String> names) {
    return names.stream().map(SqlText::name).collect(Collectors.joining(", "));
  }

  /** A text, whatever {@code standard_conforming_strings} says. */
  public static String literal(String text) {
    String doubled = text.replace("'", "''");
    return text.indexOf('\\') < 0
        ? "'" + doubled + "'"
        : "E'" + doubled.replace("\\", "\\\\") + "'";
  }
}
