package dev.copperplate.backup.postgres.load.table;

/** Reads along a definition as a server prints it. Not thread-safe. */
final class DefinitionScanner {

  private final String text;
  private int at;

  DefinitionScanner(String text) {
    this.text = text;
  }

  /** Goes past what comes next, if it is this. */
  boolean take(String expected) {
    boolean there = text.startsWith(expected, at);
    at += there ? expected.length() : 0;
    return there;
  }

  /**
   * Goes past what must come next.
   *
   * @throws IllegalArgumentException if something else comes
   */
  void require(String expected) {
    if (!take(expected)) {
      throw new IllegalArgumentException("no " + expected.strip());
    }
  }

  /** An identifier, in quotes or not. */
  String identifier() {
    return take("\"") ? quoted('"') : bare();
  }

  TableName qualified() {
    String schema = identifier();
    require(".");
    return new TableName(schema, identifier());
  }

  private String bare() {
    int from = at;
    while (at < text.length() && isPart(text.charAt(at))) {
      at++;
    }
    if (from == at) {
      throw new IllegalArgumentException("no name");
    }
    return text.substring(from, at);
  }

  private static boolean isPart(char each) {
    return each >= 'a' && each <= 'z' || each >= '0' && each <= '9' || each == '_';
  }

  /** What is inside of quotes that have begun; two of them are one. */
  private String quoted(char quote) {
    StringBuilder inside = new StringBuilder();
    for (; at < text.length(); at++) {
      if (text.charAt(at) == quote) {
        boolean doubled = at + 1 < text.length() && text.charAt(at + 1) == quote;
        if (!doubled) {
          at++;
          return inside.toString();
        }
        at++;
      }
      inside.append(text.charAt(at));
    }
    throw new IllegalArgumentException("no end of quotes");
  }

  /** Goes to a character that stands outside of double quotes. */
  void skipTo(char wanted) {
    while (at < text.length() && text.charAt(at) != wanted) {
      if (text.charAt(at++) == '"') {
        quoted('"');
      }
    }
  }

  /** Everything that comes. */
  String rest() {
    return text.substring(at);
  }

  boolean isAtEnd() {
    return at == text.length();
  }

  int position() {
    return at;
  }

  void step() {
    at++;
  }

  char next() {
    return text.charAt(at);
  }

  /** A text in single quotes that comes next, of which the first was not taken. */
  String literal() {
    if (take("E'")) {
      return quoted('\'').replace("\\\\", "\\");
    }
    require("'");
    return quoted('\'');
  }
}
