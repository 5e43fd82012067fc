package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A restore onto a real disk that has no room for it. */
class FullDiskRestoreTest {

  private BackupRepository repository;
  private Path folder;
  private Path disk;
  private boolean mounted;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    folder = Clusters.folder();
    disk = Files.createDirectory(folder.resolve("disk"));
  }

  @AfterEach
  void remove() throws Exception {
    repository.close();
    // Whatever a restore that failed still has open would keep the disk busy.
    assertEquals(0, mounted ? run("umount", disk.toString()) : 0);
    Clusters.remove(folder);
  }

  @Test
  void aBaseThatDoesNotFitSaysThatTheDiskIsFullAndComesBackOnceItFits() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      server.sql("CREATE TABLE counted AS SELECT generate_series(1, 1000) AS value");
      Snapshot base =
          repository.backup(PostgresPhysicalSource.of("shop", server.asBackup())).snapshot();

      mount("16m");
      assertFull(base, PostgresRestorer.to(disk.resolve("small")));

      assertEquals(0, run("mount", "-o", "remount,size=200m", disk.toString()));
      repository.restore(base, PostgresRestorer.to(disk.resolve("large")));
      assertTrue(Files.exists(disk.resolve("large/backup_manifest")));
    }
  }

  @Test
  void walThatDoesNotFitSaysThatTheDiskIsFull() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17);
        RunningArchiver archiver =
            RunningArchiver.start(
                PostgresWalArchiver.of("shop", server.asBackup(), repository)
                    .interval(Duration.ofSeconds(1)))) {
      server.sql("CREATE TABLE counted AS SELECT 1 AS value");
      archiver.awaitDurable(server.lsn());
      Snapshot base =
          repository.backup(PostgresPhysicalSource.of("shop", server.asBackup())).snapshot();
      for (int segment = 0; segment < 4; segment++) {
        server.sql("INSERT INTO counted SELECT generate_series(1, 200000)");
        server.sql("SELECT pg_switch_wal()");
      }
      archiver.awaitDurable(server.lsn());
      archiver.end();
      // All files of the base, with its own WAL, and no more than a segment besides.
      mount("72m");

      assertFull(base, PostgresRestorer.to(disk.resolve("small")).target(RecoveryTarget.latest()));
    }
  }

  private void assertFull(Snapshot base, PostgresRestorer restorer) {
    BackupException full =
        assertThrows(BackupException.class, () -> repository.restore(base, restorer));
    assertEquals(Kind.FULL, full.kind());
    assertTrue(full.getMessage().contains("of the destination is full"), full::getMessage);
  }

  private void mount(String size) throws Exception {
    assumeTrue("root".equals(System.getProperty("user.name")), "only root can mount");
    int code = run("mount", "-t", "tmpfs", "-o", "size=" + size, "tmpfs", disk.toString());
    assumeTrue(code == 0, "a tmpfs cannot be mounted here");
    mounted = true;
  }

  private static int run(String... command) throws IOException, InterruptedException {
    return new ProcessBuilder(command)
        .redirectOutput(ProcessBuilder.Redirect.DISCARD)
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
        .waitFor();
  }
}
