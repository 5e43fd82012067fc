package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.dump.DumpedTable.RowsFile;
import dev.copperplate.backup.postgres.replication.Connections;
import java.io.IOException;
import java.io.OutputStream;
import java.sql.SQLException;
import org.postgresql.copy.CopyOut;

/** Copies rows of tables into files of the snapshot, a row at a time. Thread-safe. */
final class RowCopy {

  private static final String TOO_LONG = "54000";
  private static final String UNEXPECTED = "XX000";

  private final SnapshotWriter writer;
  private final String encoding;

  RowCopy(SnapshotWriter writer, String encoding) {
    this.writer = writer;
    this.encoding = encoding;
  }

  RowsFile file(DumpSession session, RowJob job) throws IOException {
    try (EntryOutput file = writer.file(job.path(), Attributes.PLAIN)) {
      file.write(RowFile.settings(encoding));
      RowsFile rows = rows(session, job, file);
      file.commit();
      return rows;
    }
  }

  /** Writes the statement with its rows, without settings; the stream is not closed. */
  RowsFile rows(DumpSession session, RowJob job, OutputStream file) throws IOException {
    TableRef table = job.table();
    file.write(RowFile.copy(table.schema(), table.name(), table.columns()));
    RowSink sink = new RowSink(file);
    long count = copy(session, job, sink);
    String sum = sink.finish();
    file.write(RowFile.end());
    return new RowsFile(job.path().toString().substring(1), count, sink.bytes(), sum);
  }

  private long copy(DumpSession session, RowJob job, RowSink sink) throws IOException {
    try {
      CopyOut copying = session.copyOut(job.sql(encoding));
      for (byte[] row = copying.readFromCopy(); row != null; row = copying.readFromCopy()) {
        sink.add(row);
      }
      return copying.getHandledRowCount();
    } catch (SQLException e) {
      throw isTooLong(e)
          ? new BackupException(
              Kind.UNSUPPORTED,
              "A row of "
                  + job.table().sql()
                  + " is longer as text than the gigabyte that the server can send, bytea being"
                  + " twice as long: exclude the table, and capture it with a base backup")
          : Connections.failure("Copying the rows of " + job.table().sql(), e);
    } catch (OutOfMemoryError tooLarge) {
      // The driver takes a row in one array, and that array could not be had.
      throw new BackupException(
          Kind.UNSUPPORTED,
          "A row of " + job.table().sql() + " is larger than the memory of this process",
          null);
    }
  }

  /** The server has one code for it that says so, and one for whatever it did not expect. */
  private static boolean isTooLong(SQLException e) {
    return TOO_LONG.equals(e.getSQLState())
        || UNEXPECTED.equals(e.getSQLState())
            && String.valueOf(e.getMessage()).contains("invalid memory alloc request size");
  }
}
