package dev.copperplate.backup.files;

import java.io.IOException;

/** The destination refused to take in a file; the snapshot is not to blame. */
final class FileWriteException extends IOException {

  private static final long serialVersionUID = 1;

  private final IOException reason;

  FileWriteException(IOException reason) {
    super(reason);
    this.reason = reason;
  }

  IOException reason() {
    return reason;
  }
}
