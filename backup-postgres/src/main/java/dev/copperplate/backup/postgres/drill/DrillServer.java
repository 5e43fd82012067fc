package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.tools.LibpqAddress;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;

/**
 * A server in a scratch directory, for whoever captures its rows or restores databases into it.
 *
 * @param opening opens a connection to a database
 * @param database the one that is named first
 */
public record DrillServer(Opening opening, String database, Duration silence) implements Server {

  /** Opens a connection to a database; the caller closes it. */
  @FunctionalInterface
  public interface Opening {
    Connection open(String database) throws IOException;
  }

  @Override
  public ReplicationConnection replicate() {
    throw new UnsupportedOperationException("Nobody replicates a server in a scratch directory");
  }

  @Override
  public LibpqAddress libpq() {
    throw new UnsupportedOperationException("No program asks a server in a scratch directory");
  }

  @Override
  public Connection connect() throws IOException {
    return connect(database);
  }

  @Override
  public Connection connect(String name) throws IOException {
    return opening.open(name);
  }
}
