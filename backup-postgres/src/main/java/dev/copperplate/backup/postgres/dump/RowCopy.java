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
      throw Connections.failure("Copying the rows of " + job.table().sql(), e);
    } catch (OutOfMemoryError tooLarge) {
      // The driver takes a row in one array, and that array could not be had.
      throw new BackupException(
          Kind.UNSUPPORTED,
          "A row of " + job.table().sql() + " is larger than the memory of this process",
          null);
    }
  }
}
