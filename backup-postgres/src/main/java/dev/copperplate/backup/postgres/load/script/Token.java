package dev.copperplate.backup.postgres.load.script;

/**
 * A part of a statement.
 *
 * @param text of a name in quotes and of a literal what they stand for, else as it is written
 * @param from where it begins in the statement, in bytes
 * @param to where it ends
 */
public record Token(Kind kind, String text, int from, int to) {

  /** Of longer ones only the beginning is read, in bytes. */
  static final int MAX_TEXT = 4096;

  /** What it is. */
  public enum Kind {
    /** A key word, or a name without quotes. */
    WORD,
    /** A name in quotes. */
    NAME,
    /** A literal in quotes or dollars. */
    TEXT,
    NUMBER,
    /** One character of anything else. */
    SYMBOL
  }

  /** Whether it is this word, or this symbol. */
  public boolean is(String word) {
    return (kind == Kind.WORD || kind == Kind.SYMBOL) && text.equalsIgnoreCase(word);
  }

  /** Whether it can be the name of something. */
  public boolean isName() {
    return kind == Kind.WORD || kind == Kind.NAME;
  }
}
