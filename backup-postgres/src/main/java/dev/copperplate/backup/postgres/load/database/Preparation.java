package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.load.database.DatabaseChoices.Parts;
import dev.copperplate.backup.postgres.load.script.ScriptStatement;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What is found out before the first change: whether the scripts hold what they may, whether the
 * database is there or not, and what is in it.
 */
final class Preparation {

  private final StoredDatabase stored;
  private final String name;
  private final DatabaseChoices choices;
  private final Server server;
  private final RestoreContext context;
  private final List<String> steps = new ArrayList<>();
  private final List<String> subscriptions = new ArrayList<>();
  private List<List<TableGroup>> waves = List.of();

  Preparation(
      StoredDatabase stored,
      String name,
      DatabaseChoices choices,
      Server server,
      RestoreContext context) {
    this.stored = stored;
    this.name = name;
    this.choices = choices;
    this.server = server;
    this.context = context;
  }

  /** In which order rows come into tables that are there. */
  List<List<TableGroup>> waves() {
    return waves;
  }

  /** Looks, and says what will be done. */
  RestorePlan plan(TargetSession maintenance, String destination)
      throws IOException, InterruptedException {
    DatabaseRestore.requireVersion(maintenance);
    globals(maintenance);
    requirePlace(maintenance);
    requireOwner(maintenance);
    database();
    long before = statements(stored.before());
    long after = statements(stored.after());
    definitions(before, "types, functions, tables and views");
    if (choices.parts() == Parts.ROWS) {
      existing();
    } else if (choices.existing()) {
      requireEmpty();
    }
    rows();
    definitions(after, "indexes, constraints, triggers and policies");
    end();
    return new RestorePlan(destination, steps, List.of(), stored.bytes());
  }

  private void globals(TargetSession maintenance) throws IOException, InterruptedException {
    if (stored.globals().isPresent()) {
      GlobalsRun look = new GlobalsRun(maintenance, context, true);
      stored.globals().get().check(look);
      steps.add(
          look.made().isEmpty()
              ? "Make no roles and tablespaces: none is missing"
              : "Make " + String.join(", ", look.made()));
    }
  }

  private void requirePlace(TargetSession maintenance) throws BackupException {
    boolean there = has(maintenance, "SELECT 1 FROM pg_catalog.pg_database WHERE datname = ", name);
    if (there && !choices.existing()) {
      throw new BackupException(
          Kind.ALREADY_EXISTS,
          "Database "
              + SqlText.name(name)
              + " is there already: give the restored one another name with as(), or say"
              + " intoExisting() if it is empty");
    }
    if (!there && choices.existing()) {
      throw new BackupException(Kind.NOT_FOUND, "There is no database " + SqlText.name(name));
    }
  }

  private void requireOwner(TargetSession maintenance) throws BackupException {
    if (choices.owner().isPresent()
        && !has(
            maintenance,
            "SELECT 1 FROM pg_catalog.pg_roles WHERE rolname = ",
            choices.owner().get())) {
      throw new BackupException(
          Kind.NOT_FOUND, "There is no role " + SqlText.name(choices.owner().get()));
    }
  }

  private static boolean has(TargetSession session, String query, String value)
      throws BackupException {
    try {
      return session.has(query + SqlText.literal(value));
    } catch (SQLException e) {
      throw Refusals.failure("Looking at what is there", e);
    }
  }

  private void database() throws IOException, InterruptedException {
    String owner =
        choices.owner().map(each -> ", all of it as role " + SqlText.name(each)).orElse("");
    steps.add(
        choices.existing()
            ? "Use database " + SqlText.name(name) + owner
            : "Create database " + SqlText.name(name) + owner);
    statements(stored.itself());
  }

  /** Reads a script through, so that what it may not hold is refused before the first change. */
  private long statements(Optional<ScriptFile> script) throws IOException, InterruptedException {
    long[] count = {0};
    if (script.isPresent()) {
      StatementFilter filter = new StatementFilter(choices);
      script
          .get()
          .check(
              (statement, reader) -> {
                if (filter.wants(statement)) {
                  count[0]++;
                  note(statement);
                }
              });
    }
    return count[0];
  }

  private void note(ScriptStatement statement) {
    if (statement.begins("create", "subscription")) {
      subscriptions.add(SqlText.name(statement.name(2)));
    }
  }

  private void definitions(long count, String kinds) {
    if (choices.parts() != Parts.ROWS) {
      String where =
          choices.schemas().isEmpty()
              ? ""
              : " of schemas " + SqlText.names(List.copyOf(choices.schemas()));
      steps.add("Run " + count + " statements that define " + kinds + where);
    }
  }

  private void requireEmpty() throws IOException {
    try (TargetSession session = TargetSession.open(server, name, choices.owner(), context)) {
      List<String> some = UserObjects.some(session, choices.schemas());
      if (!some.isEmpty()) {
        throw new BackupException(
            Kind.ALREADY_EXISTS,
            "Database "
                + SqlText.name(name)
                + " is not empty: it has "
                + String.join(", ", some)
                + ". Restore into another, with as()");
      }
    } catch (SQLException e) {
      throw Refusals.failure("Looking into database " + SqlText.name(name), e);
    }
  }

  private void existing() throws IOException {
    try (TargetSession session = TargetSession.open(server, name, choices.owner(), context)) {
      ExistingTables.require(stored.tables(), session);
      waves = ForeignKeys.read(session).order(stored.tables());
      List<String> triggers = ExistingTables.triggers(stored.tables(), session);
      if (!triggers.isEmpty()) {
        steps.add("Let these triggers not fire meanwhile: " + String.join(", ", triggers));
      }
    } catch (SQLException e) {
      throw Refusals.failure("Looking into database " + SqlText.name(name), e);
    }
  }

  private void rows() {
    if (choices.parts() == Parts.DEFINITIONS) {
      return;
    }
    steps.add(
        "Load "
            + stored.rows()
            + " rows of "
            + stored.tables().size()
            + " tables on "
            + choices.connections()
            + " connections at most"
            + (waves.isEmpty() ? "" : ", those first that foreign keys point to"));
    steps.add(
        choices.schemas().isEmpty()
            ? "Set sequences, and make large objects and rows of extensions"
            : "Set sequences");
  }

  private void end() {
    if (!subscriptions.isEmpty()) {
      steps.add(
          "Leave subscriptions disabled, as they are created without connecting: "
              + String.join(", ", subscriptions));
    }
    if (choices.staging()) {
      steps.add(
          "Leave out owners, rights, labels, tablespaces, user mappings, publications,"
              + " subscriptions and event triggers");
    }
    if (choices.analyze() && !stored.tables().isEmpty()) {
      steps.add("Gather statistics with ANALYZE");
    }
  }
}
