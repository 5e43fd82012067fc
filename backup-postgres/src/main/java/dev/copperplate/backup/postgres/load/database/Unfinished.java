package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A database that a restore changes. If that fails, what was made stays, for whoever wants to see
 * how far it came; the message names the database and says what to do.
 *
 * @param created whether the restore creates it
 */
record Unfinished(String name, boolean created) {

  private static final Logger LOG = LoggerFactory.getLogger(Unfinished.class);

  /** What makes it. */
  @FunctionalInterface
  interface Work {
    void run() throws IOException, InterruptedException;
  }

  void run(Work work) throws IOException, InterruptedException {
    try {
      work.run();
    } catch (BackupException e) {
      logIf(Thread.currentThread().isInterrupted());
      throw new BackupException(e.kind(), e.getMessage() + ". " + words(), e);
    } catch (InterruptedException e) {
      logIf(true);
      throw e;
    }
  }

  /** Whoever cancels a run gets no message from it. */
  private void logIf(boolean cancelled) {
    if (cancelled) {
      LOG.warn("A restore was cancelled. {}", words());
    }
  }

  private String words() {
    String quoted = SqlText.name(name);
    return created
        ? "If it was created, database "
            + quoted
            + " is as far as it came, and not whole: DROP DATABASE "
            + quoted
            + " WITH (FORCE) removes it"
        : "Database " + quoted + " keeps what was restored so far: empty it before another attempt";
  }
}
