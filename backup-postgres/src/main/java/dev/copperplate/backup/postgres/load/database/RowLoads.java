package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.dump.DumpedTable.RowsFile;
import dev.copperplate.backup.postgres.load.StoredRows;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Collection;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.stream.Collectors;

/** Loads rows of many tables on several connections, the largest first. */
final class RowLoads {

  private final SnapshotReader snapshot;
  private final Server server;
  private final String database;
  private final DatabaseChoices choices;
  private final RestoreContext context;
  private final Unfinished unfinished;

  RowLoads(
      SnapshotReader snapshot,
      Server server,
      String database,
      DatabaseChoices choices,
      RestoreContext context,
      Unfinished unfinished) {
    this.snapshot = snapshot;
    this.server = server;
    this.database = database;
    this.choices = choices;
    this.context = context;
    this.unfinished = unfinished;
  }

  /** What one connection loads at a time. */
  @FunctionalInterface
  interface Load {
    void into(TargetSession session) throws IOException, InterruptedException;
  }

  /** Loads into tables that nobody knows yet: each file in a transaction of its own. */
  void intoNew(List<DumpedTable> tables) throws IOException, InterruptedException {
    record Part(DumpedTable table, RowsFile file) {}
    run(
        tables.stream()
            .flatMap(table -> table.files().stream().map(file -> new Part(table, file)))
            .sorted((a, b) -> Long.compare(b.file().bytes(), a.file().bytes()))
            .map(part -> load(part.table(), part.file()))
            .toList());
  }

  private Load load(DumpedTable table, RowsFile file) {
    String name = SqlText.name(table.schema(), table.name());
    StoredRows rows = new StoredRows(snapshot, table);
    return session -> {
      try {
        session.together(() -> rows.load(file, session.connection(), name));
      } catch (SQLException e) {
        throw Refusals.failure("Loading rows of " + name, e);
      }
    };
  }

  /** Loads into tables with foreign keys and triggers: those that others point to first. */
  void intoExisting(List<List<TableGroup>> waves) throws IOException, InterruptedException {
    for (List<TableGroup> wave : waves) {
      run(wave.stream().<Load>map(group -> session -> group.load(snapshot, session)).toList());
    }
  }

  private void run(Collection<Load> loads) throws IOException, InterruptedException {
    Queue<Load> queue = loads.stream().collect(Collectors.toCollection(ConcurrentLinkedQueue::new));
    int most = Math.min(Math.min(choices.connections(), context.workers().size()), loads.size());
    for (int i = 0; i < most; i++) {
      context
          .workers()
          .submit(
              () -> {
                // The first failure of a task is that of the run, whatever is made of it here.
                unfinished.run(() -> drain(queue));
                return null;
              });
    }
    context.workers().join();
  }

  private void drain(Queue<Load> queue) throws IOException, InterruptedException {
    try (TargetSession session = TargetSession.open(server, database, choices.owner(), context)) {
      for (Load each = queue.poll(); each != null; each = queue.poll()) {
        each.into(session);
      }
    }
  }
}
