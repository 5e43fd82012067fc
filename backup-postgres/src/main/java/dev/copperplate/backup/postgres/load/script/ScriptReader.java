package dev.copperplate.backup.postgres.load.script;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Cuts a script into its statements as psql does, one in memory at a time.
 *
 * <p>A backslash outside of quotes is where psql would take a command. Lines between statements
 * that say from where to where psql takes none ({@code \restrict KEY} and its counterpart) are
 * passed over; everything else of that kind is refused. Not thread-safe.
 */
public final class ScriptReader implements Closeable {

  /** What a statement may have, in bytes. */
  public static final int MAX_STATEMENT = 32 << 20;

  private static final int MAX_LEAD = 8192;
  private static final Pattern GUARD = Pattern.compile("\\\\(un)?restrict [A-Za-z0-9]{1,64}\\s*");

  private final String file;
  private final ScriptBytes bytes;
  private Charset charset = StandardCharsets.UTF_8;
  private boolean standardStrings = true;
  private Header header = Header.NONE;

  /**
   * Begins to read.
   *
   * @param file how messages call it
   * @param input closed with the reader
   */
  public ScriptReader(String file, InputStream input) {
    this.file = file;
    this.bytes = new ScriptBytes(input);
  }

  /** In which encoding the statements that follow are. */
  public void charset(Charset other) {
    charset = other;
  }

  /** Whether backslashes stand for themselves in the plain literals that follow. */
  public void standardStrings(boolean standard) {
    standardStrings = standard;
  }

  /**
   * The next statement, or null behind the last.
   *
   * @throws BackupException {@code UNSUPPORTED} for a command of psql or a statement that is too
   *     large, {@code DAMAGED} if the script ends within a statement
   */
  public @Nullable ScriptStatement next() throws IOException {
    pass();
    long line = bytes.line();
    if (bytes.peek() < 0) {
      return null;
    }
    StatementLexer lexer = new StatementLexer(bytes, file, standardStrings);
    lexer.read();
    return new ScriptStatement(
        file, line, header, lexer.bytes(), lexer.tokens(charset), lexer.count(), charset);
  }

  /**
   * The rows that follow a {@code COPY … FROM stdin}, without the line that ends them. To be read
   * to its end before the next statement; ends with {@code DAMAGED} where that line is missing.
   */
  public InputStream rows() throws IOException {
    for (int each = bytes.take(); each != '\n'; each = bytes.take()) {
      if (each != ' ' && each != '\r') {
        throw new BackupException(
            Kind.DAMAGED, place(bytes.line()) + ": something stands behind a COPY");
      }
    }
    return new CopiedRows(bytes, file);
  }

  /** Passes over what is between statements. */
  private void pass() throws IOException {
    for (int next = bytes.peek(); ; next = bytes.peek()) {
      if (next == '\\' && bytes.isLineStart()) {
        guard();
      } else if (next == '-') {
        comment();
      } else if (next == '/') {
        blockComment();
      } else if (next == ';' || StatementLexer.isSpace(next)) {
        bytes.take();
      } else {
        return;
      }
    }
  }

  private void guard() throws IOException {
    long line = bytes.line();
    if (!GUARD.matcher(line()).matches()) {
      throw StatementLexer.command(file, line);
    }
    bytes.take();
  }

  private void comment() throws IOException {
    String lead = line();
    if (!lead.startsWith("--")) {
      throw noStatement();
    }
    header = Header.read(lead, header);
  }

  private void blockComment() throws IOException {
    bytes.take();
    if (bytes.peek() != '*') {
      throw noStatement();
    }
    StatementLexer comment = new StatementLexer(bytes, file, standardStrings);
    comment.blockComment();
  }

  /** The rest of the line, as far as it is of interest, without its end. */
  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int next = bytes.peek(); next >= 0 && next != '\n' && next != '\r'; next = bytes.peek()) {
      if (line.size() < MAX_LEAD) {
        line.write(next);
      }
      bytes.take();
    }
    return line.toString(charset);
  }

  private BackupException noStatement() {
    return new BackupException(Kind.DAMAGED, place(bytes.line()) + ": not SQL");
  }

  private String place(long line) {
    return file + ", line " + line;
  }

  @Override
  public void close() throws IOException {
    bytes.close();
  }
}
