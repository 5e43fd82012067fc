package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.OutputStream;

/** A file of the scratch directory, which says so when it can hold no more. */
final class ScratchOutput extends FilterOutputStream {

  ScratchOutput(OutputStream file) {
    super(file);
  }

  @Override
  public void write(byte[] bytes, int from, int count) throws IOException {
    try {
      out.write(bytes, from, count);
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      throw new BackupException(
          why.contains("No space left") || why.contains("quota") ? Kind.FULL : Kind.UNAVAILABLE,
          "The scratch directory does not take the definitions of the database: "
              + why
              + ". Free space there, or name another one in the options of the repository",
          e);
    }
  }
}
