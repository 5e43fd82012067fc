package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.postgres.RecoveryTarget;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.dump.LogicalFacts;
import dev.copperplate.backup.postgres.load.StoredTables;
import dev.copperplate.backup.postgres.scratch.PostgresBinaries;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A drill on a logical snapshot: has its databases restored into an empty cluster, and asks it. */
public final class LogicalDrill {

  private static final String NAME = "PostgreSQL drill";

  /** What is said of the checks; the rest of it tells of a recovery. */
  private static final Set<String> CHECKED = Set.of("indexes", "answers", "collations");

  private final DrillChoices choices;
  private final SnapshotReader snapshot;
  private final RestoreContext context;
  private final Map<String, String> facts = new HashMap<>();

  public LogicalDrill(DrillChoices choices, SnapshotReader snapshot, RestoreContext context) {
    this.choices = choices;
    this.snapshot = snapshot;
    this.context = context;
  }

  /** Whether a snapshot is one for it. */
  public static boolean isFor(SnapshotReader snapshot) throws IOException {
    return snapshot.manifest().get(LogicalFacts.KIND).equals(Optional.of(LogicalFacts.LOGICAL));
  }

  /** Makes the drill. */
  public Verification run() throws IOException, InterruptedException {
    if (!choices.target().equals(RecoveryTarget.latest())) {
      throw new BackupException(
          Kind.INVALID,
          "A logical snapshot is of one moment and cannot recover to "
              + choices.target()
              + ": leave the target out");
    }
    StoredTables stored = StoredTables.of(snapshot);
    if (!snapshot.manifest().get(LogicalFacts.DEFINITIONS).equals(Optional.of("yes"))) {
      return rowsAlone(stored);
    }
    PostgresBinaries programs = programs();
    announce(stored);
    Instant begin = context.clock().instant();
    new EmptyCluster(choices, programs, context)
        .use(
            connections -> {
              restore(stored, connections, begin);
              check(connections);
              return programs;
            });
    return Verification.of(NAME, Proof.RESTORED, List.of(), facts);
  }

  private PostgresBinaries programs() throws IOException, InterruptedException {
    PostgresBinaries programs = choices.binaries();
    int major = major();
    if (programs.major() < major) {
      throw new BackupException(
          Kind.INVALID,
          "The snapshot is not restored: it is of PostgreSQL "
              + major
              + ", and the programs in "
              + programs.directory()
              + " are "
              + programs.version()
              + ". Name programs of that major version or a newer one");
    }
    facts.put("programs", programs.version());
    return programs;
  }

  private int major() throws IOException {
    String version = snapshot.manifest().get(LogicalFacts.SERVER_VERSION).orElse("");
    if (!version.matches("[0-9]{5,6}")) {
      throw new BackupException(
          Kind.DAMAGED, "The snapshot does not say of which version it is: '" + version + "'");
    }
    return Integer.parseInt(version) / 10_000;
  }

  /** Rows take at least as much as their text, so that a drill without that room is not begun. */
  private void announce(StoredTables stored) throws IOException {
    long files = 0;
    long bytes = 0;
    for (DumpedTable each : stored.all(DumpedTable::captured)) {
      for (DumpedTable.RowsFile file : each.files()) {
        files++;
        bytes += file.bytes();
      }
    }
    String destination = "a new cluster in " + context.scratch();
    List<String> steps = List.of("Restore databases " + stored.databases());
    new DrillContext(context).begin(new RestorePlan(destination, steps, List.of(), bytes));
    context.expect(files, bytes);
  }

  private void restore(StoredTables stored, DrillConnections connections, Instant begin)
      throws IOException, InterruptedException {
    Instant started = context.clock().instant();
    List<String> restored =
        new BroughtBackDatabases(snapshot, connections, context).restore(stored.databases());
    connections.disarm();
    took("restore-milliseconds", started);
    took("milliseconds", begin);
    facts.put("databases", Integer.toString(restored.size()));
    count(stored, restored, connections);
  }

  private void count(StoredTables stored, List<String> databases, DrillConnections connections)
      throws IOException, InterruptedException {
    long tables = 0;
    long rows = 0;
    for (String each : databases) {
      BroughtBackRows counted = new BroughtBackRows(each, connections, context);
      counted.compare(stored.in(each));
      tables += counted.tables();
      rows += counted.rows();
    }
    facts.put("tables", Long.toString(tables));
    facts.put("rows", Long.toString(rows));
  }

  private void check(DrillConnections connections) throws IOException, InterruptedException {
    Instant begin = context.clock().instant();
    Map<String, String> checked =
        new HashMap<>(new DrillChecks(connections, context).run(choices.answers()));
    checked.keySet().retainAll(CHECKED);
    facts.putAll(checked);
    took("check-milliseconds", begin);
  }

  private void took(String fact, Instant begin) {
    Duration taken = Duration.between(begin, context.clock().instant());
    facts.put(fact, Long.toString(taken.toMillis()));
  }

  /** Nothing can be restored; all that it names is stored, or opening throws. */
  private Verification rowsAlone(StoredTables stored) throws IOException {
    for (DumpedTable table : stored.all(DumpedTable::captured)) {
      for (DumpedTable.RowsFile file : table.files()) {
        if (!isThere(file)) {
          context.report(
              Finding.error(
                  file.path(),
                  "A file of the rows of "
                      + SqlText.name(table.schema(), table.name())
                      + " is not in the snapshot",
                  "Use another snapshot"));
        }
      }
    }
    context.report(
        Finding.warning(
            snapshot.snapshot().run().toString(),
            "Nothing was restored: the snapshot holds rows alone, and no definitions of tables to put"
                + " them into. It was looked whether its files are stored",
            "Let the migrations make the tables in a test, and restore with rowsOnly()"));
    return Verification.of(NAME, Proof.STRUCTURE, List.of(), facts);
  }

  private boolean isThere(DumpedTable.RowsFile file) throws IOException {
    Optional<Entry> entry;
    try {
      entry = snapshot.entry(EntryPath.of(file.path()));
    } catch (IllegalArgumentException noPath) {
      return false;
    }
    if (entry.isEmpty() || entry.get().type() != EntryType.FILE) {
      return false;
    }
    snapshot.open(entry.get(), ByteRange.ALL).close();
    return true;
  }
}
