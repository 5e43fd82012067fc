package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.PGConnection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Opens the sessions of a capture, or has the host's pool give them. */
final class SessionSource {

  private static final int OLDEST_VERSION = 150_000;
  private static final Logger LOG = LoggerFactory.getLogger(SessionSource.class);

  private final Server server;
  private final @Nullable DataSource pool;
  private final CaptureContext context;

  SessionSource(Server server, @Nullable DataSource pool, CaptureContext context) {
    this.server = server;
    this.pool = pool;
    this.context = context;
  }

  /** A session in a database, which the end of the run closes if the caller does not. */
  DumpSession open(String database) throws IOException {
    Connection connection = pool == null ? server.connect(database) : pooled(pool);
    try {
      DumpSession session = new DumpSession(connection, version(connection));
      context.attach(session::abort);
      session.look();
      if (pool != null) {
        requireDatabase(session, database);
      }
      return session;
    } catch (SQLException e) {
      discard(connection);
      throw Connections.failure("Opening a session in database " + SqlText.name(database), e);
    } catch (IOException | RuntimeException e) {
      discard(connection);
      throw e;
    }
  }

  /** Ended, it still has to go back, or the pool waits for it for ever. */
  private static void discard(Connection connection) {
    Connections.close(connection);
    try {
      connection.close();
    } catch (SQLException e) {
      LOG.debug("A connection was not given back: {}", e.getSQLState());
    }
  }

  private static Connection pooled(DataSource pool) throws IOException {
    Connection connection;
    try {
      connection = pool.getConnection();
    } catch (SQLException e) {
      throw new BackupException(
          Kind.UNAVAILABLE, "The pool gives no connection", Connections.failure("Waiting", e));
    }
    try {
      connection.unwrap(PGConnection.class);
      return connection;
    } catch (SQLException e) {
      discard(connection);
      throw new BackupException(
          Kind.UNSUPPORTED, "The pool's connections are none of the PostgreSQL driver");
    }
  }

  private static int version(Connection connection) throws IOException, SQLException {
    int major = connection.getMetaData().getDatabaseMajorVersion();
    int version = major * 10_000 + connection.getMetaData().getDatabaseMinorVersion();
    if (version < OLDEST_VERSION) {
      throw new BackupException(
          Kind.UNSUPPORTED, "PostgreSQL " + major + " is too old: 15 is the oldest");
    }
    return version;
  }

  private static void requireDatabase(DumpSession session, String database)
      throws IOException, SQLException {
    String actual = session.value("SELECT pg_catalog.current_database()");
    if (!actual.equals(database)) {
      throw new BackupException(
          Kind.INVALID,
          "The pool connects to database "
              + SqlText.name(actual)
              + ", not to "
              + SqlText.name(database)
              + ": name that one, or let connections be opened");
    }
  }
}
