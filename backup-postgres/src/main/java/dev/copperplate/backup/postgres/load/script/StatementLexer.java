package dev.copperplate.backup.postgres.load.script;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;

/**
 * Reads one statement up to its semicolon, by the rules of psql's own scanner: strings, names,
 * dollars, comments that nest, brackets, and bodies of functions between {@code BEGIN ATOMIC} and
 * {@code END}.
 *
 * @see <a
 *     href="https://github.com/postgres/postgres/blob/REL_17_STABLE/src/fe_utils/psqlscan.l">psqlscan.l</a>
 */
final class StatementLexer {

  private final ScriptBytes input;
  private final String file;
  private final boolean standardStrings;
  private byte[] text = new byte[512];
  private int length;
  private final Tokens tokens = new Tokens();
  private final AtomicBody body = new AtomicBody();

  /** Whether backslashes counted in the last string, whose next piece may follow on a new line. */
  private boolean escapes;

  private boolean continued;
  private boolean newLine;
  private int brackets;

  StatementLexer(ScriptBytes input, String file, boolean standardStrings) {
    this.input = input;
    this.file = file;
    this.standardStrings = standardStrings;
  }

  static boolean isSpace(int each) {
    return each == ' ' || each >= '\t' && each <= '\r';
  }

  static BackupException command(String file, long line) {
    return new BackupException(
        Kind.UNSUPPORTED,
        file
            + ", line "
            + line
            + ": a command of psql, which is never run, or no SQL. Use another"
            + " snapshot, or read the script and run it with psql");
  }

  byte[] bytes() {
    return Arrays.copyOf(text, length);
  }

  /** The first and the last of its tokens. */
  List<Token> tokens(Charset charset) {
    return tokens.read(bytes(), charset);
  }

  /** How many tokens it has. */
  int count() {
    return tokens.count();
  }

  /** Reads to the semicolon, which is not part of it. */
  void read() throws IOException {
    while (input.peek() != ';' || brackets > 0 || body.isOpen()) {
      token();
    }
    input.take();
  }

  private void token() throws IOException {
    int from = length;
    int first = take();
    if (isSpace(first)) {
      newLine |= first == '\n' || first == '\r';
    } else if (first == '-' && input.peek() == '-') {
      lineComment();
    } else if (first == '/' && input.peek() == '*') {
      blockComment();
    } else {
      body.separate(isNameStart(first));
      boolean piece = first == '\'' && continued && newLine;
      continued = false;
      if (first == '\'') {
        string(from, piece ? escapes : !standardStrings);
      } else if (first == '"') {
        quoted('"', false);
        tokens.add(Token.Kind.NAME, from, length);
      } else if (first == '$') {
        dollar(from);
      } else if (isNameStart(first)) {
        word(from, first);
      } else if (first >= '0' && first <= '9') {
        number(from);
      } else {
        symbol(from, first);
      }
    }
  }

  private void symbol(int from, int first) throws IOException {
    if (first == '\\') {
      throw command(file, input.line());
    }
    if (first == '(') {
      brackets++;
    } else if (first == ')') {
      brackets = Math.max(0, brackets - 1);
    }
    tokens.add(Token.Kind.SYMBOL, from, length);
  }

  private void number(int from) throws IOException {
    while (isNamePart(input.peek()) && input.peek() != '$' || input.peek() == '.') {
      take();
    }
    tokens.add(Token.Kind.NUMBER, from, length);
  }

  private void word(int from, int first) throws IOException {
    if (input.peek() == '\'' && "eEbBxXnN".indexOf(first) >= 0) {
      take();
      string(from, first == 'e' || first == 'E' || isNational(first) && !standardStrings);
      return;
    }
    while (isNamePart(input.peek())) {
      take();
    }
    tokens.add(Token.Kind.WORD, from, length);
    int known = Math.min(length - from, AtomicBody.LONGEST + 1);
    body.word(new String(text, from, known, StandardCharsets.US_ASCII), brackets);
  }

  private static boolean isNational(int first) {
    return first == 'n' || first == 'N';
  }

  private void string(int from, boolean backslashes) throws IOException {
    quoted('\'', backslashes);
    escapes = backslashes;
    continued = true;
    newLine = false;
    tokens.add(Token.Kind.TEXT, from, length);
  }

  /** Reads to the quote that ends it; two of them are one. */
  private void quoted(int quote, boolean backslashes) throws IOException {
    while (true) {
      int each = take();
      if (each == '\\' && backslashes) {
        take();
      } else if (each == quote) {
        if (input.peek() != quote) {
          return;
        }
        take();
      }
    }
  }

  private void dollar(int from) throws IOException {
    if (isNameStart(input.peek())) {
      while (isNamePart(input.peek()) && input.peek() != '$') {
        take();
      }
    }
    if (input.peek() != '$') {
      tokens.add(Token.Kind.SYMBOL, from, length);
      return;
    }
    take();
    DollarEnd ending = new DollarEnd(Arrays.copyOfRange(text, from, length));
    while (!ending.accept(take())) {
      // reads on
    }
    tokens.add(Token.Kind.TEXT, from, length);
  }

  private void lineComment() throws IOException {
    while (input.peek() >= 0 && input.peek() != '\n' && input.peek() != '\r') {
      take();
    }
  }

  /** Reads a comment of which the first character was taken. */
  void blockComment() throws IOException {
    take();
    int depth = 1;
    while (depth > 0) {
      int each = take();
      if (each == '/' && input.peek() == '*') {
        take();
        depth++;
      } else if (each == '*' && input.peek() == '/') {
        take();
        depth--;
      }
    }
  }

  private int take() throws IOException {
    int next = input.take();
    if (next <= 0) {
      throw new BackupException(
          Kind.DAMAGED,
          file + ", line " + input.line() + ": the script ends within a statement, or holds a NUL");
    }
    if (length == ScriptReader.MAX_STATEMENT) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          file
              + ", line "
              + input.line()
              + ": a statement of more than "
              + ScriptReader.MAX_STATEMENT
              + " bytes. Restore with psql, as RESTORE.md says");
    }
    if (length == text.length) {
      text = Arrays.copyOf(text, 2 * length);
    }
    text[length++] = (byte) next;
    return next;
  }

  private static boolean isNameStart(int each) {
    return each >= 'a' && each <= 'z' || each >= 'A' && each <= 'Z' || each == '_' || each >= 0x80;
  }

  private static boolean isNamePart(int each) {
    return isNameStart(each) || each >= '0' && each <= '9' || each == '$';
  }
}
