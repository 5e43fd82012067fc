package dev.copperplate.backup.postgres.tools;

import dev.copperplate.backup.BackupException;

/** A program of PostgreSQL has failed. */
public final class ToolFailedException extends BackupException {

  private static final long serialVersionUID = 1;

  private final boolean passing;

  ToolFailedException(String program, int status, ToolMessages said) {
    super(said.kind(), program + " failed (" + status + "): " + said.errors());
    this.passing = said.isLockTimeout() || said.isOutdated();
  }

  /** Whether somebody else was in its way, by a lock or by dropping what it looked at. */
  public boolean isPassing() {
    return passing;
  }
}
