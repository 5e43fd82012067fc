package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.sql.DriverManager;
import java.sql.SQLException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EmbeddedPostgresTest {

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aServerOfEachVersionAnswersAndIsGoneWhenItIsClosed(int version) throws Exception {
    EmbeddedPostgres postgres = EmbeddedPostgres.start(version);
    try (postgres) {
      assertTrue(postgres.sql("SHOW server_version").startsWith(version + "."));
      assertEquals("replica", postgres.sql("SHOW wal_level"));
      assertEquals("on", postgres.sql("SHOW data_checksums"));
      postgres.asBackup().replicate().close();
    }
    assertFalse(Files.exists(postgres.data().getParent()));
    assertThrows(SQLException.class, postgres::connection);
  }

  @Test
  void aWrongPasswordIsRefusedUnlessTrustIsWanted() throws Exception {
    try (EmbeddedPostgres strict = EmbeddedPostgres.start(17);
        EmbeddedPostgres trusting = EmbeddedPostgres.version(17).trust().start()) {
      assertThrows(
          SQLException.class,
          () -> DriverManager.getConnection(strict.jdbcUrl(), "postgres", "wrong").close());
      DriverManager.getConnection(trusting.jdbcUrl(), "postgres", "wrong").close();
    }
  }

  @Test
  void aCrashLosesNothingThatWasCommitted() throws Exception {
    try (EmbeddedPostgres postgres = EmbeddedPostgres.version(17).set("work_mem", "5MB").start()) {
      postgres.sql("CREATE TABLE kept AS SELECT 7 AS value");
      postgres.crash();
      postgres.startAgain();
      assertEquals("7", postgres.sql("SELECT value FROM kept"));
      assertTrue(postgres.log().contains("automatic recovery in progress"), postgres.log());
      assertEquals("5MB", postgres.sql("SHOW work_mem"));
    }
  }

  @Test
  void aStandbyFollowsAndIsPromotedToTheNextTimeline() throws Exception {
    try (EmbeddedPostgres primary = EmbeddedPostgres.start(17)) {
      primary.sql("CREATE TABLE followed AS SELECT 1 AS value");
      try (EmbeddedPostgres standby = primary.standby()) {
        primary.sql("INSERT INTO followed VALUES (2)");
        standby.catchUp(primary);
        assertEquals("2", standby.sql("SELECT count(*) FROM followed"));
        standby.promote();
        standby.sql("INSERT INTO followed VALUES (3)");
        assertEquals(
            "00000002", standby.sql("SELECT left(pg_walfile_name(pg_current_wal_lsn()), 8)"));
      }
    }
  }

  @Test
  void aSystemOfItsOwnHasAnotherIdentifierAndMayHaveSmallSegments() throws Exception {
    String identifier = "SELECT system_identifier FROM pg_control_system()";
    try (EmbeddedPostgres one = EmbeddedPostgres.start(17);
        EmbeddedPostgres other =
            EmbeddedPostgres.version(17).initdb("--wal-segsize=1").ofItsOwn().start()) {
      assertNotEquals(one.sql(identifier), other.sql(identifier));
      assertEquals("1MB", other.sql("SHOW wal_segment_size"));
    }
  }
}
