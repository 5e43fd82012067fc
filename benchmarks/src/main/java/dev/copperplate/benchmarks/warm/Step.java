package dev.copperplate.benchmarks.warm;

import java.util.Locale;

/** What a round measures, in its order. */
enum Step {
  /** Opening the repository: for restic, its shortest command. */
  OPEN,
  /** Into a repository without snapshots. */
  BACKUP,
  /** Again, and nothing has changed. */
  UNCHANGED,
  /** To a directory that does not exist. */
  RESTORE,
  /** Every byte that is stored. */
  CHECK;

  /** Whether every byte of the source goes through it. */
  boolean movesAll() {
    return this == BACKUP || this == RESTORE || this == CHECK;
  }

  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
