package dev.copperplate.backup.postgres.load.script;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.util.List;

/** One statement of a script. Not for logs: it can hold what is secret. */
public final class ScriptStatement {

  private final String file;
  private final long line;
  private final Header header;
  private final byte[] bytes;
  private final List<Token> tokens;
  private final int count;
  private final Charset charset;

  ScriptStatement(
      String file,
      long line,
      Header header,
      byte[] bytes,
      List<Token> tokens,
      int count,
      Charset charset) {
    this.file = file;
    this.line = line;
    this.header = header;
    this.bytes = bytes;
    this.tokens = tokens;
    this.count = count;
    this.charset = charset;
  }

  /** What stands before it. */
  public Header header() {
    return header;
  }

  /** The first and the last of its tokens. */
  public List<Token> tokens() {
    return tokens;
  }

  /** Whether {@link #tokens} are all that it has. */
  public boolean isShort() {
    return tokens.size() == count;
  }

  /** Whether it begins with these words or symbols. */
  public boolean begins(String... words) {
    return has(0, words);
  }

  /** Whether these words or symbols are at a place. */
  public boolean has(int place, String... words) {
    if (place < 0 || place + words.length > tokens.size()) {
      return false;
    }
    for (int i = 0; i < words.length; i++) {
      if (!tokens.get(place + i).is(words[i])) {
        return false;
      }
    }
    return true;
  }

  /** The name at a place, without its quotes; empty if there is none. */
  public String name(int place) {
    boolean is = place < tokens.size() && tokens.get(place).isName();
    return is ? tokens.get(place).text() : "";
  }

  /**
   * As SQL.
   *
   * @throws BackupException {@code DAMAGED} if it is not in the encoding of its script
   */
  public String sql() throws BackupException {
    return text(0, bytes.length);
  }

  /** As SQL with something else in place of a token. */
  public String with(Token replaced, String other) throws BackupException {
    return text(0, replaced.from()) + other + text(replaced.to(), bytes.length);
  }

  private String text(int from, int to) throws BackupException {
    try {
      return charset.newDecoder().decode(ByteBuffer.wrap(bytes, from, to - from)).toString();
    } catch (CharacterCodingException wrong) {
      throw new BackupException(Kind.DAMAGED, place() + ": not in the encoding of the file", wrong);
    }
  }

  /** Where it is, for people. */
  public String place() {
    return file + ", line " + line;
  }

  /** Which object it is of, and where it is; nothing else of it. */
  @Override
  public String toString() {
    String object = header.toString();
    return object.isEmpty() ? place() : object + " (" + place() + ")";
  }
}
