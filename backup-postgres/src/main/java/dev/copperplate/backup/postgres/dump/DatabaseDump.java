package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.dump.DumpedTable.RowsFile;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import dev.copperplate.backup.postgres.tools.ToolFailedException;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Captures one database. */
final class DatabaseDump {

  private static final int ATTEMPTS = 10;

  /**
   * We have every lock already, so whoever holds pg_dump up waits to alter a table until we end.
   */
  private static final Duration DEFINITION_LOCKS = Duration.ofSeconds(1);

  private final String database;
  private final DumpChoices choices;
  private final SessionSource sessions;
  private final @Nullable Definitions definitions;
  private final SnapshotWriter writer;
  private final CaptureContext context;
  private final EntryPath directory;

  DatabaseDump(
      String database,
      DumpChoices choices,
      SessionSource sessions,
      @Nullable Definitions definitions,
      SnapshotWriter writer,
      CaptureContext context) {
    this.database = database;
    this.choices = choices;
    this.sessions = sessions;
    this.definitions = definitions;
    this.writer = writer;
    this.context = context;
    this.directory = LogicalLayout.database(database);
  }

  /** What is known of a captured database. */
  record Result(String lsn, long rows) {}

  /**
   * Captures it.
   *
   * @param tables takes the lines of its tables
   */
  Result run(OutputStream tables) throws IOException, InterruptedException {
    for (int attempt = 1; ; attempt++) {
      try (DumpSession session = sessions.open(database)) {
        String encoding = encoding(session);
        Moment moment = moment(session);
        SequenceValues sequences = SequenceValues.read(moment, choices.alone());
        boolean last = attempt == ATTEMPTS;
        if (!last && !sequences.gone().isEmpty()
            || definitions != null && !read(definitions, moment, sequences, encoding, last)) {
          continue; // without the locks, so that whoever waits has his turn
        }
        tell(sequences);
        Result result = rows(moment, sequences, encoding, tables);
        session.rollback();
        if (definitions != null) {
          definitions.write(directory);
        }
        writer.complete(directory);
        return result;
      } catch (SQLException e) {
        throw Connections.failure("Capturing database " + SqlText.name(database), e);
      }
    }
  }

  private static String encoding(DumpSession session) throws SQLException {
    boolean raw = session.value("SHOW server_encoding").equals(RowFile.RAW);
    return raw ? RowFile.RAW : RowFile.UTF8;
  }

  private Moment moment(DumpSession session) throws IOException, SQLException {
    String role = session.value("SELECT current_user");
    return new MomentSearch(database, role, choices).find(session);
  }

  private boolean read(
      Definitions reading, Moment moment, SequenceValues sequences, String encoding, boolean last)
      throws IOException, InterruptedException {
    Duration limit =
        choices.lockTimeout().compareTo(DEFINITION_LOCKS) < 0
            ? choices.lockTimeout()
            : DEFINITION_LOCKS;
    try {
      reading.read(database, moment, sequences.closed(), encoding, limit);
      return true;
    } catch (ToolFailedException e) {
      if (last || !e.isPassing()) {
        throw e;
      }
      return false;
    }
  }

  private void tell(SequenceValues sequences) {
    for (String each : sequences.gone()) {
      context.report(
          Finding.warning(
              SqlText.name(database),
              "Sequence " + each + " was dropped or renamed meanwhile: it begins anew here",
              "Capture again if it is in use"));
    }
  }

  private Result rows(Moment moment, SequenceValues sequences, String encoding, OutputStream tables)
      throws IOException, InterruptedException, SQLException {
    List<RowJob> jobs = new ArrayList<>();
    for (TableRef each : moment.tables()) {
      if (each.stored() && !each.extension() && wants(each)) {
        EntryPath path = LogicalLayout.table(database, each.schema(), each.name());
        jobs.addAll(RowJob.of(each, path, choices.pagesPerFile()));
      }
    }
    RowCopy copy = new RowCopy(writer, encoding);
    RowCopies copies = new RowCopies(database, moment, jobs, copy, sessions, context);
    copies.run(choices.connections());
    others(moment, sequences, copy, encoding);
    TableFacts.write(moment, this::wants, copies::files, new SqlOutput(tables));
    long rows =
        moment.tables().stream()
            .flatMap(each -> copies.files(each).stream())
            .mapToLong(RowsFile::rows)
            .sum();
    return new Result(moment.lsn(), rows);
  }

  private boolean wants(TableRef table) {
    return choices.wants(table.schema(), table.name());
  }

  /** The database itself, sequences, extensions' own tables and large objects. */
  private void others(Moment moment, SequenceValues sequences, RowCopy copy, String encoding)
      throws IOException, SQLException {
    DumpSession session = moment.session();
    if (definitions != null) {
      try (EntryOutput file = file(LogicalLayout.DATABASE_FILE)) {
        SqlOutput output = begun(file, encoding);
        new DatabaseFile(database).write(session, output);
        output.flush();
        file.commit();
      }
    }
    try (EntryOutput file = file(LogicalLayout.SEQUENCES_FILE)) {
      SqlOutput output = begun(file, encoding);
      sequences.write(output);
      for (TableRef each : moment.tables()) {
        if (each.extension() && each.stored() && wants(each)) {
          EntryPath path = directory.child(LogicalLayout.SEQUENCES_FILE);
          copy.rows(session, RowJob.whole(each, path), output.stream());
        }
      }
      if (!choices.alone()) {
        LargeObjects.write(session, output);
      }
      output.flush();
      file.commit();
    }
  }

  private EntryOutput file(String name) throws IOException {
    return writer.file(directory.child(name), Attributes.PLAIN);
  }

  private static SqlOutput begun(EntryOutput file, String encoding) throws IOException {
    SqlOutput output = new SqlOutput(file);
    output.stream().write(RowFile.settings(encoding));
    return output;
  }
}
