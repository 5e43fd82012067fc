package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.postgres.dump.DumpedTable.RowsFile;
import dev.copperplate.backup.postgres.replication.CopyStream;
import dev.copperplate.backup.postgres.replication.ServerErrorException;
import dev.copperplate.backup.postgres.replication.ServerMessage;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** Copies rows of tables into files of the snapshot, and sums them. Thread-safe. */
final class RowCopy {

  private static final int PIECE = 128 << 10;
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
    MessageDigest sum = sha256();
    try {
      CopyStream rows = session.copy("Copying the rows of " + table.sql(), job.sql(encoding));
      long bytes = copy(rows, sum, file);
      file.write(RowFile.end());
      String path = job.path().toString().substring(1);
      return new RowsFile(path, rows.rows(), bytes, HexFormat.of().formatHex(sum.digest()));
    } catch (ServerErrorException e) {
      throw isTooLong(e.error()) ? tooLong(table) : e;
    }
  }

  private static long copy(InputStream rows, MessageDigest sum, OutputStream file)
      throws IOException {
    byte[] piece = new byte[PIECE];
    long bytes = 0;
    for (int size; (size = rows.read(piece, 0, PIECE)) > 0; bytes += size) {
      sum.update(piece, 0, size);
      file.write(piece, 0, size);
    }
    return bytes;
  }

  private static BackupException tooLong(TableRef table) {
    return new BackupException(
        Kind.UNSUPPORTED,
        "A row of "
            + table.sql()
            + " is longer as text than the gigabyte that the server can send, bytea being"
            + " twice as long: exclude the table, and capture it with a base backup");
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("Every JDK has SHA-256", e);
    }
  }

  /** The server has one code for it that says so, and one for whatever it did not expect. */
  private static boolean isTooLong(ServerMessage error) {
    return TOO_LONG.equals(error.sqlState())
        || UNEXPECTED.equals(error.sqlState())
            && error.text().contains("invalid memory alloc request size");
  }
}
