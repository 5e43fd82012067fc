package dev.copperplate.backup.postgres.load;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.dump.LogicalLayout;
import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Lines that describe tables. */
final class TableLines implements Cursor<DumpedTable> {

  static final int MAX_LINE = 32 << 20;

  private final InputStream input;

  /**
   * @param input closed with the cursor
   */
  TableLines(InputStream input) {
    this.input = new BufferedInputStream(input, 64 << 10);
  }

  @Override
  public @Nullable DumpedTable next() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int each = input.read();
    if (each < 0) {
      return null;
    }
    for (; each >= 0 && each != '\n'; each = input.read()) {
      if (line.size() == MAX_LINE) {
        throw damaged("a line of more than " + MAX_LINE + " bytes");
      }
      line.write(each);
    }
    return DumpedTable.parse(text(line.toByteArray()));
  }

  private static String text(byte[] line) throws BackupException {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(line)).toString();
    } catch (CharacterCodingException notText) {
      throw damaged("a line that is no text");
    }
  }

  private static BackupException damaged(String what) {
    return new BackupException(Kind.DAMAGED, LogicalLayout.TABLES + " has " + what);
  }

  @Override
  public void close() throws IOException {
    input.close();
  }
}
