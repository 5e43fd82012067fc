package dev.copperplate.backup.postgres.dump;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;

/** Writes statements, one after another. The stream below is not closed. */
final class SqlOutput {

  private final BufferedOutputStream output;

  SqlOutput(OutputStream output) {
    this.output = new BufferedOutputStream(output, 64 << 10);
  }

  /** A whole statement; its semicolon and the end of its line are added. */
  void statement(String... parts) throws IOException {
    for (String each : parts) {
      output.write(each.getBytes(StandardCharsets.UTF_8));
    }
    output.write(';');
    output.write('\n');
  }

  /** For what writes itself. */
  OutputStream stream() {
    return output;
  }

  void flush() throws IOException {
    output.flush();
  }
}
