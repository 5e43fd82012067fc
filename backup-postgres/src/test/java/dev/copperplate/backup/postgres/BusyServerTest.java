package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Bases that are taken while tables and databases come and go. */
class BusyServerTest {

  /** A base of 25 MB takes a second or two, in which much happens. */
  private static final long RATE = 16 << 20;

  @Test
  @Timeout(120)
  void aChainTakenWhileTablesComeAndGoIsVerifiedAndStarts() throws Exception {
    takeBases(17, 3);
  }

  @Test
  @Tag("slow")
  @Timeout(value = 15, unit = TimeUnit.MINUTES)
  void tenBasesTakenWhileTablesComeAndGoAreVerifiedAndStart() throws Exception {
    takeBases(15, 10);
    takeBases(17, 10);
  }

  private static void takeBases(int version, int count) throws Exception {
    try (BackupRepository repository =
            TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
        EmbeddedPostgres server = EmbeddedPostgres.start(version);
        BusyWriter writer = BusyWriter.start(server)) {
      PostgresPhysicalSource source =
          PostgresPhysicalSource.of("busy", server.asBackup()).chain(4).rate(RATE);
      for (int i = 0; i < count; i++) {
        int before = writer.committed();
        BackupReport report = repository.backup(source);
        int after = writer.committed();
        assertTrue(before < after, "nothing was written meanwhile");
        assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
        assertGood(version, repository, report.snapshot(), before);
      }
      writer.end();
    }
  }

  private static void assertGood(int version, BackupRepository repository, Snapshot base, int least)
      throws Exception {
    Path folder = Clusters.folder();
    try {
      Path data = folder.resolve("data");
      repository.restore(base, PostgresRestorer.to(data));
      PgTools.of(version).run("pg_verifybackup", data.toString()).orThrow();
      try (RestoredServer restored =
          RestoredServer.start(version, data, folder.resolve("data.wal"))) {
        String rows = restored.sql("SELECT count(*) FROM kept").get(0);
        assertEquals(List.of(rows), restored.sql("SELECT max(number) FROM kept"));
        assertTrue(least <= Integer.parseInt(rows), () -> rows + " rows of " + least);
        restored.sql("CREATE EXTENSION amcheck");
        restored.sql("SELECT bt_index_check('kept_pkey', true)");
        assertEquals(List.of(), restored.sql("SELECT msg FROM verify_heapam('kept')"));
      }
    } finally {
      Clusters.remove(folder);
    }
  }
}
