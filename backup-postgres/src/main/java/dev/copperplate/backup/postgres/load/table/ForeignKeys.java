package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.postgres.dump.DumpedTable.Constraint;
import dev.copperplate.backup.postgres.load.LoadFailure;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Adds the foreign keys of new tables, once all rows are there. The lock that this takes of the
 * other table keeps its writers out, so it is waited for a millisecond at a time, lest they queue
 * behind us, and tried again and again; it is held while a row of the catalog is written. All rows
 * are looked at afterwards, under a lock that writers do not notice.
 */
final class ForeignKeys {

  private static final long PAUSE_MILLIS = 100;
  private static final int OF_PARTITIONED_SINCE = 18;

  private final LiveSession session;
  private final TableChoices choices;
  private final RestoreContext context;
  private final Map<TableName, TableName> restored = new HashMap<>();

  ForeignKeys(
      LiveSession session, TableChoices choices, List<TableTask> tasks, RestoreContext context) {
    this.session = session;
    this.choices = choices;
    this.context = context;
    for (TableTask task : tasks) {
      task.tree().all().forEach(each -> restored.put(each.stored(), each.target()));
    }
  }

  /** Adds those of a new table, or reports them. */
  void add(TableTask task) throws IOException, InterruptedException {
    for (TableTree each : task.tree().all()) {
      NewTable table = new NewTable(each, !each.equals(task.tree()), task.sequences());
      for (Constraint constraint : table.foreignKeys()) {
        add(task, key(each, constraint), each);
      }
    }
  }

  private ForeignKey key(TableTree table, Constraint constraint) throws BackupException {
    try {
      ForeignKey key = ForeignKey.parse(table.target(), constraint.name(), constraint.definition());
      return key.referring(restored.getOrDefault(key.referenced(), key.referenced()));
    } catch (IllegalArgumentException wrong) {
      throw new BackupException(
          Kind.DAMAGED,
          "A foreign key of table "
              + table.stored()
              + " is none in the snapshot. Its rows are back");
    }
  }

  private void add(TableTask task, ForeignKey key, TableTree table)
      throws IOException, InterruptedException {
    String subject = key.table().sql();
    boolean partitioned = !table.table().partitionKey().isEmpty();
    try {
      if (!choices.foreignKeys()) {
        left(subject, key, "was not asked for");
      } else if (partitioned && session.version() < OF_PARTITIONED_SINCE) {
        left(subject, key, "cannot be added to a partitioned table without a long lock");
      } else if (!exists(key.referenced())) {
        left(subject, key, "refers to a table that is not there");
      } else if (!added(task, key)) {
        left(subject, key, "would have kept writers of that table waiting");
      } else if (key.validated()) {
        validate(task, key);
      }
    } catch (BackupException e) {
      // The rows are back, and stay.
      left(subject, key, "is refused by the server (" + Connections.state(e) + ")");
    } catch (SQLException e) {
      throw LoadFailure.of("Adding a foreign key to " + subject, e);
    }
  }

  private void left(String subject, ForeignKey key, String why) {
    context.report(
        Finding.warning(
            subject,
            "Foreign key to " + key.referenced() + " is left out: it " + why,
            key.script()));
  }

  private boolean exists(TableName name) throws SQLException {
    session.look();
    boolean exists = session.is("SELECT pg_catalog.to_regclass(?) IS NOT NULL", name.sql());
    session.rollback();
    return exists;
  }

  /** Whether it is there now. */
  private boolean added(TableTask task, ForeignKey key)
      throws IOException, InterruptedException, SQLException {
    long end = System.nanoTime() + choices.lockTimeout().toNanos();
    while (!attempt(task, key)) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(PAUSE_MILLIS);
    }
    return true;
  }

  private boolean attempt(TableTask task, ForeignKey key) throws IOException, SQLException {
    session.begin();
    session.become(task.role());
    session.execute("SET LOCAL lock_timeout = 1");
    try {
      session.run("Adding a foreign key to " + key.table(), key.add(), true);
      session.commit();
      return true;
    } catch (BackupException e) {
      session.rollback();
      if (Connections.state(e).equals(LiveSession.LOCK_REFUSED)) {
        return false;
      }
      throw e;
    }
  }

  private void validate(TableTask task, ForeignKey key) throws SQLException {
    session.begin();
    session.become(task.role());
    try {
      session.slowly(key.validate());
      session.commit();
    } catch (SQLException e) {
      session.rollback();
      context.report(
          Finding.warning(
              key.table().sql(),
              "Foreign key "
                  + SqlText.name(key.name())
                  + " to "
                  + key.referenced()
                  + " is there, but is not known to hold for the rows that were restored ("
                  + e.getSQLState()
                  + ")",
              "Mend the rows, then " + key.validate() + ";"));
    }
  }
}
