package dev.copperplate.backup.postgres.archive;

import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import java.io.IOException;

/** Opens connections to the server whose WAL is archived; its text names that without a secret. */
@FunctionalInterface
public interface ServerConnector {

  /** A connection; the caller closes it. */
  ReplicationConnection connect() throws IOException;
}
