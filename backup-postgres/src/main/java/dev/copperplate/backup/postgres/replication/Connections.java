package dev.copperplate.backup.postgres.replication;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Properties;
import org.postgresql.Driver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens connections of the driver, and says what went wrong without what it may quote. */
public final class Connections {

  private static final Logger LOG = LoggerFactory.getLogger(Connections.class);

  private Connections() {}

  /**
   * Connects, past whatever wraps drivers.
   *
   * @param server how messages call the server
   * @throws BackupException {@code DENIED}, also if the server's certificate is not what {@code
   *     sslmode} demands; {@code UNAVAILABLE} or {@code INVALID}
   */
  public static Connection open(String url, Properties properties, String server)
      throws BackupException {
    Connection connection;
    try {
      connection = new Driver().connect(url, properties);
    } catch (SQLException e) {
      throw Distrust.reason(e)
          .map(why -> distrusted(server, why, e))
          .orElseGet(() -> failure("Connecting to " + server, e));
    }
    if (connection == null) {
      throw new BackupException(
          Kind.INVALID, "The address of " + server + " does not begin with jdbc:postgresql:");
    }
    return connection;
  }

  private static BackupException distrusted(String server, String why, SQLException e) {
    return new BackupException(
        Kind.DENIED, "Connecting to " + server + " refused by this side: " + why, new Unquoted(e));
  }

  /** A failure of the driver, told by its code: its text may hold what the server's detail said. */
  public static BackupException failure(String doing, SQLException e) {
    String state = e.getSQLState() == null ? "no code" : e.getSQLState();
    return new BackupException(
        ServerErrorException.kind(state), doing + " failed (" + state + ")", new Unquoted(e));
  }

  /** The code of a failure that the server or the driver gave; empty if it has none. */
  public static String state(BackupException e) {
    if (e instanceof ServerErrorException said) {
      return said.error().sqlState();
    }
    return e.getCause() instanceof Unquoted unquoted ? unquoted.state : "";
  }

  /** Closes, at once and from any thread. */
  public static void close(Connection connection) {
    try {
      connection.abort(Runnable::run);
    } catch (SQLException e) {
      LOG.debug("A connection did not close: {}", e.getSQLState());
    }
  }

  /** The cause with its stack and without its words. */
  private static final class Unquoted extends Exception {
    private static final long serialVersionUID = 1;

    private final String state;

    Unquoted(SQLException e) {
      super(e.getClass().getName() + " " + e.getSQLState());
      state = e.getSQLState() == null ? "" : e.getSQLState();
      setStackTrace(e.getStackTrace());
    }
  }
}
