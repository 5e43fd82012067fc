package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.scratch.Trees;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What an archiver stored brings a base backup forward. */
@Timeout(120)
class ArchivedRecoveryTest {

  private Path folder;
  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    folder = Clusters.folder();
    repository =
        TestRepositories.createWithoutRivals(new MemoryTarget(), RepositoryOptions.DEFAULT);
  }

  @AfterEach
  void remove() throws Exception {
    repository.close();
    Clusters.remove(folder);
  }

  private static EmbeddedPostgres.Settings server() {
    return EmbeddedPostgres.version(17)
        .initdb("--wal-segsize=1")
        .set("min_wal_size", "2MB")
        .set("max_wal_size", "4MB");
  }

  private PostgresWalArchiver archiver(EmbeddedPostgres server) {
    return PostgresWalArchiver.of("orders", server.asBackup(), repository)
        .interval(Duration.ofMillis(200));
  }

  private Snapshot base(EmbeddedPostgres server) throws Exception {
    return repository.backup(PostgresPhysicalSource.of("orders", server.asBackup())).snapshot();
  }

  private static Lsn insert(EmbeddedPostgres server, int value) throws Exception {
    server.sql("INSERT INTO counted VALUES (" + value + ", repeat('x', 1000))");
    return server.lsn();
  }

  private List<String> recovered(Snapshot from, RecoveryTarget target) throws Exception {
    Path data = folder.resolve("restored");
    Path beside = folder.resolve("restored.wal");
    try {
      repository.restore(from, PostgresRestorer.to(data).target(target));
      try (RestoredServer restored = RestoredServer.start(17, data, beside)) {
        return restored.sql("SELECT value FROM counted ORDER BY value");
      }
    } finally {
      Trees.delete(data);
      Trees.delete(beside);
    }
  }

  @Test
  void aCrashedServersRowsAreThereUpToWhatWasDurable() throws Exception {
    try (EmbeddedPostgres server = server().start();
        RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
      server.sql("CREATE TABLE counted (value int, filler text)");
      archiver.awaitCommits(1);
      Snapshot base = base(server);
      archiver.awaitDurable(insert(server, 1));
      archiver.awaitDurable(insert(server, 2));
      server.crash();
      assertEquals(List.of("1", "2"), recovered(base, RecoveryTarget.latest()));
    }
  }

  @Test
  void nothingIsRecoveredAcrossAGapAndEverythingBehindItFromANewFull() throws Exception {
    try (EmbeddedPostgres server = server().start()) {
      server.sql("CREATE TABLE counted (value int, filler text)");
      Snapshot before;
      Lsn end;
      try (RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
        archiver.awaitCommits(1);
        before = base(server);
        archiver.awaitDurable(insert(server, 1));
        archiver.end();
        end = archiver.durable();
      }
      lose(server, end);
      try (RunningArchiver archiver = RunningArchiver.start(archiver(server))) {
        archiver.awaitFinding("Take a new full backup");
        Snapshot full = base(server);
        Lsn last = insert(server, 3);
        archiver.awaitDurable(last);
        archiver.end();

        assertEquals(List.of("1", "2", "3"), recovered(full, RecoveryTarget.latest()));
        assertEquals(List.of("1"), recovered(before, RecoveryTarget.latest()));
        BackupException refused =
            assertThrows(BackupException.class, () -> recovered(before, RecoveryTarget.lsn(last)));
        assertTrue(refused.kind() == BackupException.Kind.NOT_FOUND, refused::toString);
      }
    }
  }

  private static void lose(EmbeddedPostgres server, Lsn end) throws Exception {
    String slots = "FROM pg_replication_slots WHERE slot_name = 'copperplate_orders'";
    Poll.until(() -> server.sql("SELECT active " + slots).equals("f"));
    server.sql("SELECT pg_drop_replication_slot(slot_name) " + slots);
    insert(server, 2);
    server.sql("CREATE TABLE filler (value text)");
    Poll.until(
        () -> {
          server.sql("INSERT INTO filler SELECT repeat('x', 500) FROM generate_series(1, 5000)");
          server.sql("CHECKPOINT");
          String left = "SELECT count(*) FROM pg_ls_waldir() WHERE name = pg_walfile_name('";
          return server.sql(left + end + "')").equals("0");
        });
  }
}
