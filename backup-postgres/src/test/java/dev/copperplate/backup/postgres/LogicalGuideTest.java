package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Runs the commands of the {@code RESTORE.md} of logical snapshots: restic and psql, no Java. */
class LogicalGuideTest {

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

      BackupReport report =
          repository.backup(
              PostgresLogicalSource.of("it's shops", server.as(EmbeddedPostgres.SUPERUSER))
                  .database(EveryKind.DATABASE)
                  .tools(tools.path("pg_dump").getParent()));

      assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
      restore(report.snapshot(), other, tools);
      assertEquals(
          String.join("\n", EveryKind.dump(server, tools)),
          String.join("\n", EveryKind.dump(other, tools)));
      assertEquals("5MB", setting(other));
      assertFalse(Files.exists(EVIL));
    }
  }

  private static String setting(EmbeddedPostgres server) throws Exception {
    return server.sql(
        "SELECT split_part(setconfig[1], '=', 2) FROM pg_db_role_setting s JOIN pg_roles r"
            + " ON r.oid = setrole WHERE rolname = 'keeper' AND setdatabase = 0");
  }

  @Test
  void rowsAloneComeBackIntoTablesThatAreThere() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(18);
        EmbeddedPostgres other = EmbeddedPostgres.start(18)) {
      for (EmbeddedPostgres each : new EmbeddedPostgres[] {server, other}) {
        each.sql("CREATE TABLE a (id serial PRIMARY KEY, t text, v int GENERATED ALWAYS AS (id))");
        each.sql("CREATE TABLE b (a int REFERENCES a)");
      }
      server.sql("INSERT INTO a (t) SELECT md5(i::text) FROM generate_series(1, 1000) i");
      server.sql("INSERT INTO b SELECT id FROM a");
      server.sql("SELECT lo_from_bytea(16001, 'large')");

      BackupReport report =
          repository.backup(
              PostgresLogicalSource.of("it's shops", server.as(EmbeddedPostgres.SUPERUSER))
                  .dataOnly());

      assertEquals(SnapshotState.COMPLETE, report.snapshot().state(), report::toString);
      restore(report.snapshot(), other, PgTools.stock());
      for (String query :
          new String[] {
            "SELECT md5(string_agg(a::text, ',' ORDER BY id)) FROM a",
            "SELECT sum(a) FROM b",
            "SELECT last_value FROM a_id_seq",
            "SELECT lo_get(16001)"
          }) {
        assertEquals(server.sql(query), other.sql(query));
      }
    }
  }

  private void restore(Snapshot snapshot, EmbeddedPostgres into, PgTools tools) throws Exception {
    new LogicalRestore(folder, snapshot).into(into, tools);
  }
}
