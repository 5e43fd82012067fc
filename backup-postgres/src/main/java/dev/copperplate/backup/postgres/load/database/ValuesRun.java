package dev.copperplate.backup.postgres.load.database;

import dev.copperplate.backup.RunContext;
import dev.copperplate.backup.postgres.load.script.ScriptReader;
import dev.copperplate.backup.postgres.load.script.ScriptStatement;
import dev.copperplate.backup.postgres.load.script.StatementRules;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.sql.SQLException;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/** Runs the script of sequences, large objects and rows of extensions. */
final class ValuesRun implements ScriptFile.Visitor {

  private static final int BUFFER = 64 << 10;

  private final TargetSession session;
  private final DatabaseChoices choices;
  private final ScriptRun run;

  ValuesRun(TargetSession session, DatabaseChoices choices, RunContext context) {
    this.session = session;
    this.choices = choices;
    this.run = new ScriptRun(session, choices.allSchemas(), context);
  }

  @Override
  public void visit(ScriptStatement statement, ScriptReader reader)
      throws IOException, InterruptedException {
    if (StatementRules.isCopy(statement)) {
      copy(statement, reader.rows());
    } else if (statement.begins("set") || choices.schemas().isEmpty() || isOfSchemas(statement)) {
      run.visit(statement, reader);
    }
  }

  /** Large objects are of none. */
  private boolean isOfSchemas(ScriptStatement statement) {
    return statement.begins("select", "pg_catalog", ".", "setval")
        && choices.wants(QualifiedName.schema(statement.tokens().get(5).text()));
  }

  private void copy(ScriptStatement statement, InputStream rows) throws IOException {
    byte[] buffer = new byte[BUFFER];
    if (!choices.wants(statement.name(1))) {
      rows.transferTo(OutputStream.nullOutputStream());
      return;
    }
    try {
      CopyIn copying =
          session.connection().unwrap(PGConnection.class).getCopyAPI().copyIn(statement.sql());
      try {
        for (int read = rows.read(buffer); read >= 0; read = rows.read(buffer)) {
          copying.writeToCopy(buffer, 0, read);
        }
        copying.endCopy();
      } finally {
        cancel(copying);
      }
    } catch (SQLException e) {
      throw Refusals.failure("Restoring rows of an extension, " + statement, e);
    }
  }

  private static void cancel(CopyIn copying) throws SQLException {
    if (copying.isActive()) {
      copying.cancelCopy();
    }
  }
}
