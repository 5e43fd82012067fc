package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunContext;
import dev.copperplate.backup.postgres.load.script.ScriptReader;
import dev.copperplate.backup.postgres.load.script.ScriptStatement;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * Makes the roles and tablespaces that are missing. What is there stays as it is, but for becoming
 * a member of a new role, or having a new member. What the server refuses is reported, and the rest
 * is made.
 */
final class GlobalsRun implements ScriptFile.Visitor {

  private final TargetSession session;
  private final RunContext context;
  private final boolean dry;
  private final Set<String> roles;
  private final Set<String> tablespaces;
  private final List<String> made = new ArrayList<>();
  private final Set<String> superusers = new HashSet<>();
  private final Set<String> newRoles = new HashSet<>();
  private final Set<String> newTablespaces = new HashSet<>();

  /**
   * For one server.
   *
   * @param dry whether it only finds out what is missing
   */
  GlobalsRun(TargetSession session, RunContext context, boolean dry) throws IOException {
    this.session = session;
    this.context = context;
    this.dry = dry;
    try {
      roles = new HashSet<>(session.column("SELECT rolname FROM pg_catalog.pg_roles"));
      tablespaces = new HashSet<>(session.column("SELECT spcname FROM pg_catalog.pg_tablespace"));
    } catch (SQLException e) {
      throw Connections.failure("Asking for roles and tablespaces", e);
    }
  }

  /** What is made: roles and tablespaces, as SQL names them, and which of them may everything. */
  List<String> made() {
    return made.stream()
        .map(each -> superusers.contains(each) ? each + " (a superuser)" : each)
        .toList();
  }

  @Override
  public void visit(ScriptStatement statement, ScriptReader reader) throws IOException {
    if (statement.begins("create", "role")) {
      note("role ", statement.name(2), roles, newRoles);
    } else if (statement.begins("create", "tablespace")) {
      note("tablespace ", statement.name(2), tablespaces, newTablespaces);
    }
    if (statement.begins("alter", "role") && statement.has(3, "with", "superuser")) {
      superusers.add("role " + SqlText.name(statement.name(2)));
    }
    if (!dry && wants(statement)) {
      run(statement);
    }
  }

  private void note(String kind, String name, Set<String> existing, Set<String> missing) {
    if (!existing.contains(name) && missing.add(name)) {
      made.add(kind + SqlText.name(name));
    }
  }

  private boolean wants(ScriptStatement statement) {
    if (statement.begins("comment", "on") || statement.has(0, "security", "label")) {
      int place = statement.begins("comment") ? 2 : labelled(statement);
      return isNew(statement, place);
    }
    if (statement.begins("grant") || statement.begins("revoke")) {
      return isGrantOfNew(statement);
    }
    return !statement.begins("set") && isNew(statement, 1);
  }

  /** Where the object of a label is named: {@code SECURITY LABEL FOR provider ON ROLE name}. */
  private static int labelled(ScriptStatement statement) {
    return statement.has(2, "for") ? 5 : 3;
  }

  private boolean isNew(ScriptStatement statement, int place) {
    String name = statement.name(place + 1);
    return statement.has(place, "role") && newRoles.contains(name)
        || statement.has(place, "tablespace") && newTablespaces.contains(name);
  }

  private boolean isGrantOfNew(ScriptStatement statement) {
    for (int i = 1; i < statement.tokens().size(); i++) {
      boolean named = newRoles.contains(statement.name(i));
      if (statement.has(i, "on", "tablespace")) {
        return newTablespaces.contains(statement.name(i + 2));
      }
      if (named) {
        return true;
      }
    }
    return false;
  }

  private void run(ScriptStatement statement) throws IOException {
    try {
      session.execute(statement.sql());
    } catch (SQLException e) {
      String state = e.getSQLState() == null ? "" : e.getSQLState();
      if (state.startsWith("08") || state.startsWith("57")) {
        throw Refusals.failure("Making roles and tablespaces", e);
      }
      context.report(
          Finding.warning(
              statement.place(),
              Refusals.text("Making a role or a tablespace", e),
              "Make it by hand; globals.sql of the snapshot says how it was"));
    }
  }
}
