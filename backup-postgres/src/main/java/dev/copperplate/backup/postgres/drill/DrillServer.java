package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.tools.LibpqAddress;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;

/** A drill's server, for whoever restores databases into it. */
record DrillServer(DrillConnections connections) implements Server {

  @Override
  public ReplicationConnection replicate() {
    throw new UnsupportedOperationException("Nobody replicates a drill");
  }

  @Override
  public LibpqAddress libpq() {
    throw new UnsupportedOperationException("No program asks a drill");
  }

  @Override
  public String database() {
    return DrillConnections.DATABASE_OF_ALL;
  }

  @Override
  public Connection connect() throws IOException {
    return connect(database());
  }

  @Override
  public Connection connect(String database) throws IOException {
    return connections.openPlain(database);
  }

  @Override
  public Duration silence() {
    return connections.limit();
  }
}
