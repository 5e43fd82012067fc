package dev.copperplate.backup.postgres;

import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;

/** Writes rows into the table {@code rows} from several sessions, until it is closed. */
final class RowWriter implements AutoCloseable {

  private static final int SESSIONS = 3;

  private final AtomicInteger written = new AtomicInteger();
  private final ExecutorService threads = Executors.newFixedThreadPool(SESSIONS);
  private final List<Future<?>> sessions = new ArrayList<>();
  private volatile boolean ended;

  RowWriter(EmbeddedPostgres server) {
    for (int i = 0; i < SESSIONS; i++) {
      String name = "w" + i + "-";
      sessions.add(
          threads.submit(
              () -> {
                write(server, name);
                return null;
              }));
    }
  }

  /** Transactions of one to three rows. */
  private void write(EmbeddedPostgres server, String name) throws SQLException {
    try (Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      connection.setAutoCommit(false);
      for (int i = 0; !ended; i++) {
        for (int row = 0; row <= i % 3; row++) {
          statement.execute("INSERT INTO rows VALUES ('" + name + i + "-" + row + "')");
        }
        connection.commit();
        written.incrementAndGet();
      }
    }
  }

  /** Waits until so many more transactions were committed. */
  void awaitRows(int more) throws Exception {
    int goal = written.get() + more;
    Poll.until(() -> written.get() >= goal);
  }

  @Override
  public void close() throws ExecutionException {
    ended = true;
    threads.shutdown();
    try {
      for (Future<?> each : sessions) {
        each.get();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Interrupted while writers end", e);
    }
  }
}
