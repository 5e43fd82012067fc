package dev.copperplate.backup.testkit;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Content;
import java.io.IOException;
import java.io.InputStream;

/** A content for which there is no room any more. */
record NoRoom(Operation operation, Content content) implements Content {

  @Override
  public long length() {
    return content.length();
  }

  @Override
  public InputStream open() throws IOException {
    throw new BackupException(Kind.FULL, operation + " fills the store, as the test wants it");
  }
}
