package dev.copperplate.backup.postgres.slots;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.capture.Server;
import dev.copperplate.backup.postgres.replication.ReplicationConnection;
import dev.copperplate.backup.postgres.sql.SqlText;
import dev.copperplate.backup.postgres.wal.TimelineHistory;
import java.io.IOException;
import java.sql.SQLException;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The server that is restored to, as it was found.
 *
 * @param databases those that take connections
 * @param history of its timeline; empty if it could not be read
 */
record Target(
    Standing standing,
    List<String> databases,
    List<Slot> slots,
    List<Subscription> subscriptions,
    Optional<TimelineHistory> history,
    boolean mayReplicate,
    String walLevel,
    long mostSlots,
    long usedSlots) {

  private static final Logger LOG = LoggerFactory.getLogger(Target.class);

  private static final String RIGHTS =
      """
      SELECT (SELECT rolreplication OR rolsuper FROM pg_catalog.pg_roles WHERE rolname = current_user) AS may,
        pg_catalog.current_setting('wal_level') AS level, pg_catalog.current_setting('max_replication_slots') AS most,
        (SELECT pg_catalog.count(*) FROM pg_catalog.pg_replication_slots) AS used\
      """;

  static Target of(Session session, Server server, Lineage lineage) throws SQLException {
    Catalog catalog = new Catalog(session);
    Standing standing = Standing.of(session);
    Row rights = session.row(RIGHTS);
    return new Target(
        standing,
        catalog.databases().stream().map(Catalog.Database::name).toList(),
        catalog.slots(),
        catalog.subscriptions(),
        lineage.needsHistory(standing) ? history(server) : Optional.empty(),
        rights.flag("may"),
        rights.text("level"),
        rights.number("most"),
        rights.number("used"));
  }

  private static Optional<TimelineHistory> history(Server server) {
    try (ReplicationConnection connection = server.replicate()) {
      int timeline = connection.identify().timeline();
      return Optional.of(TimelineHistory.parse(timeline, connection.history(timeline)));
    } catch (IOException | IllegalArgumentException e) {
      LOG.info("The history of the server's timeline could not be read: {}", e.getMessage());
      return Optional.empty();
    }
  }

  Optional<Slot> slot(String name) {
    return slots.stream().filter(each -> each.name().equals(name)).findFirst();
  }

  Optional<Subscription> subscription(Subscription same) {
    return subscriptions.stream()
        .filter(each -> each.name().equals(same.name()) && each.database().equals(same.database()))
        .findFirst();
  }

  boolean knowsFailover() {
    return standing.version() >= 170_000;
  }

  /** Fails unless it can have these slots besides those that it has. */
  void require(List<Slot> more) throws BackupException {
    if (more.isEmpty()) {
      return;
    }
    if (!mayReplicate) {
      String role = SqlText.name(standing.role());
      throw new BackupException(
          Kind.DENIED,
          "Role " + role + " may not create slots: ALTER ROLE " + role + " REPLICATION");
    }
    if (!walLevel.equals("logical") && more.stream().anyMatch(Slot::logical)) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "Logical slots need more in the log than wal_level = "
              + walLevel
              + " writes: ALTER SYSTEM SET wal_level = logical, and restart the server");
    }
    if (usedSlots + more.size() > mostSlots) {
      throw new BackupException(
          Kind.FULL,
          more.size()
              + " slots are to be created, and "
              + usedSlots
              + " of "
              + mostSlots
              + " are used: raise max_replication_slots, and restart the server");
    }
  }
}
