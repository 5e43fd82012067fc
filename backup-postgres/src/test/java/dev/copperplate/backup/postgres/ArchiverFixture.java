package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.HostileTarget;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A repository in memory, and archivers that commit into it often. */
@Timeout(120)
abstract class ArchiverFixture {

  static final String SLOT = "copperplate_orders";

  @TempDir Path folder;

  HostileTarget target;
  BackupRepository repository;

  @BeforeEach
  void createRepository() throws Exception {
    target = HostileTarget.over(new MemoryTarget());
    repository =
        TestRepositories.createWithoutRivals(target, RepositoryOptions.DEFAULT.scratch(folder));
  }

  @AfterEach
  void closeRepository() throws Exception {
    target.heal();
    repository.close();
  }

  /** One with small segments that keeps all of them, to compare with. */
  static EmbeddedPostgres.Settings server(int version) {
    return EmbeddedPostgres.version(version).initdb("--wal-segsize=1").set("wal_keep_size", "1GB");
  }

  PostgresWalArchiver archiver(EmbeddedPostgres server) {
    return archiver(server.asBackup());
  }

  PostgresWalArchiver archiver(PostgresServer server) {
    return PostgresWalArchiver.of("orders", server, repository)
        .interval(Duration.ofMillis(200))
        .spool(folder.resolve("spool"));
  }

  /** Some three segments. */
  static Lsn write(EmbeddedPostgres server) throws Exception {
    server.sql("CREATE TABLE IF NOT EXISTS filler (value text)");
    server.sql("INSERT INTO filler SELECT repeat('x', 500) FROM generate_series(1, 5000)");
    return server.lsn();
  }

  /** All from the beginning of the last window on is there, and as the server has it. */
  void assertArchived(EmbeddedPostgres server) throws Exception {
    ArchivedWal wal = ArchivedWal.of(repository, "orders");
    assertNull(wal.fact("gap"));
    wal.assertHolds(
        1, Lsn.parse(wal.fact("start-lsn")), wal.end(), server.data().resolve("pg_wal"));
  }
}
