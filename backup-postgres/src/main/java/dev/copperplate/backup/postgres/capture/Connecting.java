package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import java.io.IOException;

/** Opens connections of the replication protocol to one server; the caller closes them. */
@FunctionalInterface
public interface Connecting {
  ReplicationConnection connect() throws IOException;
}
