package dev.copperplate.backup.postgres;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.postgresql.PGConnection;
import org.postgresql.PGProperty;
import org.postgresql.replication.LogSequenceNumber;
import org.postgresql.replication.PGReplicationStream;

/**
 * A consumer of changes, as a connector is: it reads a slot through the driver, and confirms what
 * it has. Of a row it keeps the first column.
 */
final class ChangeConsumer implements AutoCloseable {

  /** Where the commit record of each row begins. */
  private final Map<String, Lsn> commits = new LinkedHashMap<>();

  private final List<String> open = new ArrayList<>();
  private final Connection connection;
  private final PGReplicationStream stream;
  private Lsn confirmed = Lsn.NONE;

  /** The slot must be of pgoutput, in the database {@code postgres}. */
  ChangeConsumer(EmbeddedPostgres server, String slot, String publication) throws SQLException {
    Properties properties = new Properties();
    PGProperty.USER.set(properties, EmbeddedPostgres.SUPERUSER);
    PGProperty.PASSWORD.set(properties, EmbeddedPostgres.PASSWORD);
    PGProperty.REPLICATION.set(properties, "database");
    PGProperty.ASSUME_MIN_SERVER_VERSION.set(properties, "15");
    PGProperty.PREFER_QUERY_MODE.set(properties, "simple");
    PGProperty.APPLICATION_NAME.set(properties, "connector");
    connection = DriverManager.getConnection(server.jdbcUrl(), properties);
    stream =
        connection
            .unwrap(PGConnection.class)
            .getReplicationAPI()
            .replicationStream()
            .logical()
            .withSlotName(slot)
            .withSlotOption("proto_version", 1)
            .withSlotOption("publication_names", publication)
            .start();
  }

  /** Reads until a row has come, with the rest of its transaction. */
  void readTo(String row) throws Exception {
    Poll.until(
        () -> {
          for (ByteBuffer each = stream.readPending(); each != null; each = stream.readPending()) {
            take(each);
            if (commits.containsKey(row)) {
              return true;
            }
          }
          return false;
        });
  }

  private void take(ByteBuffer message) {
    switch (message.get()) {
      case 'I' -> open.add(firstColumn(message));
      case 'C' -> {
        message.get();
        Lsn commit = new Lsn(message.getLong());
        confirmed = new Lsn(message.getLong());
        open.forEach(each -> commits.put(each, commit));
        open.clear();
      }
      default -> {} // what begins a transaction and describes a table
    }
  }

  private static String firstColumn(ByteBuffer insert) {
    insert.position(insert.position() + Integer.BYTES + 1 + Short.BYTES + 1);
    byte[] text = new byte[insert.getInt()];
    insert.get(text);
    return new String(text, StandardCharsets.UTF_8);
  }

  /** Tells the server that it has everything that was read. */
  void confirm() throws SQLException {
    LogSequenceNumber end = LogSequenceNumber.valueOf(confirmed.position());
    stream.setFlushedLSN(end);
    stream.setAppliedLSN(end);
    stream.forceUpdateStatus();
  }

  /** The end of the last transaction that was read. */
  Lsn position() {
    return confirmed;
  }

  Map<String, Lsn> commits() {
    return commits;
  }

  @Override
  public void close() throws SQLException {
    stream.close();
    connection.close();
  }
}
