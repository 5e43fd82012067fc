package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a restore says that a consumer has lost, against what a consumer really has not got. */
class SlotGapTest {

  private static final String CREATE =
      "SELECT pg_create_logical_replication_slot('%s', 'pgoutput')";

  @TempDir Path folder;

  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void theGapHoldsExactlyTheRowsThatTheConsumerNeverSees(int version) throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(version).start()) {
      prepare(server);
      Map<String, Lsn> before = consume(server, 1, 40);
      Snapshot snapshot =
          repository
              .backup(PostgresReplicationObjectsSource.of("orders", superuser(server)))
              .snapshot();
      server.sql("SELECT pg_drop_replication_slot('orders')");
      write(server, 41, 80);

      RestoreReport report;
      try (RowWriter writer = new RowWriter(server)) {
        writer.awaitRows(20);
        report = repository.restore(snapshot, restorer(server));
        writer.awaitRows(20);
      }

      assertGapIsWhatIsMissed(server, gap(report), before);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void theGapBeginsWhereTheConsumerSaysThatItIs(int version) throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(version).start()) {
      prepare(server);
      Map<String, Lsn> before = consume(server, 1, 20);
      Snapshot snapshot =
          repository
              .backup(PostgresReplicationObjectsSource.of("orders", superuser(server)))
              .snapshot();
      before.putAll(consume(server, 21, 60));
      Lsn position = confirmed(server);
      server.sql("SELECT pg_drop_replication_slot('orders')");
      write(server, 61, 70);

      SlotGap late =
          gap(repository.restore(snapshot, restorer(server).consumerAt("orders", position)));
      write(server, 71, 80);

      assertEquals(position, late.from().orElseThrow());
      assertGapIsWhatIsMissed(server, late, before);
    }
  }

  private static void prepare(EmbeddedPostgres server) throws Exception {
    server.sql("CREATE TABLE rows (n text PRIMARY KEY)");
    server.sql("CREATE TABLE noise (n text)");
    server.sql("CREATE PUBLICATION rows FOR TABLE rows");
    server.sql(String.format(Locale.ROOT, CREATE, "orders"));
    server.sql(String.format(Locale.ROOT, CREATE, "witness"));
  }

  private static void write(EmbeddedPostgres server, int from, int to) throws Exception {
    for (int i = from; i <= to; i++) {
      server.sql("INSERT INTO noise VALUES (repeat('x', 100))");
      server.sql("INSERT INTO rows VALUES ('" + i + "')");
    }
  }

  /** Writes rows, and reads and confirms them. */
  private static Map<String, Lsn> consume(EmbeddedPostgres server, int from, int to)
      throws Exception {
    write(server, from, to);
    try (ChangeConsumer consumer = new ChangeConsumer(server, "orders", "rows")) {
      consumer.readTo(Integer.toString(to));
      consumer.confirm();
      Lsn position = consumer.position();
      Poll.until(() -> !confirmed(server).isBefore(position));
      return consumer.commits();
    } finally {
      Poll.until(
          () ->
              server
                  .sql("SELECT active FROM pg_replication_slots WHERE slot_name = 'orders'")
                  .equals("f"));
    }
  }

  private static Lsn confirmed(EmbeddedPostgres server) throws Exception {
    return Lsn.parse(
        server.sql(
            "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = 'orders'"));
  }

  private static PostgresServer superuser(EmbeddedPostgres server) {
    return server.as(EmbeddedPostgres.SUPERUSER);
  }

  private static PostgresReplicationObjectsRestorer restorer(EmbeddedPostgres server) {
    return PostgresReplicationObjectsRestorer.into(superuser(server)).slots("orders");
  }

  private static SlotGap gap(RestoreReport report) {
    assertEquals(1, SlotGap.of(report).size(), report::toString);
    SlotGap gap = SlotGap.of(report).get(0);
    Finding finding = report.findings().get(0);
    assertEquals(Finding.Severity.WARNING, finding.severity());
    assertEquals("orders", finding.subject());
    assertTrue(
        finding
            .message()
            .startsWith("Changes between " + gap.from().orElseThrow() + " and " + gap.to() + " ("),
        finding::toString);
    assertTrue(
        finding.remedy().startsWith("Re-snapshot tables \"public\".\"rows\""), finding::toString);
    return gap;
  }

  private static void assertGapIsWhatIsMissed(
      EmbeddedPostgres server, SlotGap gap, Map<String, Lsn> before) throws Exception {
    server.sql("INSERT INTO rows VALUES ('last')");
    Map<String, Lsn> all = read(server, "witness");
    Set<String> missed = new TreeSet<>(all.keySet());
    missed.removeAll(before.keySet());
    missed.removeAll(read(server, "orders").keySet());
    Set<String> said =
        all.entrySet().stream()
            .filter(each -> gap.contains(each.getValue()))
            .map(Map.Entry::getKey)
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(missed, said);
    assertFalse(missed.isEmpty());
    assertFalse(missed.contains("last"));
    assertTrue(gap.bytes().orElseThrow() > 0);
  }

  private static Map<String, Lsn> read(EmbeddedPostgres server, String slot) throws Exception {
    try (ChangeConsumer consumer = new ChangeConsumer(server, slot, "rows")) {
      consumer.readTo("last");
      return consumer.commits();
    }
  }
}
