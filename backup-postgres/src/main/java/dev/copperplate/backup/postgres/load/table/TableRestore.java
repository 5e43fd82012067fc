package dev.copperplate.backup.postgres.load.table;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.load.StoredTables;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One restore of tables: looks at all of them, announces, then one transaction after the other. */
public final class TableRestore {

  private final SnapshotReader snapshot;
  private final TableChoices choices;
  private final RestoreContext context;
  private final Optional<SafetyCopy> safety;
  private final List<String> kept = new ArrayList<>();

  /**
   * Prepares it.
   *
   * @param safety keeps what would be destroyed, if that was asked for
   */
  public TableRestore(
      SnapshotReader snapshot,
      TableChoices choices,
      Optional<SafetyCopy> safety,
      RestoreContext context) {
    this.snapshot = snapshot;
    this.choices = choices;
    this.safety = safety;
    this.context = context;
  }

  /**
   * Restores.
   *
   * @param place what the plan calls the server
   */
  public RestoreReport run(LiveConnector connector, String place)
      throws IOException, InterruptedException {
    List<TableTree> trees = new TableTrees(StoredTables.of(snapshot), choices).find();
    try (LiveSession session = LiveSession.of(connector.connect(), choices.lockTimeout())) {
      context.attach((AutoCloseable) session::abort);
      return run(session, trees, place);
    } catch (SQLException e) {
      throw Connections.failure("Looking at the database that tables come back to", e);
    }
  }

  private RestoreReport run(LiveSession session, List<TableTree> trees, String place)
      throws IOException, InterruptedException, SQLException {
    TaskPlanner planner = new TaskPlanner(session, choices, context);
    List<TableTask> tasks = new ArrayList<>();
    for (TableTree each : trees) {
      tasks.add(planner.plan(each));
    }
    RestorePlan plan = plan(session, tasks, place);
    context.begin(plan);
    long files = trees.stream().mapToLong(TableTree::files).sum();
    context.expect(files, plan.bytes());
    restoreRows(session, tasks);
    ForeignKeys keys = new ForeignKeys(session, choices, tasks, context);
    for (TableTask each : tasks) {
      if (each.live().isEmpty()) {
        keys.add(each);
      }
    }
    long rows = trees.stream().mapToLong(TableTree::rows).sum();
    return new RestoreReport(plan, Optional.empty(), facts(rows), files, plan.bytes(), List.of());
  }

  private Map<String, String> facts(long rows) {
    return kept.isEmpty()
        ? Map.of("rows", Long.toString(rows))
        : Map.of("rows", Long.toString(rows), "kept", String.join(" ", kept));
  }

  private void restoreRows(LiveSession session, List<TableTask> tasks)
      throws IOException, InterruptedException {
    List<String> done = new ArrayList<>();
    for (TableTask each : tasks) {
      TableRun run = new TableRun(session, snapshot, each, safety);
      try {
        run.run();
      } catch (BackupException e) {
        throw done.isEmpty() ? e : after(done, e);
      }
      run.kept().ifPresent(kept::add);
      remark(each);
      done.add(each.target().sql());
    }
  }

  private static BackupException after(List<String> done, BackupException e) {
    return new BackupException(
        e.kind(),
        e.getMessage() + ". Restored before it, and there: " + String.join(", ", done),
        e.getCause());
  }

  private RestorePlan plan(LiveSession session, List<TableTask> tasks, String place)
      throws SQLException {
    session.look();
    String database = session.value("SELECT pg_catalog.current_database()");
    session.rollback();
    List<String> steps = new ArrayList<>();
    if (safety.isPresent() && tasks.stream().anyMatch(TableTask::destroys)) {
      steps.add(
          "Keep the rows that are removed in a snapshot, while nobody writes into their table");
    }
    tasks.forEach(each -> steps.addAll(each.steps()));
    if (choices.foreignKeys()) {
      steps.add("Add the foreign keys of new tables, without keeping other writers waiting");
    }
    return new RestorePlan(
        "database " + SqlText.name(database) + " of " + place,
        steps,
        tasks.stream().filter(TableTask::destroys).map(TableTask::destroyed).toList(),
        tasks.stream().mapToLong(each -> each.tree().bytes()).sum());
  }

  /** What a table was part of is not changed for it. */
  private void remark(TableTask task) {
    DumpedTable table = task.tree().table();
    if (task.live().isPresent()) {
      return;
    }
    for (DumpedTable.Parent each : table.parents()) {
      String parent = SqlText.name(each.schema(), each.name());
      String remedy =
          table.partitionBound().isEmpty()
              ? "ALTER TABLE " + task.target() + " INHERIT " + parent + ";"
              : "ALTER TABLE "
                  + parent
                  + " ATTACH PARTITION "
                  + task.target()
                  + " "
                  + table.partitionBound()
                  + ";";
      context.report(
          new Finding(
              Finding.Severity.INFO,
              task.target().sql(),
              "It stands alone, and not below " + parent,
              remedy));
    }
    context.report(
        Finding.info(
            task.target().sql(),
            "Grants, comments, triggers, row-level security, rules, statistics objects and"
                + " publications of the table are not restored: they are in 10-pre-data.sql and"
                + " 40-post-data.sql of the snapshot, where it has definitions"));
  }
}
