package dev.copperplate.backup.postgres.load.base;

import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.drill.DrillConnections;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.tools.LibpqAddress;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;

/** A copy of a cluster, of which only rows are wanted. */
record CopiedServer(DrillConnections copy, String database) implements Server {

  @Override
  public ReplicationConnection replicate() {
    throw new UnsupportedOperationException("Nobody replicates a copy");
  }

  @Override
  public LibpqAddress libpq() {
    throw new UnsupportedOperationException("No program asks a copy");
  }

  @Override
  public Connection connect() throws IOException {
    return connect(database);
  }

  @Override
  public Connection connect(String name) throws IOException {
    return copy.open(name);
  }

  @Override
  public Duration silence() {
    return copy.limit();
  }
}
