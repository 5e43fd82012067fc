package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.dump.LogicalFacts;
import dev.copperplate.backup.postgres.dump.LogicalLayout;
import dev.copperplate.backup.postgres.load.StoredTables;
import dev.copperplate.backup.postgres.load.database.DatabaseChoices.Parts;
import dev.copperplate.backup.postgres.load.script.StatementRules;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * A database of a snapshot, as far as it is wanted. What is not wanted is not there.
 *
 * @param name in the snapshot
 * @param globals roles and tablespaces
 * @param itself the database as such
 * @param before definitions that come before rows
 * @param tables those whose rows are loaded
 * @param values sequences, large objects, and rows of extensions
 * @param after definitions that come behind rows
 */
record StoredDatabase(
    String name,
    Optional<ScriptFile> globals,
    Optional<ScriptFile> itself,
    Optional<ScriptFile> before,
    List<DumpedTable> tables,
    Optional<ScriptFile> values,
    Optional<ScriptFile> after) {

  /** Finds it. */
  static StoredDatabase of(SnapshotReader snapshot, DatabaseChoices choices) throws IOException {
    StoredTables stored = StoredTables.of(snapshot);
    String name = name(stored.databases(), choices);
    boolean definitions = choices.parts() != Parts.ROWS;
    boolean rows = choices.parts() != Parts.DEFINITIONS;
    if ((definitions || choices.globals())
        && !snapshot.manifest().get(LogicalFacts.DEFINITIONS).equals(Optional.of("yes"))) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "The snapshot holds rows alone, no definitions: let the migrations make the tables, and"
              + " say rowsOnly()");
    }
    EntryPath directory = LogicalLayout.database(name);
    List<DumpedTable> tables =
        rows
            ? stored.all(
                each ->
                    each.database().equals(name)
                        && !each.files().isEmpty()
                        && choices.wants(each.schema()))
            : List.of();
    Scripts scripts = new Scripts(snapshot);
    return new StoredDatabase(
        name,
        scripts.find(choices.globals(), LogicalLayout.GLOBALS, StatementRules.GLOBALS),
        scripts.find(
            definitions && !choices.existing(),
            directory.child(LogicalLayout.DATABASE_FILE),
            StatementRules.DATABASE),
        scripts.find(
            definitions, directory.child(LogicalLayout.PRE_DATA_FILE), StatementRules.DEFINITIONS),
        tables,
        scripts.find(rows, directory.child(LogicalLayout.SEQUENCES_FILE), StatementRules.VALUES),
        scripts.find(
            definitions,
            directory.child(LogicalLayout.POST_DATA_FILE),
            StatementRules.DEFINITIONS));
  }

  private record Scripts(SnapshotReader snapshot) {
    Optional<ScriptFile> find(boolean wanted, EntryPath path, StatementRules rules)
        throws IOException {
      return wanted ? Optional.of(ScriptFile.of(snapshot, path, rules)) : Optional.empty();
    }
  }

  private static String name(List<String> databases, DatabaseChoices choices)
      throws BackupException {
    String all = SqlText.names(databases);
    if (choices.database().isPresent()) {
      String name = choices.database().get();
      if (!databases.contains(name)) {
        throw new BackupException(
            Kind.NOT_FOUND,
            "The snapshot holds no database " + SqlText.name(name) + ", but " + all);
      }
      return name;
    }
    if (databases.size() != 1) {
      throw new BackupException(
          Kind.INVALID, "Say which database() of the snapshot is meant. It holds: " + all);
    }
    return databases.get(0);
  }

  long rows() {
    return tables.stream().mapToLong(DumpedTable::rows).sum();
  }

  /** How many files are read. */
  long files() {
    return scripts().size() + tables.stream().mapToLong(each -> each.files().size()).sum();
  }

  /** How many bytes of scripts and rows. */
  long bytes() {
    return scripts().stream().mapToLong(ScriptFile::size).sum()
        + tables.stream()
            .flatMap(each -> each.files().stream())
            .mapToLong(DumpedTable.RowsFile::bytes)
            .sum();
  }

  private List<ScriptFile> scripts() {
    return Stream.of(globals, itself, before, values, after).flatMap(Optional::stream).toList();
  }
}
