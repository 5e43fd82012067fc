package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.BackupException;

/** The server is not the one whose WAL is in the repository. No later attempt will do better. */
final class OtherSystemException extends BackupException {

  private static final long serialVersionUID = 1;

  OtherSystemException(String server, ServerFacts found, WalFacts stored) {
    super(
        Kind.CONFLICT,
        server
            + " is system "
            + found.system()
            + " with segments of "
            + found.size().bytes()
            + " bytes, and the repository has the WAL of system "
            + stored.system()
            + " with segments of "
            + stored.size().bytes()
            + " bytes under this name: archive it under another name, or connect to the right server");
  }
}
