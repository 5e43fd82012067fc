package dev.copperplate.backup.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Creates, fills, truncates and drops tables and databases all the time, and commits a numbered row
 * to the table {@code kept} in between.
 */
final class BusyWriter implements AutoCloseable {

  private final EmbeddedPostgres server;
  private final Thread thread = new Thread(this::write, "busy-writer");
  private final AtomicInteger committed = new AtomicInteger();
  private volatile boolean ending;
  private volatile @Nullable SQLException failure;

  private BusyWriter(EmbeddedPostgres server) {
    this.server = server;
  }

  static BusyWriter start(EmbeddedPostgres server) throws SQLException {
    server.sql("CREATE TABLE IF NOT EXISTS kept (number int PRIMARY KEY, filler text)");
    BusyWriter writer = new BusyWriter(server);
    writer.thread.start();
    return writer;
  }

  private void write() {
    try (Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      while (!ending) {
        round(statement, committed.get() + 1);
      }
    } catch (SQLException e) {
      failure = e;
    }
  }

  private void round(Statement statement, int number) throws SQLException {
    statement.execute(
        "CREATE TABLE short AS SELECT n, repeat('x', 500) FROM generate_series(1, 2000) n");
    statement.execute("CREATE INDEX ON short (n)");
    statement.execute("INSERT INTO kept SELECT " + number + ", repeat('k', 1000)");
    committed.set(number);
    statement.execute("TRUNCATE short");
    statement.execute("INSERT INTO short SELECT n, 'again' FROM generate_series(1, 200) n");
    statement.execute("DROP TABLE short");
    if (number % 4 == 0) {
      String how = number % 8 == 0 ? "file_copy" : "wal_log";
      statement.execute("CREATE DATABASE short STRATEGY " + how);
      statement.execute("DROP DATABASE short");
    }
  }

  /** How many rows are committed. */
  int committed() {
    return committed.get();
  }

  /** Stops; throws what it failed with. */
  void end() throws SQLException, InterruptedException {
    ending = true;
    thread.join();
    if (failure != null) {
      throw failure;
    }
  }

  @Override
  public void close() {
    ending = true;
  }
}
