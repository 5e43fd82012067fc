package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;

/**
 * A database that a restore is making. If it fails the database stays, for whoever wants to see how
 * far it came, or what it was that failed; the message names it and says how it goes away.
 */
record Unfinished(String name) {

  /** What makes it. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  void run(Work work) throws IOException, InterruptedException {
    try {
      work.run();
    } catch (BackupException e) {
      throw new BackupException(e.kind(), e.getMessage() + ". " + words(), e);
    } catch (InterruptedException e) {
      InterruptedException named = new InterruptedException(e.getMessage() + ". " + words());
      named.initCause(e);
      throw named;
    }
  }

  private String words() {
    return "If it was created, database "
        + SqlText.name(name)
        + " is as far as it came, and not whole: DROP DATABASE "
        + SqlText.name(name)
        + " WITH (FORCE) removes it";
  }
}
