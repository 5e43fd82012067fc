package dev.copperplate.backup.postgres.load.script;

import java.io.IOException;
import java.io.InputStream;

/** The bytes of a script, the next of which can be looked at. */
final class ScriptBytes {

  private static final int BUFFER = 64 << 10;

  private final InputStream input;
  private final byte[] buffer = new byte[BUFFER];
  private int at;
  private int end;
  private long line = 1;
  private boolean lineStart = true;

  ScriptBytes(InputStream input) {
    this.input = input;
  }

  /** The next one, which stays; -1 at the end. */
  int peek() throws IOException {
    if (at == end) {
      end = Math.max(0, input.read(buffer, 0, buffer.length));
      at = 0;
    }
    return at == end ? -1 : buffer[at] & 0xff;
  }

  int take() throws IOException {
    int next = peek();
    if (next >= 0) {
      at++;
      lineStart = next == '\n';
      line += lineStart ? 1 : 0;
    }
    return next;
  }

  /** In which line the next one is; the first is 1. */
  long line() {
    return line;
  }

  /** Whether the next one is the first of its line. */
  boolean isLineStart() {
    return lineStart;
  }

  void close() throws IOException {
    input.close();
  }
}
