package dev.copperplate.backup.postgres.tools;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException.Kind;
import java.util.List;
import org.junit.jupiter.api.Test;

class ToolMessagesTest {

  private static ToolMessages said(String... lines) {
    return ToolMessages.of("pg_dump", String.join("\n", lines) + "\n");
  }

  @Test
  void queriesDetailsAndHintsAreNotRepeated() {
    ToolMessages said =
        said(
            "pg_dump: error: query failed: ERROR:  permission denied for table t",
            "pg_dump: detail: Query was: LOCK TABLE canary",
            "pg_dump: hint: canary");
    assertEquals("query failed: permission denied for table t", said.errors());
    assertEquals(Kind.DENIED, said.kind());
  }

  @Test
  void whatAnEventTriggerRaisesIsNotRepeated() {
    ToolMessages said =
        said(
            "pg_dump: error: connection to server at \"127.0.0.1\", port 5432 failed: FATAL:  canary",
            "DETAIL:  canary",
            "HINT:  canary",
            "CONTEXT:  PL/pgSQL function canary");
    assertEquals(
        "connection to server at \"127.0.0.1\", port 5432 failed: the server refused, its log says why",
        said.errors());
    assertEquals(Kind.UNAVAILABLE, said.kind());
  }

  @Test
  void whatTheServerWarnsOfIsNotRepeated() {
    ToolMessages said =
        said("WARNING:  canary", "pg_dump: warning: its own words", "NOTICE:  canary");
    assertEquals(List.of("its own words"), said.warnings());
    assertEquals("pg_dump does not say why", said.errors());
  }

  @Test
  void aWrongPasswordIsADenial() {
    ToolMessages said =
        said(
            "pg_dump: error: connection to server at \"::1\", port 1 failed: FATAL:  password"
                + " authentication failed for user \"backup\"");
    assertEquals(Kind.DENIED, said.kind());
    assertTrue(said.errors().endsWith("password authentication failed for user \"backup\""));
  }

  @Test
  void aLockThatDoesNotComeIsALock() {
    ToolMessages said =
        said("pg_dump: error: query failed: ERROR:  canceling statement due to lock timeout");
    assertTrue(said.isLockTimeout());
    assertEquals(Kind.LOCKED, said.kind());
  }

  @Test
  void whatWasDroppedMeanwhileIsOutdated() {
    for (String each :
        List.of(
            "relation \"public.t\" does not exist",
            "schema \"s\" does not exist",
            "could not open relation with OID 16400",
            "cache lookup failed for index 16401")) {
      assertTrue(said("pg_dump: error: query failed: ERROR:  " + each).isOutdated(), each);
    }
    assertFalse(
        said("pg_dump: error: query failed: ERROR:  role \"r\" does not exist").isOutdated());
  }

  @Test
  void aServerThatIsNotThereIsUnavailable() {
    ToolMessages said =
        said(
            "pg_dump: error: connection to server at \"127.0.0.1\", port 1 failed: Connection refused",
            "\tIs the server running on that host and accepting TCP/IP connections?");
    assertEquals(Kind.UNAVAILABLE, said.kind());
    assertFalse(said.errors().contains("\n"));
  }

  @Test
  void severalErrorsAreToldInOrder() {
    assertEquals("first; second", said("pg_dump: error: first", "pg_dump: error: second").errors());
  }

  @Test
  void versionsAreReadAsProgramsSayThem() {
    assertEquals(
        "17.5",
        ToolVersion.parse("pg_dump (PostgreSQL) 17.5 (Debian 17.5-1.pgdg120+1)").get() + "");
    assertEquals("18.0", ToolVersion.parse("pg_dump (PostgreSQL) 18beta1").get() + "");
    assertTrue(ToolVersion.parse("pg_dump (EnterpriseDB) 17.5").isEmpty());
    assertFalse(new ToolVersion(17, 5).restricts());
    assertTrue(new ToolVersion(17, 6).restricts() && new ToolVersion(18, 0).restricts());
    assertFalse(new ToolVersion(16, 9).restricts());
  }
}
