package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.load.database.DatabaseChoices.Parts;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One restore of a database: looks, announces, makes, loads, completes. */
public final class DatabaseRestore {

  private static final int OLDEST_VERSION = 150_000;
  private static final int ANALYZED_AT_ONCE = 100;

  private final SnapshotReader snapshot;
  private final Server server;
  private final String place;
  private final DatabaseChoices choices;
  private final RestoreContext context;

  /**
   * Prepares it.
   *
   * @param server whose connections send statements as they are
   * @param place how messages call the server
   */
  public DatabaseRestore(
      SnapshotReader snapshot,
      Server server,
      String place,
      DatabaseChoices choices,
      RestoreContext context) {
    this.snapshot = snapshot;
    this.server = server;
    this.place = place;
    this.choices = choices;
    this.context = context;
  }

  /** Restores it. */
  public RestoreReport run() throws IOException, InterruptedException {
    StoredDatabase stored = StoredDatabase.of(snapshot, choices);
    String name = choices.name().orElse(stored.name());
    Preparation prepared = new Preparation(stored, name, choices, server, context);
    RestorePlan plan;
    try (TargetSession outside = outside()) {
      plan = prepared.plan(outside, place + ", database " + SqlText.name(name));
    }
    context.begin(plan);
    context.expect(stored.files(), stored.bytes());
    globals(stored);
    Unfinished unfinished = new Unfinished(name, stored.itself().isPresent());
    unfinished.run(() -> restore(stored, name, prepared, unfinished));
    return new RestoreReport(
        plan,
        Optional.empty(),
        Map.of(
            "database", SqlText.name(name),
            "tables", Integer.toString(stored.tables().size()),
            "rows", Long.toString(stored.rows())),
        stored.files(),
        stored.bytes(),
        List.of());
  }

  /** Each step has a session of its own: none is idle for the hours that another may take. */
  private TargetSession outside() throws IOException {
    return TargetSession.open(server, server.database(), Optional.empty(), context);
  }

  private TargetSession inside(String name) throws IOException {
    return TargetSession.open(server, name, choices.owner(), context);
  }

  private void globals(StoredDatabase stored) throws IOException, InterruptedException {
    if (stored.globals().isPresent()) {
      try (TargetSession outside = outside()) {
        stored.globals().get().check(new GlobalsRun(outside, context, false));
      }
    }
  }

  private void restore(
      StoredDatabase stored, String name, Preparation prepared, Unfinished unfinished)
      throws IOException, InterruptedException {
    Optional<DatabaseScript> itself =
        stored
            .itself()
            .map(script -> new DatabaseScript(script, stored.name(), name, choices, context));
    if (itself.isPresent()) {
      try (TargetSession outside = outside()) {
        itself.get().create(outside);
      }
    }
    definitions(stored.before(), name);
    RowLoads loads = new RowLoads(snapshot, server, name, choices, context, unfinished);
    if (choices.parts() == Parts.ROWS) {
      loads.intoExisting(prepared.waves());
    } else {
      loads.intoNew(stored.tables());
    }
    values(stored, name);
    definitions(stored.after(), name);
    analyze(stored.tables(), name);
    if (itself.isPresent()) {
      try (TargetSession outside = outside()) {
        itself.get().complete(outside);
      }
    }
  }

  private void definitions(Optional<ScriptFile> script, String name)
      throws IOException, InterruptedException {
    if (script.isPresent()) {
      try (TargetSession session = inside(name)) {
        script.get().read(new ScriptRun(session, choices, context));
      }
    }
  }

  private void values(StoredDatabase stored, String name) throws IOException, InterruptedException {
    if (stored.values().isPresent()) {
      try (TargetSession session = inside(name)) {
        stored.values().get().read(new ValuesRun(session, choices, context));
      }
    }
  }

  private void analyze(List<DumpedTable> tables, String name) throws IOException {
    if (!choices.analyze() || tables.isEmpty()) {
      return;
    }
    try (TargetSession session = inside(name)) {
      if (choices.parts() == Parts.ALL && choices.schemas().isEmpty()) {
        session.execute("ANALYZE");
        return;
      }
      List<String> names =
          tables.stream().map(each -> SqlText.name(each.schema(), each.name())).toList();
      for (int from = 0; from < names.size(); from += ANALYZED_AT_ONCE) {
        int to = Math.min(from + ANALYZED_AT_ONCE, names.size());
        session.execute("ANALYZE " + String.join(", ", names.subList(from, to)));
      }
    } catch (SQLException e) {
      throw Refusals.failure("Gathering statistics with ANALYZE", e);
    }
  }

  static void requireVersion(TargetSession session) throws BackupException {
    if (session.version() < OLDEST_VERSION) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "PostgreSQL " + session.version() / 10_000 + " is too old: 15 is the oldest");
    }
  }
}
