package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunContext;
import dev.copperplate.backup.postgres.load.script.ScriptReader;
import dev.copperplate.backup.postgres.load.script.ScriptStatement;
import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLWarning;

/** Runs the statements of a script that are wanted, one at a time, each in its own transaction. */
final class ScriptRun implements ScriptFile.Visitor {

  private static final int MAX_WARNINGS = 20;

  /** Since which version a server knows a setting that newer programs write into every dump. */
  private static final int TRANSACTION_TIMEOUT_SINCE = 170_000;

  /** Since which version a session can say that none of them runs. */
  private static final int EVENT_TRIGGERS_CAN_BE_OFF_SINCE = 170_000;

  private static final String NO_PRIVILEGE = "42501";
  private static final String NO_OBJECT = "42704";
  private static final String SCHEMA_EXISTS = "42P06";
  private static final String NOT_NOW = "55000";

  private final TargetSession session;
  private final DatabaseChoices choices;
  private final StatementFilter filter;
  private final RunContext context;
  private int warnings;

  ScriptRun(TargetSession session, DatabaseChoices choices, RunContext context) {
    this.session = session;
    this.choices = choices;
    this.filter = new StatementFilter(choices);
    this.context = context;
  }

  @Override
  public void visit(ScriptStatement statement, ScriptReader reader)
      throws IOException, InterruptedException {
    try {
      if (ScriptFile.isEncoding(statement)) {
        String encoding = ScriptFile.encoding(statement);
        session.encoding(encoding);
        reader.charset(ScriptFile.charset(encoding));
      } else if (filter.wants(statement) && isFit(statement)) {
        run(statement);
        reader.standardStrings(session.standardStrings());
      }
    } catch (SQLException e) {
      throw Refusals.failure("Restoring " + statement, e);
    }
  }

  /** Whether this server, with what is in it, can take it. */
  private boolean isFit(ScriptStatement statement) throws SQLException {
    if (statement.begins("set", "transaction_timeout")) {
      return session.version() >= TRANSACTION_TIMEOUT_SINCE;
    }
    if (choices.secluded() && StatementFilter.isEventTrigger(statement)) {
      return session.version() >= EVENT_TRIGGERS_CAN_BE_OFF_SINCE;
    }
    return choices.schemas().isEmpty() || Extensions.isFit(statement, session);
  }

  private void run(ScriptStatement statement) throws IOException, SQLException {
    try {
      for (SQLWarning each : session.warned(statement.sql())) {
        warn(statement, each);
      }
    } catch (SQLException e) {
      if (!isBorne(statement, e)) {
        throw e;
      }
    }
  }

  private void warn(ScriptStatement statement, SQLWarning warning) {
    if (warnings++ < MAX_WARNINGS) {
      String words = Refusals.words(warning.getMessage());
      String code = "the server warned (" + warning.getSQLState() + ")";
      context.report(
          Finding.info(statement.toString(), words.isEmpty() ? code : code + ": " + words));
    }
  }

  /** Whether a restore goes on without it. */
  private boolean isBorne(ScriptStatement statement, SQLException e) {
    if (statement.begins("create", "schema") && Refusals.is(e, SCHEMA_EXISTS)) {
      return choices.existing(); // it was looked at before: nothing is in it
    }
    if (statement.begins("comment", "on", "extension") && Refusals.is(e, NO_PRIVILEGE)) {
      context.report(
          Finding.info(
              statement.toString(), "The comment is left out: only the owner may make it"));
      return true;
    }
    if (choices.secluded() && statement.begins("refresh") && Refusals.is(e, NOT_NOW)) {
      context.report(
          Finding.warning(
              statement.toString(),
              "The materialized view is not filled: it reads a foreign table, or a view that is not"
                  + " filled",
              "Refresh it where its foreign server may be reached"));
      return true;
    }
    if (choices.staging() && statement.begins("create", "policy") && Refusals.is(e, NO_OBJECT)) {
      context.report(
          Finding.warning(
              statement.toString(),
              "The policy is left out, because a role that it is for is not there",
              "Create the role, and the policy as the snapshot has it"));
      return true;
    }
    return false;
  }
}
