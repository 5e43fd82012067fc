package dev.copperplate.backup.postgres.load;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.ByteRange;
import dev.copperplate.backup.Entry;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.EntryType;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.dump.DumpedTable;
import dev.copperplate.backup.postgres.dump.DumpedTable.RowsFile;
import dev.copperplate.backup.postgres.dump.RowFile;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.postgresql.PGConnection;
import org.postgresql.copy.CopyIn;

/**
 * The rows of a table on their way back. A file must be what a capture writes, to the byte: the
 * settings, one {@code COPY} of this table, as many bytes as its record says, the line that ends
 * them, and nothing else. So no statement of a file is ever run, and what the server gets is data.
 *
 * <p>Rows, bytes and SHA-256 are compared with the record, and a difference is {@code DAMAGED}: the
 * caller rolls the transaction back. Memory: 128 KiB for each file that is open, and what the
 * snapshot's reader takes. Immutable.
 */
public final class StoredRows {

  /** The shorter one first. */
  private static final List<String> ENCODINGS = List.of(RowFile.UTF8, RowFile.RAW);

  private final SnapshotReader snapshot;
  private final DumpedTable table;

  /**
   * Those of a table.
   *
   * @param snapshot not closed
   */
  public StoredRows(SnapshotReader snapshot, DumpedTable table) {
    this.snapshot = snapshot;
    this.table = table;
  }

  /**
   * Loads all files, one after the other.
   *
   * @param connection of the driver, or one that unwraps to it
   * @param target the name of a table, as SQL
   */
  public void load(Connection connection, String target) throws IOException {
    for (RowsFile each : table.files()) {
      load(each, connection, target);
    }
  }

  /** Loads one file, in the connection's transaction. */
  public void load(RowsFile file, Connection connection, String target) throws IOException {
    try (InputStream input = snapshot.open(entry(file), ByteRange.ALL)) {
      String encoding = begin(file, input);
      SummedRows rows = new SummedRows(file.bytes(), input);
      long loaded = copy(file, connection, statement(target, encoding), rows);
      requireEnd(file, input);
      if (loaded != file.rows()) {
        throw damaged(file, "holds " + loaded + " rows, and not " + file.rows());
      }
    }
  }

  private String statement(String target, String encoding) {
    return "COPY "
        + target
        + RowFile.list(table.copiedColumns())
        + " FROM STDIN WITH (FORMAT text, ENCODING '"
        + encoding
        + "')";
  }

  private Entry entry(RowsFile file) throws IOException {
    EntryPath path;
    try {
      path = EntryPath.of(file.path());
    } catch (IllegalArgumentException wrong) {
      throw damaged(file, "is no path of a file");
    }
    return snapshot
        .entry(path)
        .filter(each -> each.type() == EntryType.FILE)
        .orElseThrow(
            () ->
                new BackupException(
                    Kind.MISSING,
                    "A file of the rows of " + name() + " is not in the snapshot: " + file.path()));
  }

  /** Reads past what stands before the rows: the encoding. */
  private String begin(RowsFile file, InputStream input) throws IOException {
    byte[] read = new byte[0];
    for (String each : ENCODINGS) {
      byte[] expected = preamble(each);
      int known = read.length;
      read = Arrays.copyOf(read, expected.length);
      input.readNBytes(read, known, expected.length - known);
      if (Arrays.equals(read, expected)) {
        return each;
      }
    }
    throw damaged(file, "does not begin as the rows of this table do");
  }

  private byte[] preamble(String encoding) {
    ByteArrayOutputStream preamble = new ByteArrayOutputStream();
    preamble.writeBytes(RowFile.settings(encoding));
    preamble.writeBytes(RowFile.copy(table.schema(), table.name(), table.copiedColumns()));
    return preamble.toByteArray();
  }

  private long copy(RowsFile file, Connection connection, String sql, SummedRows rows)
      throws IOException {
    try {
      CopyIn copying = connection.unwrap(PGConnection.class).getCopyAPI().copyIn(sql);
      try {
        if (!rows.send(copying).equals(file.sha256())) {
          throw damaged(file, "does not hold the rows that were stored: their sum differs");
        }
        return copying.endCopy();
      } catch (IOException | RuntimeException e) {
        cancel(copying, e);
        throw e;
      }
    } catch (SQLException e) {
      throw LoadFailure.of("Loading rows of " + name() + " from " + file.path(), e);
    }
  }

  private static void cancel(CopyIn copying, Exception reason) {
    try {
      if (copying.isActive()) {
        copying.cancelCopy();
      }
    } catch (SQLException e) {
      reason.addSuppressed(LoadFailure.of("Ending a copy", e));
    }
  }

  private void requireEnd(RowsFile file, InputStream input) throws IOException {
    byte[] end = RowFile.end();
    if (!Arrays.equals(input.readNBytes(end.length + 1), end)) {
      throw damaged(file, "does not end behind its rows");
    }
  }

  private String name() {
    return SqlText.name(table.schema(), table.name());
  }

  private BackupException damaged(RowsFile file, String what) {
    return new BackupException(
        Kind.DAMAGED, file.path() + ", rows of " + name() + ", " + what + ". Use another snapshot");
  }
}
