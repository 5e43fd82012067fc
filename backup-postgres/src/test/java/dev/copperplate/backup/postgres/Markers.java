package dev.copperplate.backup.postgres;

import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** Commits one numbered message after the other, also to a server that crashes now and then. */
final class Markers implements AutoCloseable {

  private static final long PAUSE_NANOS = 20_000_000;

  private final EmbeddedPostgres server;
  private final Thread thread = new Thread(this::commit, "markers");
  private final List<Marker> committed = new ArrayList<>();
  private volatile boolean ending;

  private Markers(EmbeddedPostgres server) {
    this.server = server;
  }

  /** A message, where it lies and where the WAL ended when it was committed. */
  private record Marker(String text, Lsn at, Lsn end) {}

  static Markers commit(EmbeddedPostgres server) {
    Markers markers = new Markers(server);
    markers.thread.start();
    return markers;
  }

  private void commit() {
    int next = 0;
    while (!ending) {
      try (Connection connection = server.connection();
          Statement statement = connection.createStatement()) {
        while (!ending) {
          Marker marker = commit(statement, "marker-" + next++ + ".");
          synchronized (committed) {
            committed.add(marker);
          }
        }
      } catch (SQLException e) {
        // The server is away: nobody knows whether that one was committed.
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  private static Marker commit(Statement statement, String text) throws SQLException {
    Lsn at =
        first(statement, "SELECT pg_logical_emit_message(true, 'copperplate', '" + text + "')");
    return new Marker(text, at, first(statement, "SELECT pg_current_wal_flush_lsn()"));
  }

  private static Lsn first(Statement statement, String query) throws SQLException {
    try (ResultSet rows = statement.executeQuery(query)) {
      rows.next();
      return Lsn.parse(rows.getString(1));
    }
  }

  /** Stops; how many there are. */
  int end() throws InterruptedException {
    ending = true;
    thread.join();
    synchronized (committed) {
      return committed.size();
    }
  }

  /** Each that was committed before the end of what is archived; how many those are. */
  int assertAreIn(ArchivedWal wal) {
    List<Marker> known;
    synchronized (committed) {
      known = List.copyOf(committed);
    }
    int found = 0;
    for (Marker each : known) {
      if (!wal.end().isBefore(each.end())) {
        byte[] expected = each.text().getBytes(StandardCharsets.US_ASCII);
        if (!wal.holds(1, each.at(), expected)) {
          throw new AssertionError(each + " is missing up to " + wal.end());
        }
        found++;
      }
    }
    return found;
  }

  @Override
  public void close() {
    ending = true;
  }
}
