package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Attributes;
import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryOutput;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.sql.Connection;
import java.sql.Statement;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresReplicationObjectsRestorerTest {

  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void close() throws Exception {
    repository.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void whatWasDroppedComesBackAsItWas(int version) throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(version).start()) {
      ReplicationObjects.createTables(server);
      ReplicationObjects.createPublications(server);
      ReplicationObjects.createSlots(server);
      ReplicationObjects.createSubscriptions(server, "host=db dbname=shop user=reader");
      String before = ReplicationObjects.describe(server);
      Snapshot snapshot = backUp(server);
      ReplicationObjects.dropAll(server);

      RestoreReport report = repository.restore(snapshot, restorer(server).subscriptions());

      assertEquals(before, ReplicationObjects.describe(server));
      assertEquals(List.of(), of(Severity.ERROR, report));
      assertEquals(version >= 17 ? 3 : 2, SlotGap.of(report).size());
      assertEquals(
          SlotGap.of(report).size(), of(Severity.WARNING, report).size(), report::toString);
      assertEquals("f", server.sql("SELECT bool_or(subenabled) FROM pg_subscription"));
    }
  }

  @Test
  void whatExistsIsLeftAndSaidToDiffer() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      server.sql("CREATE TABLE a (id int PRIMARY KEY)");
      server.sql("CREATE PUBLICATION same FOR TABLE a");
      server.sql("CREATE PUBLICATION other FOR TABLE a WHERE (id <> 424242)");
      server.sql("SELECT pg_create_logical_replication_slot('same', 'pgoutput')");
      server.sql("SELECT pg_create_logical_replication_slot('other', 'pgoutput')");
      Snapshot snapshot = backUp(server);
      server.sql("ALTER PUBLICATION other SET TABLE a WHERE (id > 5)");
      server.sql("SELECT pg_drop_replication_slot('other')");
      server.sql("SELECT pg_create_physical_replication_slot('other')");

      RestoreReport report = repository.restore(snapshot, restorer(server));

      assertEquals(2, report.findings().size(), report::toString);
      assertTrue(
          report.findings().stream()
              .allMatch(
                  each ->
                      each.subject().equals("other") && each.message().contains("left as it is")),
          report::toString);
      assertEquals(
          List.of(
              "in database \"postgres\": leave publication \"other\", which is there and defined otherwise",
              "in database \"postgres\": leave publication \"same\", which is there",
              "in database \"postgres\": leave logical slot other, which is there",
              "in database \"postgres\": leave logical slot same, which is there"),
          report.plan().steps());
      assertEquals(List.of(), SlotGap.of(report));
      assertFalse(report.toString().contains("424242"), "a filter may hold a secret");
    }
  }

  @Test
  void whatCannotBeCreatedIsNamedAndTheRestComesBack() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      server.sql("CREATE DATABASE gone");
      server.sqlIn("gone", "CREATE PUBLICATION lost");
      server.sql("CREATE TABLE a (id int PRIMARY KEY)");
      server.sql("CREATE TABLE b (id int PRIMARY KEY)");
      server.sql("CREATE PUBLICATION pair FOR TABLE a WHERE (id <> 424242), b");
      server.sql("CREATE PUBLICATION one FOR TABLE a");
      Snapshot snapshot = backUp(server);
      server.sql("DROP PUBLICATION pair, one");
      server.sql("DROP TABLE b");
      server.sql("DROP DATABASE gone");

      RestoreReport report = repository.restore(snapshot, restorer(server));

      List<Finding> errors = of(Severity.ERROR, report);
      assertEquals(List.of("gone", "pair"), errors.stream().map(Finding::subject).toList());
      assertTrue(errors.get(1).remedy().endsWith("there is no \"public\".\"b\""), report::toString);
      assertFalse(report.toString().contains("424242"), "a filter may hold a secret");
      assertEquals("one", server.sql("SELECT string_agg(pubname, ',') FROM pg_publication"));
    }
  }

  @Test
  void onlyWhatIsChosenComesBack() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      ReplicationObjects.createTables(server);
      ReplicationObjects.createPublications(server);
      ReplicationObjects.createSlots(server);
      ReplicationObjects.createSubscriptions(server, "host=db");
      Snapshot snapshot = backUp(server);
      ReplicationObjects.dropAll(server);

      repository.restore(snapshot, restorer(server).slots("standby").publications("rows"));

      assertEquals(
          "standby", server.sql("SELECT string_agg(slot_name, ',') FROM pg_replication_slots"));
      assertEquals("rows", server.sql("SELECT string_agg(pubname, ',') FROM pg_publication"));
      assertEquals("0", server.sql("SELECT count(*) FROM pg_subscription"));
      BackupException absent =
          assertThrows(
              BackupException.class,
              () -> repository.restore(snapshot, restorer(server).slots("standby", "nobody")));
      assertEquals(Kind.NOT_FOUND, absent.kind());
      assertEquals(
          "The snapshot holds no slot [nobody], but [ha, orders, shop, standby, unused]",
          absent.getMessage());
    }
  }

  @Test
  void aServerThatCannotHaveTheSlotsIsToldWhatItNeedsBeforeTheFirstChange() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start();
        EmbeddedPostgres replica = EmbeddedPostgres.start(17);
        EmbeddedPostgres full =
            ReplicationObjects.server(17).set("max_replication_slots", "1").start()) {
      server.sql("SELECT pg_create_logical_replication_slot('a', 'pgoutput')");
      server.sql("SELECT pg_create_physical_replication_slot('b')");
      server.sql("CREATE PUBLICATION p");
      Snapshot snapshot = backUp(server);
      for (EmbeddedPostgres each : List.of(replica, full)) {
        each.sql("CREATE ROLE app LOGIN PASSWORD '" + EmbeddedPostgres.PASSWORD + "'");
      }

      refused(snapshot, replica.as("app"), Kind.DENIED, "ALTER ROLE \"app\" REPLICATION");
      refused(snapshot, replica.asBackup(), Kind.UNSUPPORTED, "SET wal_level = logical");
      refused(snapshot, full.asBackup(), Kind.FULL, "raise max_replication_slots");
      assertEquals("0", full.sql("SELECT count(*) FROM pg_publication"));
    }
  }

  private void refused(Snapshot snapshot, PostgresServer server, Kind kind, String remedy) {
    BackupException refused =
        assertThrows(
            BackupException.class,
            () -> repository.restore(snapshot, PostgresReplicationObjectsRestorer.into(server)));
    assertEquals(kind, refused.kind());
    assertTrue(refused.getMessage().contains(remedy), refused::getMessage);
  }

  @Test
  void whoWritesForTooLongIsNamedAsWhatASlotWaitsFor() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start();
        Connection connection = server.connection();
        Statement statement = connection.createStatement()) {
      server.sql("CREATE TABLE a (id int PRIMARY KEY)");
      server.sql("SELECT pg_create_logical_replication_slot('orders', 'pgoutput')");
      Snapshot snapshot = backUp(server);
      server.sql("SELECT pg_drop_replication_slot('orders')");
      connection.setAutoCommit(false);
      statement.execute("SET application_name = 'nightly batch'");
      statement.execute("INSERT INTO a VALUES (1)");

      RestoreReport report =
          repository.restore(snapshot, restorer(server).limit(Duration.ofMillis(300)));

      Finding error = of(Severity.ERROR, report).get(0);
      assertTrue(
          error.message().contains("application 'nightly batch', role postgres"), error::toString);
      assertTrue(error.message().contains("idle in transaction"), error::toString);
      assertEquals("0", server.sql("SELECT count(*) FROM pg_replication_slots"));
    }
  }

  @Test
  void onAnotherTimelineOfTheSystemTheGapBeginsWhereThatTimelineDoes() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start();
        EmbeddedPostgres standby = server.standby()) {
      server.sql("SELECT pg_create_logical_replication_slot('early', 'pgoutput')");
      standby.catchUp(server);
      Lsn early = confirmed(server, "early");
      standby.promote();
      server.sql("CREATE TABLE a AS SELECT generate_series(1, 1000)");
      server.sql("SELECT pg_create_logical_replication_slot('late', 'pgoutput')");
      Lsn late = confirmed(server, "late");

      RestoreReport report = repository.restore(backUp(server), restorer(standby));

      List<SlotGap> gaps = SlotGap.of(report);
      assertEquals(early, gaps.get(0).from().orElseThrow());
      Lsn fork = gaps.get(1).from().orElseThrow();
      assertTrue(fork.isBefore(late) && !fork.isBefore(early), gaps::toString);
      assertTrue(
          report
              .findings()
              .get(1)
              .message()
              .contains(
                  "changes of timeline 1 between "
                      + fork
                      + " and "
                      + late
                      + ", which this server never made"),
          report::toString);
    }
  }

  @Test
  void aPositionOfASlotThatIsNotRestoredIsRefused() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      server.sql("SELECT pg_create_logical_replication_slot('orders', 'pgoutput')");
      Snapshot snapshot = backUp(server);
      BackupException refused =
          assertThrows(
              BackupException.class,
              () ->
                  repository.restore(
                      snapshot, restorer(server).consumerAt("ordres", server.lsn())));
      assertEquals("The snapshot holds no slot [ordres], but [orders]", refused.getMessage());
    }
  }

  @Test
  void aConsumerBehindASlotThatIsThereMissesWhatTheSlotPassedOver() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      server.sql("SELECT pg_create_logical_replication_slot('orders', 'pgoutput')");
      Lsn position = confirmed(server, "orders");
      Snapshot snapshot = backUp(server);
      server.sql("CREATE TABLE a (id int)");
      server.sql("SELECT pg_replication_slot_advance('orders', pg_current_wal_lsn())");

      RestoreReport report =
          repository.restore(snapshot, restorer(server).consumerAt("orders", position));

      SlotGap gap = SlotGap.of(report).get(0);
      assertEquals(position, gap.from().orElseThrow());
      assertEquals(confirmed(server, "orders"), gap.to());
      assertEquals(1, of(Severity.WARNING, report).size());
    }
  }

  private static Lsn confirmed(EmbeddedPostgres server, String slot) throws Exception {
    return Lsn.parse(
        server.sql(
            "SELECT confirmed_flush_lsn FROM pg_replication_slots WHERE slot_name = '"
                + slot
                + "'"));
  }

  @Test
  void onAnotherSystemEverythingMayBeLost() throws Exception {
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start();
        EmbeddedPostgres other = ReplicationObjects.server(17).ofItsOwn().start()) {
      server.sql("SELECT pg_create_logical_replication_slot('orders', 'test_decoding')");

      RestoreReport report = repository.restore(backUp(server), restorer(other));

      SlotGap gap = SlotGap.of(report).get(0);
      assertTrue(gap.from().isEmpty() && gap.bytes().isEmpty() && gap.contains(new Lsn(1)));
      String message = report.findings().get(0).message();
      assertTrue(
          message.contains("every change before " + gap.to() + " because this is another system"),
          message);
    }
  }

  @Test
  void aHostileSnapshotMakesNoOtherStatements() throws Exception {
    String table = "{\"schema\":\"public\",\"name\":\"a\",\"columns\":[],\"filter\":\"%s\"}";
    String publication =
        "{\"database\":\"postgres\",\"name\":\"%s\",\"owner\":\"postgres\",\"allTables\":false,"
            + "\"operations\":[\"insert\"],\"viaRoot\":false,\"generated\":\"none\",\"schemas\":[],"
            + "\"tables\":["
            + table
            + "],\"comment\":\"\"}\n";
    Map<String, String> files =
        Map.of(
            "slots.jsonl",
            "",
            "subscriptions.jsonl",
            "",
            "publications.jsonl",
            String.format(Locale.ROOT, publication, "p1", "true); DROP TABLE public.a; --")
                + String.format(
                    Locale.ROOT, publication, "p2", "true) ; CREATE TABLE public.evil (); --")
                + String.format(
                    Locale.ROOT, publication, "p3", "a.id = (SELECT 1 FROM pg_sleep(60))"));
    Snapshot snapshot = repository.backup(new Forged(files)).snapshot();
    try (EmbeddedPostgres server = ReplicationObjects.server(17).start()) {
      server.sql("CREATE TABLE a (id int PRIMARY KEY)");

      RestoreReport report = repository.restore(snapshot, restorer(server));

      assertEquals(3, of(Severity.ERROR, report).size(), report::toString);
      assertEquals("a", server.sql("SELECT string_agg(relname, ',') FROM pg_stat_user_tables"));
      assertEquals("0", server.sql("SELECT count(*) FROM pg_publication"));
    }
  }

  @Test
  void listsThatAreNoneAreDamage() throws Exception {
    Snapshot snapshot =
        repository
            .backup(
                new Forged(
                    Map.of(
                        "slots.jsonl",
                        "{\"name\":1}",
                        "publications.jsonl",
                        "",
                        "subscriptions.jsonl",
                        "")))
            .snapshot();
    refused(
        snapshot,
        PostgresServer.at("jdbc:postgresql://127.0.0.1:1/x"),
        Kind.DAMAGED,
        "/slots.jsonl");
  }

  private record Forged(Map<String, String> files) implements BackupSource {
    @Override
    public SourceId id() {
      return new SourceId(PostgresReplicationObjectsSource.TYPE, "forged");
    }

    @Override
    public void capture(SnapshotWriter writer, CaptureContext context) throws IOException {
      writer.fact("kind", "replication");
      for (Map.Entry<String, String> each : files.entrySet()) {
        try (EntryOutput out = writer.file(EntryPath.of(each.getKey()), Attributes.PLAIN)) {
          out.write(each.getValue().getBytes(StandardCharsets.UTF_8));
          out.commit();
        }
      }
    }
  }

  private Snapshot backUp(EmbeddedPostgres server) throws Exception {
    PostgresServer superuser = server.as(EmbeddedPostgres.SUPERUSER);
    return repository.backup(PostgresReplicationObjectsSource.of("orders", superuser)).snapshot();
  }

  private static PostgresReplicationObjectsRestorer restorer(EmbeddedPostgres server) {
    return PostgresReplicationObjectsRestorer.into(server.as(EmbeddedPostgres.SUPERUSER));
  }

  private static List<Finding> of(Severity severity, RestoreReport report) {
    return report.findings().stream()
        .filter(each -> each.severity() == severity)
        .collect(Collectors.toList());
  }
}
