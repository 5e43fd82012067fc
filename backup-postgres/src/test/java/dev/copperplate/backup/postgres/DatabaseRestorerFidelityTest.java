package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Databases that come back are judged by PostgreSQL's own dump of both. */
class DatabaseRestorerFidelityTest {

  private static final Path EVIL = Path.of("/tmp/copperplate-evil");

  @TempDir Path folder;

  private BackupRepository repository;

  @BeforeEach
  void createRepository() throws Exception {
    repository = TestRepositories.create(folder.resolve("repository"));
  }

  @AfterEach
  void closeRepository() throws Exception {
    repository.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void everyKindOfObjectComesBackAsItWas(int version) throws Exception {
    PgTools tools = PgTools.of(version);
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version);
        EmbeddedPostgres other = EmbeddedPostgres.start(version)) {
      EveryKind.create(server, tools);
      Snapshot snapshot =
          repository
              .backup(
                  PostgresLogicalSource.of("shops", server.as(EmbeddedPostgres.SUPERUSER))
                      .database(EveryKind.DATABASE)
                      .tools(tools.path("pg_dump").getParent()))
              .snapshot();

      RestoreReport report =
          repository.restore(
              snapshot,
              PostgresDatabaseRestorer.into(other.as(EmbeddedPostgres.SUPERUSER)).globals());

      assertEquals(
          String.join("\n", EveryKind.dump(server, tools)),
          String.join("\n", EveryKind.dump(other, tools)));
      assertEquals(true, report.complete(), report::toString);
      assertFalse(Files.exists(EVIL));
    }
  }
}
