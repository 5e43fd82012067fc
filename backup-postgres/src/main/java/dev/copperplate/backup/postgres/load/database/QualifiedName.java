package dev.copperplate.backup.postgres.load.database;

/** A name with its schema, as scripts write it into a literal: both in quotes. */
final class QualifiedName {

  private QualifiedName() {}

  /** The schema; empty if it is no such name. */
  static String schema(String name) {
    int end = 1;
    while (end < name.length()) {
      if (name.charAt(end) != '"') {
        end++;
      } else if (name.startsWith("\"\"", end)) {
        end += 2;
      } else {
        boolean whole = name.startsWith("\"") && name.startsWith("\".\"", end);
        return whole ? name.substring(1, end).replace("\"\"", "\"") : "";
      }
    }
    return "";
  }
}
