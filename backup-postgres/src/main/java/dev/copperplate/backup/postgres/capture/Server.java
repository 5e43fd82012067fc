package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import java.io.IOException;
import java.sql.Connection;

/** Opens connections to one server; the caller closes them. */
public interface Server {

  /** For the replication protocol. */
  ReplicationConnection replicate() throws IOException;

  /** For SQL, to the database that the host named. */
  Connection connect() throws IOException;

  /** For SQL, to another database. */
  Connection connect(String database) throws IOException;
}
