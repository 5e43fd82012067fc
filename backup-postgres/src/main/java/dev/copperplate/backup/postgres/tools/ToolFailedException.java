package dev.copperplate.backup.postgres.tools;

import dev.copperplate.backup.BackupException;

/** A program of PostgreSQL has failed. */
public final class ToolFailedException extends BackupException {

  private static final long serialVersionUID = 1;

  private final boolean lockTimeout;

  ToolFailedException(String program, int status, ToolMessages said) {
    super(said.kind(), program + " failed (" + status + "): " + said.errors());
    this.lockTimeout = said.isLockTimeout();
  }

  /** Whether somebody else held or awaited a lock for too long. */
  public boolean isLockTimeout() {
    return lockTimeout;
  }
}
