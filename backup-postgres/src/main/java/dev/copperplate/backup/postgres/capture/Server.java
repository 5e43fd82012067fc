package dev.copperplate.backup.postgres.capture;

import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.tools.LibpqAddress;
import java.io.IOException;
import java.sql.Connection;
import java.time.Duration;

/** Opens connections to one server; the caller closes them. */
public interface Server {

  /** For the replication protocol. */
  ReplicationConnection replicate() throws IOException;

  /** For SQL, to the database that the host named. */
  Connection connect() throws IOException;

  /** For SQL, to another database. */
  Connection connect(String database) throws IOException;

  /** The database that the host named. */
  String database();

  /** For PostgreSQL's own programs. */
  LibpqAddress libpq() throws IOException;

  /** After how long without a byte it counts as lost. */
  Duration silence();
}
