package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.postgres.PreflightReport.Check;
import dev.copperplate.backup.postgres.PreflightReport.Outcome;
import java.nio.file.Files;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a preflight says of servers that are not ready, and that its remedies make them so. */
class PostgresPreflightTest {

  private static final long PLENTY = 1L << 40;

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aServerThatFollowsItsRemediesPassesEveryCheck(int version) throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.version(version)
            .set("wal_level", "minimal")
            .set("max_wal_senders", "0")
            .set("max_replication_slots", "1")
            .set("full_page_writes", "off")
            .set(version < 17 ? "work_mem" : "summarize_wal", version < 17 ? "4MB" : "off")
            .start()) {
      assertEquals(
          List.of("wal_level", "max_wal_senders", "max_replication_slots", "durability"),
          subjects(look(server), Outcome.FAILED));

      PreflightReport report = mended(server);

      assertTrue(report.passed(), report::toString);
      assertEquals(
          version < 17 ? List.of("summarize_wal") : List.of(), subjects(report, Outcome.WARNING));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aRoleThatMayNotReplicateIsGivenTheRight(int version) throws Exception {
    try (EmbeddedPostgres server = ready(version)) {
      role(server, "wo\"rker", "LOGIN");
      assertMended(server, "wo\"rker", "role", Outcome.FAILED, "may not replicate");
    }
  }

  @Test
  void aPasswordThatExpiresSoonIsTold() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      server.sql("ALTER ROLE backup VALID UNTIL '" + Instant.now().plus(Duration.ofDays(7)) + "'");
      assertMended(server, "backup", "role", Outcome.WARNING, "within 30 days");
    }
  }

  @Test
  void aDatabaseThatLetsNobodyInIsToldAndTheRestLookedAt() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      server.sql("CREATE DATABASE closed");
      server.sqlIn(
          "closed",
          "CREATE FUNCTION no() RETURNS event_trigger LANGUAGE plpgsql AS"
              + " $$ BEGIN RAISE EXCEPTION 'secret' USING DETAIL = 'secret'; END $$");
      server.sqlIn("closed", "CREATE EVENT TRIGGER no ON login EXECUTE FUNCTION no()");
      server.sql("CREATE UNLOGGED TABLE later (value int)");

      Check check = check(look(server), "unlogged tables");

      assertTrue(
          check.toString().contains("The database closed lets nobody look"), check::toString);
      assertTrue(check.toString().contains("later in postgres"), check::toString);
      assertFalse(check.toString().contains("secret"), check::toString);
    }
  }

  @Test
  void aSuperuserIsMoreThanNeededAndAnotherRoleIsMade() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      PreflightReport report = look(server, EmbeddedPostgres.SUPERUSER);
      assertEquals(Outcome.WARNING, check(report, "role").outcome());
      assertTrue(report.passed());

      new Mending(server).follow(check(report, "role").findings().get(0));
      server.sql("ALTER ROLE copperplate PASSWORD '" + EmbeddedPostgres.PASSWORD + "'");

      assertEquals(Outcome.PASSED, check(look(server, "copperplate"), "role").outcome());
    }
  }

  @Test
  void aLineThatIsMissingInPgHbaIsGiven() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      admitOnly(server, "host all all 127.0.0.1/32 scram-sha-256");
      assertMended(server, "backup", "access", Outcome.FAILED, "Replication is refused");
    }
  }

  @Test
  void whereOnlyReplicationIsAdmittedTheLineForSqlIsGiven() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      admitOnly(
          server,
          "host all postgres 127.0.0.1/32 scram-sha-256",
          "host replication all 127.0.0.1/32 scram-sha-256");
      PreflightReport report = assertMended(server, "backup", "access", Outcome.WARNING, "SQL");
      assertTrue(report.checks().size() > 10, report::toString);
    }
  }

  @Test
  void whereNothingIsAdmittedBothLinesAreGiven() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      admitOnly(server, "host all postgres 127.0.0.1/32 scram-sha-256");
      PreflightReport report =
          assertMended(server, "backup", "access", Outcome.FAILED, "Replication is refused");
      assertTrue(report.passed(), report::toString);
    }
  }

  @Test
  void aDatabaseThatDoesNotExistIsTold() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      PreflightReport report =
          PostgresPreflight.of(
                  PostgresServer.at(server.jdbcUrl("nowhere"))
                      .user("backup")
                      .password(EmbeddedPostgres.PASSWORD::toCharArray))
              .run();
      Finding finding = check(report, "access").findings().get(0);
      assertTrue(finding.remedy().contains("a database that exists"), finding::toString);
      assertTrue(report.passed());
    }
  }

  @Test
  void aServerThatCannotBeAskedIsAnExceptionAndNoFinding() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      PostgresServer wrong = server.asBackup().password("wrong"::toCharArray);
      assertKind(Kind.DENIED, PostgresPreflight.of(wrong));
      server.stop();
      assertKind(Kind.UNAVAILABLE, PostgresPreflight.of(server.asBackup()));
    }
  }

  @Test
  void aSlotThatTheServerHasGivenUpIsDropped() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      server.sql("SELECT pg_create_physical_replication_slot('archiver', true)");
      new Mending(server)
          .run(
              "postgres",
              "ALTER SYSTEM SET max_slot_wal_keep_size = '1MB'; SELECT pg_reload_conf()");
      lose(server, "archiver");
      assertMended(server, "backup", "slot", Outcome.FAILED, "is lost");
    }
  }

  @Test
  void aSlotOfLogicalReplicationIsNoneForAnArchiver() throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.version(17).set("wal_level", "logical").start()) {
      server.sql("SELECT pg_create_logical_replication_slot('archiver', 'pgoutput')");
      assertFinding(look(server), "slot", Outcome.FAILED, "logical");
    }
  }

  @Test
  void anArchiverThatRestsTooLongIsWarnedWhereSlotsTimeOut() throws Exception {
    try (EmbeddedPostgres server = ready(18)) {
      new Mending(server)
          .run(
              "postgres",
              "ALTER SYSTEM SET idle_replication_slot_timeout = '1h'; SELECT pg_reload_conf()");
      assertMended(server, "backup", "max_slot_wal_keep_size", Outcome.WARNING, "rests for 1h");
    }
  }

  @Test
  void summariesAreKeptUntilTheBackupAfterTheNext() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      new Mending(server)
          .run(
              "postgres", "ALTER SYSTEM SET wal_summary_keep_time = '1d'; SELECT pg_reload_conf()");
      assertMended(server, "backup", "summarize_wal", Outcome.WARNING, "1440 minutes");
    }
  }

  @Test
  void pagesWithoutChecksumsAreNamedAndGetThemByTheStockTool() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      checksums(server, "--disable");
      Check without = check(look(server), "data_checksums");
      assertEquals(Outcome.WARNING, without.outcome());
      String remedy = without.findings().get(0).remedy();
      assertTrue(remedy.contains("pg_checksums --enable --pgdata=DIRECTORY"), remedy);

      checksums(server, "--enable");

      assertEquals(Outcome.PASSED, check(look(server), "data_checksums").outcome());
    }
  }

  @Test
  void aPoolerIsToldByTheKeyThatItGives() throws Exception {
    try (EmbeddedPostgres server = ready(17);
        Pooler pooler = new Pooler(server.port())) {
      PostgresServer through =
          PostgresServer.at("jdbc:postgresql://127.0.0.1:" + pooler.port() + "/postgres")
              .user(EmbeddedPostgres.BACKUP)
              .password(EmbeddedPostgres.PASSWORD::toCharArray);

      PreflightReport report = PostgresPreflight.of(through).run();

      assertFinding(report, "pooler", Outcome.FAILED, "PgBouncer");
      String remedy = check(report, "pooler").findings().get(0).remedy();
      assertTrue(remedy.contains("port " + server.port()), remedy);
      assertEquals(Outcome.PASSED, check(look(server), "pooler").outcome());
    }
  }

  @Test
  void aTargetThatIsTooSmallIsRefused() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      assertFinding(look(server, 1 << 20), "size", Outcome.FAILED, "not fit");
      assertFinding(look(server, 10 << 20), "size", Outcome.WARNING, "may not");
      assertEquals(Outcome.PASSED, check(look(server), "size").outcome());
    }
  }

  @Test
  void whatABackupDoesNotHoldIsNamedByDatabase() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      server.sql("CREATE DATABASE shop");
      server.sqlIn("shop", "CREATE UNLOGGED TABLE \"the cart\" (item int)");
      assertMended(server, "backup", "unlogged tables", Outcome.WARNING, "cart\" in shop");
    }
  }

  @Test
  void indexesOfAnotherCollationLibraryAreNamed() throws Exception {
    try (EmbeddedPostgres server =
        EmbeddedPostgres.version(17).set("allow_system_table_mods", "on").start()) {
      server.sql("CREATE DATABASE words LOCALE_PROVIDER icu ICU_LOCALE 'en' TEMPLATE template0");
      server.sql("UPDATE pg_database SET datcollversion = '1' WHERE datname = 'words'");
      server.sqlIn("words", "CREATE TABLE word (value text COLLATE \"de-x-icu\")");
      server.sqlIn(
          "words", "UPDATE pg_collation SET collversion = '1' WHERE collname = 'de-x-icu'");
      assertEquals(2, check(look(server), "collations").findings().size());
      assertMended(server, "backup", "collations", Outcome.WARNING, "another version");
    }
  }

  @Test
  void aStandbyIsToldAndItsPausedReplayResumed() throws Exception {
    try (EmbeddedPostgres primary = ready(17);
        EmbeddedPostgres standby = primary.standby()) {
      standby.catchUp(primary);
      Check plain = check(look(standby), "standby");
      assertEquals(Outcome.PASSED, plain.outcome());
      assertEquals(2, plain.findings().size(), plain::toString);
      standby.sql("SELECT pg_wal_replay_pause()");
      assertMended(standby, "backup", "standby", Outcome.WARNING, "paused");
    }
  }

  @Test
  void aManagedServiceIsToldByItsRole() throws Exception {
    try (EmbeddedPostgres server = ready(17)) {
      server.sql("CREATE ROLE rds_superuser");
      Check dumped = check(look(server), "managed service");
      assertEquals(Outcome.PASSED, dumped.outcome());
      assertTrue(dumped.findings().toString().contains("replicates as any"));

      role(server, "customer", "LOGIN");
      assertFinding(look(server, "customer"), "managed service", Outcome.FAILED, "Amazon RDS");
    }
  }

  private static EmbeddedPostgres ready(int version) throws Exception {
    return EmbeddedPostgres.version(version)
        .set("max_slot_wal_keep_size", "10GB")
        .set("fsync", "on")
        .start();
  }

  private static void role(EmbeddedPostgres server, String name, String rights) throws Exception {
    server.sql(
        "CREATE ROLE \""
            + name.replace("\"", "\"\"")
            + "\" "
            + rights
            + " PASSWORD '"
            + EmbeddedPostgres.PASSWORD
            + "'");
  }

  /** Leaves these lines alone in pg_hba.conf. */
  private static void admitOnly(EmbeddedPostgres server, String... lines) throws Exception {
    Files.write(server.data().resolve("pg_hba.conf"), List.of(lines));
    new Mending(server).run("postgres", "SELECT pg_reload_conf()");
  }

  private static void checksums(EmbeddedPostgres server, String what) throws Exception {
    server.stop();
    PgTools.stock().run("pg_checksums", what, "--pgdata=" + server.data()).orThrow();
    server.startAgain();
  }

  /** Writes until the server gives up what a slot needs. */
  private static void lose(EmbeddedPostgres server, String slot) throws Exception {
    String status = "SELECT wal_status FROM pg_replication_slots WHERE slot_name = '" + slot + "'";
    for (int i = 0; i < 10 && !server.sql(status).equals("lost"); i++) {
      server.sql("SELECT pg_switch_wal()");
      server.sql("CHECKPOINT");
    }
    assertEquals("lost", server.sql(status));
  }

  private static PreflightReport look(EmbeddedPostgres server) throws Exception {
    return look(server, EmbeddedPostgres.BACKUP);
  }

  private static PreflightReport look(EmbeddedPostgres server, String role) throws Exception {
    return preflight(server, role).run();
  }

  private static PostgresPreflight preflight(EmbeddedPostgres server, String role) {
    return PostgresPreflight.of(server.as(role))
        .slot("archiver")
        .chain(Duration.ofDays(1))
        .free(PLENTY)
        .strict();
  }

  private static PreflightReport look(EmbeddedPostgres server, long free) throws Exception {
    return preflight(server, EmbeddedPostgres.BACKUP).free(free).run();
  }

  /** What it says after all that it said has been done. */
  private static PreflightReport mended(EmbeddedPostgres server) throws Exception {
    for (Finding each : look(server).findings()) {
      new Mending(server).follow(each);
    }
    return look(server);
  }

  /** Sees a check end so, does what it says, and sees it pass. */
  private static PreflightReport assertMended(
      EmbeddedPostgres server, String role, String subject, Outcome outcome, String message)
      throws Exception {
    PreflightReport before = look(server, role);
    assertFinding(before, subject, outcome, message);
    for (Finding each : check(before, subject).findings()) {
      new Mending(server).follow(each);
    }
    PreflightReport after = look(server, role);
    assertEquals(Outcome.PASSED, check(after, subject).outcome(), after::toString);
    return after;
  }

  private static void assertFinding(
      PreflightReport report, String subject, Outcome outcome, String message) {
    Check check = check(report, subject);
    assertEquals(outcome, check.outcome(), check::toString);
    assertTrue(
        check.findings().stream().anyMatch(each -> each.message().contains(message)),
        check::toString);
  }

  private static Check check(PreflightReport report, String subject) {
    return report.checks().stream()
        .filter(each -> each.subject().equals(subject))
        .findFirst()
        .orElseThrow(() -> new AssertionError("No check of " + subject + ": " + report));
  }

  private static List<String> subjects(PreflightReport report, Outcome outcome) {
    return report.checks().stream()
        .filter(each -> each.outcome() == outcome)
        .map(Check::subject)
        .toList();
  }

  private static void assertKind(Kind kind, PostgresPreflight preflight) {
    assertEquals(kind, assertThrows(BackupException.class, preflight::run).kind());
  }
}
