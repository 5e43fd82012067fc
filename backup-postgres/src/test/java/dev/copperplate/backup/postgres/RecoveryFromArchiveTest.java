package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The parts together: a base, the archiver's WAL, a table that is dropped, a drill. */
class RecoveryFromArchiveTest {

  private Path folder;
  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    folder = Clusters.folder();
    repository =
        TestRepositories.create(
            LocalTarget.at(folder.resolve("repository")),
            RepositoryOptions.DEFAULT.scratch(folder));
  }

  @AfterEach
  void remove() throws Exception {
    repository.close();
    Clusters.remove(folder);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aTableThatWasDroppedIsThereJustBeforeAndGoneBehind(int version) throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(version);
        RunningArchiver archiver =
            RunningArchiver.start(
                PostgresWalArchiver.of("orders", postgres.asBackup(), repository)
                    .interval(Duration.ofSeconds(1)))) {
      postgres.sql("CREATE TABLE counted AS SELECT generate_series(1, 1000) AS value");
      archiver.awaitDurable(postgres.lsn());
      Snapshot base =
          repository.backup(PostgresPhysicalSource.of("orders", postgres.asBackup())).snapshot();
      postgres.sql("INSERT INTO counted VALUES (1001)");
      Instant before =
          Instant.parse(
              postgres.sql("SELECT to_json(clock_timestamp() AT TIME ZONE 'UTC') #>> '{}'") + "Z");
      postgres.sql("DROP TABLE counted");
      archiver.awaitDurable(postgres.lsn());
      archiver.end();

      Verification there =
          repository.verify(
              base,
              PostgresDrill.with(postgres.binaries().directory())
                  .target(RecoveryTarget.time(before))
                  .expect("postgres", "SELECT sum(value) FROM public.counted", "501501"));
      Verification gone =
          repository.verify(
              base,
              PostgresDrill.with(postgres.binaries().directory())
                  .expect("postgres", "SELECT to_regclass('public.counted') IS NULL", "t"));

      assertEquals(List.of(), errors(there));
      assertTrue(there.passed());
      assertEquals(List.of(), errors(gone));
      List<RecoverableWindow> windows = RecoverableWindows.of(repository, "orders").windows();
      assertEquals(1, windows.size());
      assertTrue(windows.get(0).from().isBefore(before), windows::toString);
      assertTrue(windows.get(0).to().isAfter(before), windows::toString);
    }
  }

  private static List<Finding> errors(Verification verification) {
    return verification.findings().stream()
        .filter(each -> each.severity() != Finding.Severity.INFO)
        .toList();
  }
}
