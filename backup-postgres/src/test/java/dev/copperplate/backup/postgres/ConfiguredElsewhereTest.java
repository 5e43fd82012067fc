package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Servers whose configuration names places, restored where these places are somebody else's. */
@Timeout(120)
class ConfiguredElsewhereTest {

  private BackupRepository repository;
  private Path folder;

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    folder = Clusters.folder();
  }

  @AfterEach
  void remove() throws IOException {
    repository.close();
    Clusters.remove(folder);
  }

  /** The lost server's directory is still there: on it the server would start otherwise. */
  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void aServerRunsOnTheRestoredDirectoryThoughItsConfigurationNamesTheOldOne(int version)
      throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      append(
          server.data().resolve("postgresql.conf"),
          "data_directory = '" + server.data() + "'",
          "wal_compression = on # and no end of line");
      assertRunsOnTheRestored(server);
    }
  }

  @Test
  void aServerRunsOnTheRestoredDirectoryThoughAnIncludedFileNamesTheOldOne() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      append(server.data().resolve("postgresql.conf"), "include 'more.conf'");
      Path more = Files.createFile(server.data().resolve("more.conf"));
      append(more, "data_directory = '" + server.data() + "'", "wal_compression = on");
      assertRunsOnTheRestored(server);
    }
  }

  private void assertRunsOnTheRestored(EmbeddedPostgres server) throws Exception {
    Snapshot base =
        repository.backup(PostgresPhysicalSource.of("shop", server.asBackup())).snapshot();
    server.sql("CREATE TABLE later (id int)");
    server.stop();
    Path data = folder.resolve("restored");

    repository.restore(base, PostgresRestorer.to(data));

    PgTools.of(server.version()).run("pg_verifybackup", data.toString()).orThrow();
    try (RestoredServer restored =
        RestoredServer.start(server.version(), data, folder.resolve("restored.wal"))) {
      assertEquals(List.of(data.toString()), restored.sql("SHOW data_directory"));
      assertEquals(List.of("t"), restored.sql("SELECT to_regclass('later') IS NULL"));
      assertTrue(restored.sql("SHOW wal_compression").get(0).matches("on|pglz"));
    }
  }

  @Test
  void theReportTellsThatAccessRulesAreTakenFromElsewhere() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      append(
          server.data().resolve("postgresql.conf"),
          "hba_file = '" + server.data().resolve("pg_hba.conf") + "'");
      Snapshot base =
          repository.backup(PostgresPhysicalSource.of("shop", server.asBackup())).snapshot();

      RestoreReport report =
          repository.restore(base, PostgresRestorer.to(folder.resolve("restored")));

      List<String> told =
          report.findings().stream()
              .map(Finding::message)
              .filter(each -> each.contains("sets hba_file"))
              .toList();
      assertEquals(1, told.size(), report::toString);
    }
  }

  private static void append(Path file, String... lines) throws IOException {
    String text = Files.readString(file).endsWith("\n") || Files.size(file) == 0 ? "" : "\n";
    Files.writeString(file, text + String.join("\n", lines), StandardOpenOption.APPEND);
  }
}
