package dev.copperplate.backup.postgres.replication;

import java.io.IOException;
import java.io.OutputStream;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Properties;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Uses all that the replication protocol and copies of rows need of the driver: with the driver of
 * its class path, in a JVM of its own. Prints the version of the driver when all of it works.
 */
final class DriverProbe {

  private static final Duration SILENCE = Duration.ofSeconds(60);
  private static final Duration QUIET = Duration.ofMillis(200);

  private static final String COPY = "COPY (SELECT generate_series(1, 1000)) TO STDOUT";

  private DriverProbe() {}

  /** Host, port and role; the password is in the environment. */
  public static void main(String[] arguments) throws IOException, SQLException {
    Properties properties = new Properties();
    PGProperty.PG_HOST.set(properties, arguments[0]);
    PGProperty.PG_PORT.set(properties, arguments[1]);
    PGProperty.USER.set(properties, arguments[2]);
    PGProperty.PASSWORD.set(properties, System.getenv("PGPASSWORD"));
    WalPosition start = backUp(properties);
    awaitQuiet(properties, start);
    copy(properties);
    System.out.println("Works with " + Driver.class.getPackage().getImplementationVersion());
  }

  private static ReplicationConnection open(Properties properties) throws IOException {
    return ReplicationConnection.open("jdbc:postgresql:///", properties, "the server", SILENCE);
  }

  private static WalPosition backUp(Properties properties) throws IOException {
    try (ReplicationConnection connection = open(properties)) {
      BaseBackup backup =
          connection.baseBackup(new BaseBackupOptions("probe", true, OptionalInt.empty(), false));
      long bytes = 0;
      while (backup.next().isPresent()) {
        bytes += backup.content().transferTo(OutputStream.nullOutputStream());
      }
      WalPosition end = backup.finish();
      if (bytes < 1 << 20 || end.lsn().compareTo(backup.start().lsn()) <= 0) {
        throw new IllegalStateException(bytes + " bytes to " + end);
      }
      return backup.start();
    }
  }

  /** Reads what there is, up to where a wait ends because nothing comes. */
  private static void awaitQuiet(Properties properties, WalPosition from) throws IOException {
    try (ReplicationConnection connection = open(properties)) {
      WalStream stream = connection.stream(Optional.empty(), from);
      long bytes = 0;
      while (stream.next(QUIET) instanceof WalStream.Data data) {
        bytes += data.bytes().remaining();
      }
      if (bytes == 0) {
        throw new IllegalStateException("No WAL from " + from);
      }
    }
  }

  /** Reads rows, after which the driver itself asks for something. */
  private static void copy(Properties properties) throws IOException, SQLException {
    Properties all = new Properties();
    all.putAll(properties);
    PGProperty.PG_DBNAME.set(all, "postgres");
    try (Connection connection = Connections.open("jdbc:postgresql:///", all, "the server")) {
      connection.setAutoCommit(false);
      try (Statement statement = connection.createStatement()) {
        statement.execute("SET LOCAL lock_timeout = 1");
        CopyStream stream = CopyStream.begin(connection, "Copying", COPY);
        int bytes = stream.readAllBytes().length;
        statement.execute("SET LOCAL lock_timeout = 2");
        connection.commit();
        if (stream.rows() != 1000 || bytes != 3893) {
          throw new IllegalStateException(stream.rows() + " rows of " + bytes + " bytes");
        }
      }
    }
  }
}
