package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.postgres.scratch.ServerUser;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PgToolsTest {

  @ParameterizedTest
  @ValueSource(ints = {15, 17})
  void pgVerifybackupAcceptsABackupOfPgBasebackup(int version) throws Exception {
    PgTools tools = PgTools.of(version);
    Path folder = Clusters.folder();
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(version)) {
      String backup = folder.resolve("backup").toString();
      tools.at(postgres).run("pg_basebackup", "-D", backup, "-c", "fast").orThrow();
      // Without -n, so that pg_waldump reads the WAL.
      assertTrue(tools.run("pg_verifybackup", backup).orThrow().contains("verified"));
    } finally {
      Clusters.remove(folder);
    }
  }

  @Test
  void psqlReachesAServerWithoutAPasswordOnItsCommandLine() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(17)) {
      PgTools tools = PgTools.stock().at(postgres);
      assertEquals("42\n", tools.run("psql", "-XAtc", "SELECT 42").orThrow());
    }
  }

  @Test
  void everyToolRunsAlsoAsTheServersUser() throws Exception {
    PgTools tools = PgTools.stock();
    ServerUser user = ServerUser.unprivileged();
    for (String each :
        List.of("psql", "pg_combinebackup", "pg_dump", "pg_receivewal", "pg_waldump")) {
      List<String> words = List.of(tools.path(each).toString(), "--version");
      assertTrue(Program.run(words, Map.of()).orThrow().contains(" 17."));
      assertTrue(Program.run(user.running(words), Map.of()).orThrow().contains(" 17."));
    }
    List<String> words = List.of(tools.path("pgbackrest").toString(), "version");
    assertTrue(Program.run(user.running(words), Map.of()).orThrow().startsWith("pgBackRest 2."));
  }
}
