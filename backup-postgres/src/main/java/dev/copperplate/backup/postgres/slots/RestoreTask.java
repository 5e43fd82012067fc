package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.BackupException;
import java.sql.SQLException;

/**
 * One thing that a restore does.
 *
 * @param database in which; empty in any
 * @param words for its plan
 */
record RestoreTask(String database, String words, Work work) {

  /** What is done. A failure is of this task alone. */
  interface Work {
    void run(Session session) throws BackupException, SQLException;
  }
}
