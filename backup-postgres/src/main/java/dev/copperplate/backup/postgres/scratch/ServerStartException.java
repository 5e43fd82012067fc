package dev.copperplate.backup.postgres.scratch;

import dev.copperplate.backup.BackupException;

/** A server that ended before it took connections. The message holds the end of its log. */
public final class ServerStartException extends BackupException {

  private static final long serialVersionUID = 1;

  ServerStartException(String message) {
    super(Kind.INVALID, message);
  }
}
