package dev.copperplate.backup.postgres.replication;

import dev.copperplate.backup.postgres.Lsn;

/** A position on a timeline. */
public record WalPosition(Lsn lsn, int timeline) {

  @Override
  public String toString() {
    return lsn + " on timeline " + timeline;
  }
}
