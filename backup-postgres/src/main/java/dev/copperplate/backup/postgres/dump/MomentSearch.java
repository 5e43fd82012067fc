package dev.copperplate.backup.postgres.dump;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.SQLException;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Comes to a moment at which all tables are locked. The locks come first and the moment after them,
 * so that what is read later is what the definitions say; tables that come and go meanwhile make it
 * begin again.
 */
final class MomentSearch {

  private static final int ATTEMPTS = 10;

  private static final String LSN =
      "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN pg_catalog.pg_last_wal_replay_lsn()"
          + " ELSE pg_catalog.pg_current_wal_lsn() END";

  private final String database;
  private final Duration limit;
  private final Privileges privileges;
  private final DumpChoices choices;

  MomentSearch(String database, String role, DumpChoices choices) {
    this.database = database;
    this.limit = choices.lockTimeout();
    this.privileges = new Privileges(role);
    this.choices = choices;
  }

  /** Finds one, in a session that keeps it. */
  Moment find(DumpSession session) throws IOException {
    List<TableRef> tables = List.of();
    try {
      for (int attempt = 1; ; attempt++) {
        session.look();
        tables = concerned(TableList.look(session));
        Optional<Moment> moment = at(session, tables, attempt == ATTEMPTS);
        if (moment.isPresent()) {
          return moment.get();
        }
      }
    } catch (SQLException e) {
      throw explained(session, tables, e);
    }
  }

  /** Empty if the list is too old. */
  private Optional<Moment> at(DumpSession session, List<TableRef> tables, boolean last)
      throws IOException, SQLException {
    requireReadable(tables);
    session.begin();
    session.limitLocks(limit);
    session.lock(lockable(tables));
    String snapshot = session.export();
    String lsn = session.value(LSN);
    List<TableRef> now = read(session, tables);
    List<TableRef> added = added(tables, now);
    if (!added.isEmpty() && !last) {
      return Optional.empty();
    }
    requireReadable(now);
    session.lock(lockable(added)); // tables never cease to come
    return Optional.of(new Moment(session, snapshot, now, lsn));
  }

  private List<TableRef> read(DumpSession session, List<TableRef> locked) throws SQLException {
    return choices.alone() ? wanted(TableList.read(session, locked)) : TableList.read(session);
  }

  private List<TableRef> concerned(List<TableRef> all) {
    return choices.alone() ? wanted(all) : all;
  }

  private List<TableRef> wanted(List<TableRef> all) {
    return all.stream().filter(each -> choices.wants(each.schema(), each.name())).toList();
  }

  private void requireReadable(List<TableRef> tables) throws IOException {
    privileges.require(wanted(tables));
  }

  private static List<TableRef> lockable(List<TableRef> tables) {
    return tables.stream().filter(TableRef::readable).toList();
  }

  private static List<TableRef> added(List<TableRef> before, List<TableRef> now) {
    Set<TableRef.Key> known = new HashSet<>(before.stream().map(TableRef::key).toList());
    return now.stream().filter(each -> !known.contains(each.key())).toList();
  }

  private BackupException explained(DumpSession session, List<TableRef> tables, SQLException e) {
    String doing = "Locking the tables of database " + SqlText.name(database);
    if (LockRefusals.isTooMany(e)) {
      return new BackupException(
          Kind.UNAVAILABLE,
          doing
              + " failed: the server has no room for "
              + tables.size()
              + " locks: raise max_locks_per_transaction and restart it",
          Connections.failure(doing, e));
    }
    if (!LockRefusals.isLockRefused(e)) {
      return Connections.failure(doing, e);
    }
    String holders;
    try {
      holders = LockHolders.find(session, tables);
    } catch (SQLException unknown) {
      holders = "who holds one could not be asked";
    }
    return new BackupException(
        Kind.LOCKED,
        doing + " took longer than " + limit + ": " + holders,
        Connections.failure(doing, e));
  }
}
