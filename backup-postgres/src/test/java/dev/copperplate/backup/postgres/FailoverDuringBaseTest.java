package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A standby that is promoted while it sends a base. The server ends such a base with an error, and
 * its hint is to take another.
 */
class FailoverDuringBaseTest {

  /** A base of 22 MB takes some seconds, in which the standby is promoted. */
  private static final long RATE = 4 << 20;

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  @Timeout(120)
  void aBaseOfAStandbyThatIsPromotedMeanwhileIsNoneAndTheNextOneIsGood(int version)
      throws Exception {
    try (BackupRepository repository =
            TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
        EmbeddedPostgres primary = EmbeddedPostgres.start(version);
        EmbeddedPostgres standby = primary.standby()) {
      standby.catchUp(primary);
      PostgresPhysicalSource source = PostgresPhysicalSource.of("orders", standby.asBackup());
      FutureTask<BackupReport> base = new FutureTask<>(() -> repository.backup(source.rate(RATE)));
      new Thread(base, "base-of-a-standby").start();
      Poll.until(
          () ->
              standby
                  .sql(
                      "SELECT count(*) FROM pg_stat_progress_basebackup WHERE phase LIKE 'stream%'")
                  .equals("1"));
      standby.promote();

      ExecutionException ended = assertThrows(ExecutionException.class, base::get);

      BackupException refused = assertInstanceOf(BackupException.class, ended.getCause());
      assertEquals(Kind.CONFLICT, refused.kind(), refused::toString);
      assertTrue(refused.getMessage().contains("promoted"), refused::getMessage);
      assertEquals(List.of(), repository.list(SnapshotFilter.ALL));
      Snapshot next = repository.backup(source).snapshot();
      assertEquals(SnapshotState.COMPLETE, next.state());
    }
  }
}
