package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.postgres.Lsn;

/**
 * The server's WAL is not what was received from it before. No later attempt will do better: what
 * follows does not belong to what is stored.
 */
final class OtherHistoryException extends BackupException {

  private static final long serialVersionUID = 1;

  OtherHistoryException(String server, Lsn from, Lsn to) {
    super(
        Kind.CONFLICT,
        server
            + " has another history than the WAL that is archived: on the same timeline it differs"
            + " between "
            + from
            + " and "
            + to
            + ", so it was put back from an older copy of its disk. Archive it under another name,"
            + " and take a new full backup");
  }
}
