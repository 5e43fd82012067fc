package dev.copperplate.backup.postgres.load.script;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.IOException;
import java.io.InputStream;

/** Rows in a script, up to the line of a backslash and a dot. */
final class CopiedRows extends InputStream {

  private final ScriptBytes bytes;
  private final String file;
  private boolean start = true;
  private boolean ended;

  CopiedRows(ScriptBytes bytes, String file) {
    this.bytes = bytes;
    this.file = file;
  }

  @Override
  public int read() throws IOException {
    if (ended) {
      return -1;
    }
    int next = bytes.take();
    if (next < 0) {
      throw new BackupException(
          Kind.DAMAGED, file + ", line " + bytes.line() + ": the script ends within rows");
    }
    if (start && next == '\\' && bytes.peek() == '.') {
      // No row begins so: a backslash before a dot is none that the server writes.
      bytes.take();
      if (bytes.peek() != '\n' && bytes.peek() >= 0) {
        throw new BackupException(
            Kind.DAMAGED, file + ", line " + bytes.line() + ": not the end of rows");
      }
      bytes.take();
      ended = true;
      return -1;
    }
    start = next == '\n';
    return next;
  }

  @Override
  public int read(byte[] into, int from, int length) throws IOException {
    int read = 0;
    while (read < length) {
      int next = read();
      if (next < 0) {
        break;
      }
      into[from + read++] = (byte) next;
    }
    return read == 0 && length > 0 ? -1 : read;
  }
}
