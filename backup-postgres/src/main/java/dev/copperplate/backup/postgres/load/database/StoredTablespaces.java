package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.dump.LogicalLayout;
import dev.copperplate.backup.postgres.load.script.StatementRules;
import java.io.IOException;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** The tablespaces of a logical snapshot, for whoever makes them elsewhere. */
public final class StoredTablespaces {

  private StoredTablespaces() {}

  /** Their names. */
  public static List<String> of(SnapshotReader snapshot) throws IOException, InterruptedException {
    Set<String> names = new TreeSet<>();
    ScriptFile.of(snapshot, LogicalLayout.GLOBALS, StatementRules.GLOBALS)
        .check(
            (statement, reader) -> {
              if (statement.begins("create", "tablespace")) {
                names.add(statement.name(2));
              }
            });
    return List.copyOf(names);
  }
}
