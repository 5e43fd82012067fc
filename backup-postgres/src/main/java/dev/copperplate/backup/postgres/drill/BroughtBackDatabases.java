package dev.copperplate.backup.postgres.drill;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.postgres.load.database.DatabaseChoices;
import dev.copperplate.backup.postgres.load.database.DatabaseRestore;
import dev.copperplate.backup.postgres.load.database.StoredTablespaces;
import dev.copperplate.backup.postgres.replication.Connections;
import dev.copperplate.backup.postgres.sql.SqlText;
import java.io.IOException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/**
 * Restores databases of a logical snapshot, one after the other, into an empty cluster. One that
 * cannot be restored is reported, and closed to whoever asks on.
 */
final class BroughtBackDatabases {

  private static final int CONNECTIONS = 4;

  /** What is not said of the snapshot: that the repository, the machine or the server is ill. */
  private static final Set<Kind> ELSEWHERE =
      EnumSet.of(Kind.UNAVAILABLE, Kind.FULL, Kind.LOCKED, Kind.WRONG_KEY);

  private final SnapshotReader snapshot;
  private final DrillConnections connections;
  private final RestoreContext context;

  BroughtBackDatabases(
      SnapshotReader snapshot, DrillConnections connections, RestoreContext context) {
    this.snapshot = snapshot;
    this.connections = connections;
    this.context = context;
  }

  /** Restores them; those of the answer came back. */
  List<String> restore(List<String> databases) throws IOException, InterruptedException {
    makeRoom(StoredTablespaces.of(snapshot));
    List<String> restored = new ArrayList<>();
    for (String each : databases) {
      if (restore(each)) {
        restored.add(each);
      } else {
        close(each);
      }
    }
    return restored;
  }

  /** Tablespaces are inside of the cluster, wherever the snapshot's were. */
  private void makeRoom(List<String> tablespaces) throws IOException {
    try (Connection connection = connections.open();
        Statement statement = connection.createStatement()) {
      statement.execute("DROP DATABASE postgres");
      statement.execute("SET allow_in_place_tablespaces = on");
      for (String each : tablespaces) {
        statement.execute("CREATE TABLESPACE " + SqlText.name(each) + " LOCATION ''");
      }
    } catch (SQLException e) {
      throw Connections.failure("Making the tablespaces of the snapshot", e);
    }
  }

  private boolean restore(String database) throws IOException, InterruptedException {
    DatabaseChoices choices =
        DatabaseChoices.DEFAULT
            .database(database)
            .withGlobals()
            .analyze(false)
            .connections(CONNECTIONS)
            .forSeclusion();
    DrillServer server =
        new DrillServer(
            connections::openPlain, DrillConnections.DATABASE_OF_ALL, connections.limit());
    RestoreContext quiet = new DrillContext(new BroughtBackContext(context));
    try {
      new DatabaseRestore(snapshot, server, "the drill's server", choices, quiet).run();
      return true;
    } catch (BackupException e) {
      if (Thread.interrupted()) {
        throw new InterruptedException("The drill was cancelled");
      }
      BackupException first = first(e);
      if (isElsewhere(first)) {
        throw first;
      }
      report(database, first);
      return false;
    }
  }

  /** Without what the restore adds for people who find an unfinished database. */
  private static BackupException first(BackupException e) {
    BackupException first = e;
    while (first.getCause() instanceof BackupException inner
        && String.valueOf(first.getMessage()).startsWith(String.valueOf(inner.getMessage()))) {
      first = inner;
    }
    return first;
  }

  /** A permission that the server did not refuse, the store did. */
  private static boolean isElsewhere(BackupException e) {
    boolean refusedByStore = e.kind() == Kind.DENIED && Connections.state(e).isEmpty();
    return refusedByStore || ELSEWHERE.contains(e.kind());
  }

  private void report(String database, BackupException e) {
    context.report(
        Finding.error(
            database,
            "The database cannot be restored: " + e.getMessage(),
            "See whether these programs lack what it needs, such as an extension or a locale; else"
                + " use another snapshot"));
  }

  private void close(String database) throws IOException {
    try (Connection connection = connections.open();
        Statement statement = connection.createStatement()) {
      statement.execute(
          "UPDATE pg_catalog.pg_database SET datallowconn = false WHERE datname = "
              + SqlText.literal(database));
    } catch (SQLException e) {
      throw Connections.failure("Closing a database that is not whole", e);
    }
  }
}
