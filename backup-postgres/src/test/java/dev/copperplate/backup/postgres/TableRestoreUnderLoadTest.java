package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.load.AlteredSnapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RestoreOptions;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Restores a table while others write to the tables around it, and looks who waits for whom. */
class TableRestoreUnderLoadTest {

  private static final String FILE = "databases/postgres/20-data/public/orders.sql";

  private static final String CONTENT =
      "SELECT count(*) || md5(string_agg(o::text, ',' ORDER BY id)) FROM orders o";

  /** Each has a table of its own, so that they do not wait for each other. */
  private static final List<String> WRITES =
      List.of(
          "UPDATE customers SET name = name || 'x' WHERE id = 1 + %d %% 50",
          "INSERT INTO customers (name) VALUES ('new %d')",
          "UPDATE stock SET n = n + 1 WHERE id = 1 + %d %% 50",
          "INSERT INTO log (message) VALUES ('%d')");

  @TempDir Path folder;

  private BackupRepository repository;
  private EmbeddedPostgres server;
  private final List<Writer> writers = new ArrayList<>();
  private Sampler sampler;

  @BeforeEach
  void start() throws Exception {
    repository = TestRepositories.create(folder);
    server = EmbeddedPostgres.start(17);
    server.sql("CREATE TABLE customers (id serial PRIMARY KEY, name text)");
    server.sql("INSERT INTO customers (name) SELECT 'c' || i FROM generate_series(1, 1000) i");
    server.sql("CREATE TABLE stock (id int PRIMARY KEY, n int)");
    server.sql("INSERT INTO stock SELECT i, 0 FROM generate_series(1, 1000) i");
    server.sql("CREATE TABLE log (id bigserial, message text)");
    server.sql(
        "CREATE TABLE orders (id serial PRIMARY KEY, customer int NOT NULL REFERENCES customers,"
            + " item int REFERENCES stock, note text)");
    server.sql(
        "INSERT INTO orders (customer, item, note) SELECT 1 + i % 1000, 1 + i % 777, md5(i::text)"
            + " FROM generate_series(1, 20000) i");
    server.sql("CREATE INDEX ON orders (note)");
  }

  @AfterEach
  void stop() throws Exception {
    for (Writer each : writers) {
      each.end();
    }
    if (sampler != null) {
      sampler.end();
    }
    server.close();
    repository.close();
  }

  @Test
  void nobodyWaitsForATableThatIsMade() throws Exception {
    String content = server.sql(CONTENT);
    Snapshot snapshot = capture();
    server.sql("DROP TABLE orders");
    load("200ms");

    repository.restore(snapshot, waiting(restorer()));

    sampler.requireNoneWaited();
    requireNoneFailed();
    assertEquals(content, server.sql(CONTENT));
  }

  @Test
  void nobodyWhoUsesOtherTablesWaitsForATableThatIsFilledAnew() throws Exception {
    String content = server.sql(CONTENT);
    Snapshot snapshot = capture();
    server.sql("UPDATE orders SET note = 'lost'");
    load("200ms");
    RestorePlan plan = repository.planRestore(snapshot, restorer().truncate());

    repository.restore(
        snapshot, waiting(restorer().truncate()), RestoreOptions.DEFAULT.confirmed(plan));

    sampler.requireNoneWaited();
    requireNoneFailed();
    assertEquals(content, server.sql(CONTENT));
  }

  @Test
  void foreignKeysKeepNobodyWaitingForLong() throws Exception {
    String content = server.sql(CONTENT);
    Snapshot snapshot = capture();
    server.sql("DROP TABLE orders");
    load("2s"); // a commit is waited for, whose process may not be run for a while

    var report = repository.restore(snapshot, waiting(restorer().foreignKeys()));

    assertTrue(report.complete(), report.findings()::toString);
    requireNoneFailed();
    assertEquals(content, server.sql(CONTENT));
    assertEquals(
        "2", server.sql("SELECT count(*) FROM pg_constraint WHERE contype = 'f' AND convalidated"));
  }

  private Snapshot capture() throws Exception {
    return repository
        .backup(
            PostgresLogicalSource.of("orders", server.as(EmbeddedPostgres.SUPERUSER)).dataOnly())
        .snapshot();
  }

  private PostgresTableRestorer restorer() {
    return PostgresTableRestorer.into(
            server.as(EmbeddedPostgres.SUPERUSER).property("ApplicationName", "rescue"))
        .table("public", "orders");
  }

  private void load(String patience) throws Exception {
    for (String each : WRITES) {
      writers.add(new Writer(each, patience));
    }
    sampler = new Sampler();
    writers.forEach(Thread::start);
    sampler.start();
  }

  /** Goes on, with all its locks, only when every writer has written a hundred times more. */
  private Restorer waiting(Restorer restorer) {
    return (reader, context) ->
        restorer.restore(
            new AlteredSnapshot(reader)
                .file(
                    FILE,
                    rows -> {
                      awaitWrites();
                      return rows;
                    }),
            context);
  }

  private void awaitWrites() {
    try {
      for (Writer each : writers) {
        long enough = each.written.get() + 100;
        Poll.until(() -> each.written.get() >= enough);
      }
    } catch (Exception e) {
      throw new IllegalStateException("A writer does not go on", e);
    }
  }

  private void requireNoneFailed() throws InterruptedException {
    for (Writer each : writers) {
      each.end();
      assertEquals("", each.failure);
    }
  }

  /** Writes one statement after the other, and has only so much patience for a lock. */
  private final class Writer extends Thread {

    private final String sql;
    private final AtomicLong written = new AtomicLong();
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile String failure = "";

    private final String patience;

    Writer(String sql, String patience) {
      super("writer");
      this.sql = sql;
      this.patience = patience;
    }

    @Override
    public void run() {
      try (Connection connection = server.connection();
          Statement statement = connection.createStatement()) {
        statement.execute("SET application_name = 'writer'; SET lock_timeout = '" + patience + "'");
        while (!ended.get()) {
          statement.execute(String.format(Locale.ROOT, sql, written.get()));
          written.incrementAndGet();
        }
      } catch (SQLException e) {
        failure = sql + ": " + e.getSQLState();
      }
    }

    void end() throws InterruptedException {
      ended.set(true);
      join();
    }
  }

  /** Looks again and again whether somebody waits for the restore. */
  private final class Sampler extends Thread {

    private final AtomicBoolean ended = new AtomicBoolean();
    private final AtomicLong looks = new AtomicLong();
    private final List<String> waits = new ArrayList<>();

    Sampler() {
      super("sampler");
    }

    @Override
    public void run() {
      try (Connection connection = server.connection();
          Statement statement = connection.createStatement()) {
        while (!ended.get()) {
          look(statement);
        }
      } catch (SQLException e) {
        waits.add("The sampler failed: " + e.getMessage());
      }
    }

    private void look(Statement statement) throws SQLException {
      try (ResultSet rows =
          statement.executeQuery(
              "SELECT w.query, w.wait_event FROM pg_stat_activity w, pg_stat_activity r"
                  + " WHERE w.application_name = 'writer' AND r.application_name = 'rescue'"
                  + " AND w.wait_event_type = 'Lock' AND r.pid = ANY (pg_blocking_pids(w.pid))")) {
        while (rows.next()) {
          waits.add(rows.getString(2) + " of " + rows.getString(1));
        }
      }
      looks.incrementAndGet();
    }

    void requireNoneWaited() throws InterruptedException {
      end();
      assertEquals(List.of(), waits);
      assertTrue(looks.get() > 10, looks::toString);
    }

    void end() throws InterruptedException {
      ended.set(true);
      join();
    }
  }
}
