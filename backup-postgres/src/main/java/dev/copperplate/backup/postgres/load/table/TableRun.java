package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.dump.DumpedTable.Constraint;
import dev.copperplate.backup.postgres.dump.DumpedTable.Index;
import dev.copperplate.backup.postgres.load.LoadFailure;
import dev.copperplate.backup.postgres.load.StoredRows;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;

/**
 * Restores one table in one transaction, as its owner. Nobody else sees it before all of it is
 * there; what fails leaves nothing.
 */
final class TableRun {

  private final LiveSession session;
  private final SnapshotReader snapshot;
  private final TableTask task;
  private final TableTree tree;
  private final Optional<SafetyCopy> safety;
  private Optional<String> kept = Optional.empty();

  TableRun(
      LiveSession session, SnapshotReader snapshot, TableTask task, Optional<SafetyCopy> safety) {
    this.session = session;
    this.snapshot = snapshot;
    this.task = task;
    this.tree = task.tree();
    this.safety = safety;
  }

  /** The run that keeps what was there before, if that was asked for. */
  Optional<String> kept() {
    return kept;
  }

  void run() throws IOException, InterruptedException {
    try {
      session.begin();
      session.become(task.role());
      if (task.live().isPresent()) {
        existing(task.live().get());
      } else {
        fresh();
      }
      session.commit();
    } catch (SQLException e) {
      throw failure(e);
    }
  }

  private BackupException failure(SQLException e) {
    BackupException failure = LoadFailure.of("Restoring table " + task.target(), e);
    if (!LiveSession.LOCK_REFUSED.equals(e.getSQLState()) || task.live().isEmpty()) {
      return failure;
    }
    return new BackupException(
        Kind.LOCKED,
        "Restoring table "
            + task.target()
            + " is given up, its lock did not come: "
            + Holders.of(session, task.live().get(), task.destroys()),
        failure.getCause());
  }

  // ---- a table that is there

  private void existing(LiveTable live) throws IOException, InterruptedException, SQLException {
    String only = live.kind() == 'p' ? "" : "ONLY ";
    boolean keeps = task.destroys() && safety.isPresent();
    // The copy is read by others, while nobody writes.
    String mode = task.destroys() && !keeps ? "ACCESS EXCLUSIVE" : "SHARE ROW EXCLUSIVE";
    session.execute("LOCK TABLE " + only + live.name().sql() + " IN " + mode + " MODE");
    requireUnchanged(live);
    if (keeps) {
      keep(live, safety.get());
    }
    for (LiveTrigger each : live.triggers()) {
      session.execute(each.disable());
    }
    if (task.destroys()) {
      session.execute("TRUNCATE TABLE " + only + live.name().sql());
    }
    load();
    for (LiveTrigger each : live.triggers()) {
      session.execute(each.enable());
    }
    finish();
  }

  private void keep(LiveTable live, SafetyCopy copy)
      throws IOException, InterruptedException, SQLException {
    String database = session.value("SELECT pg_catalog.current_database()");
    List<String> names = PartitionTree.names(live.name(), session.connection());
    kept = Optional.of(copy.take(database, live.name(), names));
  }

  /** What was planned may be wrong by now. */
  private void requireUnchanged(LiveTable live) throws IOException, SQLException {
    Optional<LiveTable> now = LiveTable.find(session, live.name());
    boolean same =
        now.isPresent()
            && now.get().oid() == live.oid()
            && now.get().owner().equals(live.owner())
            && now.get().triggers().equals(live.triggers())
            && (task.destroys() || live.isEmpty(session));
    if (!same) {
      throw new BackupException(
          Kind.CONFLICT,
          "Table " + live.name() + " is not restored: it was changed meanwhile. Look again");
    }
  }

  // ---- a table that is not there

  private void fresh() throws IOException, SQLException {
    List<NewTable> tables = new ArrayList<>();
    for (TableTree each : tree.all()) {
      tables.add(new NewTable(each, !each.equals(tree), task.sequences()));
    }
    for (NewTable each : tables) {
      create(each);
    }
    attach(tree);
    load();
    Collections.reverse(tables); // what partitions have already is not made for them again
    for (NewTable each : tables) {
      complete(each);
    }
    finish();
  }

  private void create(NewTable table) throws IOException {
    String what = "Creating table " + table.tree().target();
    for (String each : table.createSequences()) {
      session.run("Creating a sequence of table " + table.tree().target(), each, false);
    }
    session.run(what, definition(what, table), false);
    for (String each : table.ownSequences()) {
      session.run(what, each, false);
    }
  }

  private static String definition(String what, NewTable table) throws BackupException {
    try {
      return table.create();
    } catch (IllegalArgumentException wrong) {
      throw notDone(what);
    }
  }

  private static BackupException notDone(String what) {
    return new BackupException(
        Kind.DAMAGED, what + " is not done: its definition in the snapshot is none");
  }

  private void attach(TableTree parent) throws IOException {
    for (TableTree each : parent.partitions()) {
      NewTable partition = new NewTable(each, true, task.sequences());
      session.run("Attaching partition " + each.target(), partition.attach(parent.target()), false);
      attach(each);
    }
  }

  private void complete(NewTable table) throws IOException, SQLException {
    NameSearch names = new NameSearch(session);
    TableName target = table.tree().target();
    for (Constraint each : table.keys()) {
      String sql = table.add(each, kept(names, target, each.name()));
      session.run("Adding constraint " + SqlText.name(each.name()) + " to " + target, sql, true);
    }
    for (Index each : table.tree().table().indexes()) {
      String what = "Creating index " + SqlText.name(each.name()) + " of " + target;
      session.run(what, index(what, each, target, names), true);
    }
    for (Constraint each : table.openChecks()) {
      String sql = table.add(each, Optional.of(each.name()));
      session.run("Adding constraint " + SqlText.name(each.name()) + " to " + target, sql, true);
    }
  }

  private static String index(String what, Index index, TableName target, NameSearch names)
      throws BackupException, SQLException {
    try {
      Optional<String> name = kept(names, target, index.name());
      return IndexDefinition.parse(index.definition()).on(target, name);
    } catch (IllegalArgumentException wrong) {
      throw notDone(what);
    }
  }

  /** Its name, if nothing is called so. */
  private static Optional<String> kept(NameSearch names, TableName table, String name)
      throws SQLException {
    boolean free = names.isFree(new TableName(table.schema(), name));
    return free ? Optional.of(name) : Optional.empty();
  }

  // ---- both

  private void load() throws IOException {
    for (TableTree each : tree.all()) {
      new StoredRows(snapshot, each.table()).load(session.connection(), tree.target().sql());
    }
  }

  private void finish() throws SQLException {
    new SequencePositions(session).set(tree);
    session.slowly("ANALYZE " + tree.target().sql());
  }
}
