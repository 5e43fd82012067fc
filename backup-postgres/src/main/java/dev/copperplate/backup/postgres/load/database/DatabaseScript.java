package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunContext;
import dev.copperplate.backup.postgres.load.script.ScriptStatement;
import dev.copperplate.backup.postgres.load.script.Token;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;

/**
 * Makes a database as it was, perhaps under another name. Whose it is and who may use it comes with
 * it; what is set for its sessions only when all else is done, so that it disturbs nothing.
 */
final class DatabaseScript {

  private final ScriptFile script;
  private final String source;
  private final String name;
  private final DatabaseChoices choices;
  private final RunContext context;

  /**
   * That of a database.
   *
   * @param source what it is called in the script
   * @param name what it is called on the server
   */
  DatabaseScript(
      ScriptFile script, String source, String name, DatabaseChoices choices, RunContext context) {
    this.script = script;
    this.source = source;
    this.name = name;
    this.choices = choices;
    this.context = context;
  }

  /**
   * Creates it.
   *
   * @param session in another database
   */
  void create(TargetSession session) throws IOException, InterruptedException {
    boolean[] created = {false};
    script.check(
        (statement, reader) -> {
          if (statement.begins("create", "database")) {
            created[0] = true;
            execute(statement, creation(statement), session);
          }
        });
    if (!created[0]) {
      // The script of a database that every cluster has.
      run("Creating database " + SqlText.name(name), creation(), session);
    }
    if (choices.owner().isPresent()) {
      String owner = SqlText.name(choices.owner().get());
      run(
          "Giving database " + SqlText.name(name) + " to " + owner,
          "ALTER DATABASE " + SqlText.name(name) + " OWNER TO " + owner,
          session);
    }
    StatementFilter filter = new StatementFilter(choices.allSchemas());
    script.check(
        (statement, reader) -> {
          if (filter.wants(statement) && isRight(statement)) {
            execute(statement, renamed(statement), session);
          }
        });
  }

  private String creation() {
    return "CREATE DATABASE " + SqlText.name(name) + " TEMPLATE = template0";
  }

  /** Settings, a comment and limits: what it was, it can also be without. */
  void complete(TargetSession session) throws IOException, InterruptedException {
    script.check((statement, reader) -> complete(statement, session));
  }

  private void complete(ScriptStatement statement, TargetSession session) throws IOException {
    boolean role = statement.begins("alter", "role");
    if (isRight(statement)
        || statement.begins("set")
        || statement.begins("reset")
        || statement.begins("create")
        || role && choices.staging()) {
      return;
    }
    try {
      session.execute(renamed(statement));
    } catch (SQLException e) {
      context.report(
          Finding.warning(
              SqlText.name(name),
              Refusals.text("A setting, comment or limit of the database", e),
              "See " + statement.place()));
    }
  }

  /** Whether it says whose the database is, or who may use it. */
  private static boolean isRight(ScriptStatement statement) {
    return statement.begins("grant")
        || statement.begins("revoke")
        || statement.has(1, "session", "authorization")
        || statement.begins("alter", "database") && statement.has(3, "owner", "to");
  }

  /** Tablespaces of production are none of staging. */
  private String creation(ScriptStatement statement) throws BackupException {
    List<Token> tokens = statement.tokens();
    for (int i = 3; choices.staging() && i + 2 < tokens.size(); i++) {
      if (statement.has(i, "tablespace", "=")) {
        return renamed(statement)
            .replace(" TABLESPACE = " + SqlText.name(statement.name(i + 2)), "");
      }
    }
    return renamed(statement);
  }

  private String renamed(ScriptStatement statement) throws BackupException {
    List<Token> tokens = statement.tokens();
    for (int i = 0; i + 1 < tokens.size(); i++) {
      if (tokens.get(i).is("database")) {
        if (!statement.name(i + 1).equals(source)) {
          break;
        }
        return statement.with(tokens.get(i + 1), SqlText.name(name));
      }
    }
    if (statement.has(1, "session", "authorization")) {
      return statement.sql();
    }
    throw new BackupException(
        Kind.DAMAGED, statement.place() + ": not about the database of this snapshot");
  }

  private void execute(ScriptStatement statement, String sql, TargetSession session)
      throws BackupException {
    run("Making database " + SqlText.name(name) + " as in " + statement.place(), sql, session);
  }

  private static void run(String doing, String sql, TargetSession session) throws BackupException {
    try {
      session.execute(sql);
    } catch (SQLException e) {
      throw Refusals.failure(doing, e);
    }
  }
}
