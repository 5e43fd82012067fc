package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RestoreOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Single tables of base backups, back in the database that goes on. */
@Timeout(180)
class TablesOutOfABaseTest {

  private static final String SUM = "SELECT count(*) || ' ' || sum(id) FROM ";

  private BackupRepository repository;
  private Path folder;

  @BeforeEach
  void create() throws Exception {
    folder = Clusters.folder();
    Files.createDirectory(folder.resolve("scratch"));
    repository =
        TestRepositories.create(
            new MemoryTarget(), RepositoryOptions.DEFAULT.scratch(folder.resolve("scratch")));
  }

  @AfterEach
  void remove() throws Exception {
    repository.close();
    Clusters.remove(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aTableThatWasDroppedComesBackAsTheBaseHasIt(int version) throws Exception {
    try (EmbeddedPostgres server = filled(version)) {
      String expected = server.sql(SUM + "orders");
      Snapshot base = base(server);
      server.sql("INSERT INTO items SELECT generate_series(1, 10)");
      String others = server.sql(SUM + "items");
      server.sql("DROP TABLE orders");

      repository.restore(base, restorer(server).table("public", "orders"));

      assertEquals(expected, server.sql(SUM + "orders"));
      assertEquals(others, server.sql(SUM + "items"));
      server.sql("INSERT INTO orders (note) VALUES ('the next one')");
      assertEquals("5001", server.sql("SELECT max(id) FROM orders"));
      assertEquals(
          "orders_note_idx,orders_pkey",
          server.sql(
              "SELECT string_agg(indexname, ',' ORDER BY indexname) FROM pg_indexes"
                  + " WHERE tablename = 'orders'"));
      assertEquals(List.of(), remaining());
    }
  }

  @Test
  void aTableComesBackAsItWasAtAMomentBetweenTwoBasesUnderAnotherName() throws Exception {
    try (EmbeddedPostgres server = filled(17)) {
      Lsn begin = server.lsn();
      Snapshot base = base(server);
      server.sql("DELETE FROM orders WHERE id > 4000");
      String expected = server.sql(SUM + "orders");
      Lsn moment = server.lsn();
      server.sql("TRUNCATE orders");
      repository.backup(new ServerWal("shop", server, begin));

      PostgresDrill copy = copy(server).target(RecoveryTarget.lsn(moment));
      repository.restore(
          base, restorer(server).fromBase(copy).table("public", "orders").as("public", "before"));

      assertEquals(expected, server.sql(SUM + "before"));
      assertEquals("0", server.sql("SELECT count(*) FROM orders"));
    }
  }

  @Test
  void aPartitionedTableOfAChainComesBackWithItsPartitions() throws Exception {
    try (EmbeddedPostgres server = filled(17)) {
      server.sql("CREATE SCHEMA \"a.B\"");
      server.sql("CREATE TABLE \"a.B\".\"x*\" (id int, day int) PARTITION BY RANGE (day)");
      server.sql(
          "CREATE TABLE \"a.B\".\"x*1\" PARTITION OF \"a.B\".\"x*\" FOR VALUES FROM (0) TO (5)");
      server.sql(
          "CREATE TABLE \"elsewhere\" PARTITION OF \"a.B\".\"x*\" FOR VALUES FROM (5) TO (10)");
      base(server);
      server.sql("INSERT INTO \"a.B\".\"x*\" SELECT i, i % 10 FROM generate_series(1, 1000) i");
      Snapshot base = base(server);
      assertEquals(1, base.dependencies().size());
      String expected = server.sql(SUM + "\"a.B\".\"x*\"");
      server.sql("DROP TABLE \"a.B\".\"x*\"");

      repository.restore(base, restorer(server).table("a.B", "x*"));

      assertEquals(expected, server.sql(SUM + "\"a.B\".\"x*\""));
      assertEquals("500", server.sql("SELECT count(*) FROM elsewhere"));
    }
  }

  @Test
  void aPlanOfWhatWouldBeLostIsMadeAndNothingIsTouched() throws Exception {
    try (EmbeddedPostgres server = filled(17)) {
      Snapshot base = base(server);
      String before = server.sql(SUM + "orders");
      PostgresTableRestorer truncating = restorer(server).table("public", "orders").truncate();

      RestorePlan plan = repository.planRestore(base, truncating);

      assertEquals(List.of("table \"public\".\"orders\""), plan.destroys());
      assertEquals(before, server.sql(SUM + "orders"));
      assertEquals(List.of(), remaining());
      server.sql("DELETE FROM orders WHERE id % 2 = 0");
      RestoreReport report =
          repository.restore(base, truncating, RestoreOptions.DEFAULT.confirmed(plan));
      assertEquals("5000", report.facts().get("rows"));
      assertEquals(before, server.sql(SUM + "orders"));
    }
  }

  @Test
  void whatHasToBeSaidIsAskedFor() throws Exception {
    try (EmbeddedPostgres server = filled(17)) {
      Snapshot base = base(server);
      PostgresServer live = server.as(EmbeddedPostgres.SUPERUSER);
      PostgresTableRestorer without =
          PostgresTableRestorer.into(live).table("public", "orders").database("postgres");
      assertRefused(Kind.INVALID, "fromBase", base, without);
      PostgresTableRestorer anywhere =
          PostgresTableRestorer.into(live).table("public", "orders").fromBase(copy(server));
      assertRefused(Kind.INVALID, "which", base, anywhere);
      PostgresTableRestorer unknown = restorer(server).table("public", "nothing");
      assertRefused(Kind.NOT_FOUND, "\"nothing\"", base, unknown);
      assertEquals(List.of(), remaining());
    }
  }

  private void assertRefused(
      Kind kind, String word, Snapshot base, PostgresTableRestorer restorer) {
    BackupException refused =
        assertThrows(BackupException.class, () -> repository.restore(base, restorer));
    assertEquals(kind, refused.kind(), refused::getMessage);
    assertTrue(refused.getMessage().contains(word), refused::getMessage);
  }

  private Snapshot base(EmbeddedPostgres server) throws Exception {
    return repository
        .backup(PostgresPhysicalSource.of("shop", server.asBackup()).chain(7))
        .snapshot();
  }

  private static PostgresTableRestorer restorer(EmbeddedPostgres server) throws Exception {
    return PostgresTableRestorer.into(server.as(EmbeddedPostgres.SUPERUSER))
        .database("postgres")
        .fromBase(copy(server));
  }

  private static PostgresDrill copy(EmbeddedPostgres server) throws Exception {
    return PostgresDrill.with(server.binaries().directory());
  }

  /** What is left in the scratch directory. */
  private List<Path> remaining() throws Exception {
    try (Stream<Path> all = Files.list(folder.resolve("scratch"))) {
      return all.toList();
    }
  }

  private static EmbeddedPostgres filled(int version) throws Exception {
    EmbeddedPostgres server = EmbeddedPostgres.version(version).set("wal_keep_size", "1GB").start();
    server.sql("CREATE TABLE items (id int)");
    server.sql("CREATE TABLE orders (id serial PRIMARY KEY, note text)");
    server.sql("INSERT INTO orders (note) SELECT md5(i::text) FROM generate_series(1, 5000) i");
    server.sql("CREATE INDEX ON orders (note)");
    return server;
  }
}
