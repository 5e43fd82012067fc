package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.Connections;
import java.io.IOException;
import java.sql.SQLException;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The two ways into a server: SQL and the replication protocol. A refusal that a setting mends is
 * kept; anything else ends the preflight.
 */
final class Access implements AutoCloseable {

  /** No line of pg_hba.conf, or a role that may not log in. */
  static final String NOT_ADMITTED = "28000";

  static final String NO_PRIVILEGE = "42501";
  static final String NO_SENDER = "53300";
  static final String NO_DATABASE = "3D000";

  /** What a pooler answers that knows no replication. */
  static final String NO_PROTOCOL = "08P01";

  private static final String SENDERS =
      "SELECT pg_catalog.count(*) FROM pg_catalog.pg_stat_replication";

  private static final Set<String> MENDED =
      Set.of(NOT_ADMITTED, NO_PRIVILEGE, NO_SENDER, NO_DATABASE, NO_PROTOCOL);

  private final @Nullable Catalog catalog;
  private final String sqlRefusal;
  private final long senders;
  private final String replicationRefusal;

  private Access(
      @Nullable Catalog catalog, String sqlRefusal, long senders, String replicationRefusal) {
    this.catalog = catalog;
    this.sqlRefusal = sqlRefusal;
    this.senders = senders;
    this.replicationRefusal = replicationRefusal;
  }

  /**
   * Tries both.
   *
   * @throws BackupException if the server cannot be asked
   */
  static Access open(Server server) throws IOException {
    Catalog catalog = null;
    String refusal = "";
    long senders = 0;
    try {
      catalog = new Catalog(server.connect());
      senders = catalog.count(SENDERS); // before there is one of our own
    } catch (BackupException e) {
      refusal = refusal(e);
    } catch (SQLException e) {
      throw Connections.failure("Asking the server what runs", e);
    }
    try {
      return new Access(catalog, refusal, senders, tryReplication(server));
    } catch (IOException | RuntimeException e) {
      if (catalog != null) {
        catalog.close();
      }
      throw e;
    }
  }

  private static String tryReplication(Server server) throws IOException {
    try (var connection = server.replicate()) {
      connection.identify();
      return "";
    } catch (BackupException e) {
      return refusal(e);
    }
  }

  private static String refusal(BackupException e) throws BackupException {
    String state = Connections.state(e);
    if (!MENDED.contains(state)) {
      throw e;
    }
    return state;
  }

  /** Empty if SQL is refused. */
  Optional<Catalog> catalog() {
    return Optional.ofNullable(catalog);
  }

  /** The server's code, or nothing where SQL answers. */
  String sqlRefusal() {
    return sqlRefusal;
  }

  /** The server's code, or nothing where the replication protocol answers. */
  String replicationRefusal() {
    return replicationRefusal;
  }

  /** How many connections for replication others have; nothing where SQL is refused. */
  long senders() {
    return senders;
  }

  boolean replicates() {
    return replicationRefusal.isEmpty();
  }

  @Override
  public void close() {
    if (catalog != null) {
      catalog.close();
    }
  }
}
