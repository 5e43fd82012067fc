package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class PostgresDrillTest {

  private Path scratch;
  private BackupRepository repository;

  @BeforeEach
  void create() throws Exception {
    scratch = Files.createTempDirectory("copperplate-drills-");
    Program.run("chmod", "711", scratch.toString()).orThrow();
    repository =
        TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT.scratch(scratch));
  }

  @AfterEach
  void nothingIsLeft() throws Exception {
    repository.close();
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(List.of(), left.toList());
    }
    Files.delete(scratch);
  }

  @ParameterizedTest
  @ValueSource(ints = {15, 17, 18})
  void aBaseRecoversAndAnswers(int version) throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(version)) {
      server.sql(
          "CREATE TABLE orders AS SELECT n AS id, md5(n::text) FROM generate_series(1,999) n");
      server.sql("CREATE UNIQUE INDEX ON orders (id)");
      server.sql("CREATE DATABASE \"a=b host=x\"");
      Snapshot base = backup(server);

      Verification drill =
          repository.verify(
              base,
              drill(server)
                  .expect("postgres", "SELECT count(*) FROM public.orders", "999")
                  .expect("a=b host=x", "SELECT 'here'", "here"));

      assertTrue(drill.passed(), drill::toString);
      assertEquals(List.of(), drill.findings());
      assertEquals(Proof.RESTORED, drill.proof());
      assertEquals("3", drill.facts().get("databases"));
      assertEquals("2", drill.facts().get("timeline"));
      assertTrue(Integer.parseInt(drill.facts().get("tables")) > 150, drill::toString);
      assertTrue(Integer.parseInt(drill.facts().get("indexes")) > 300, drill::toString);
      assertTrue(Long.parseLong(drill.facts().get("milliseconds")) > 0, drill::toString);
    }
  }

  @Test
  void anAnswerThatIsAnotherOneFailsTheDrill() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      Snapshot base = backup(server);
      Verification drill =
          repository.verify(
              base,
              drill(server)
                  .expect("postgres", "SELECT 1", "2")
                  .expect("postgres", "SELECT * FROM absent", "1")
                  .expect("postgres", "CREATE TABLE made ()", "nothing")
                  .expect("nowhere", "SELECT 1", "1"));
      assertFalse(drill.passed());
      assertEquals(
          List.of(
              "Expected '2', got '1'",
              "The server refused it: relation \"absent\" does not exist (42P01)",
              "The server refused it: cannot execute CREATE TABLE in a read-only transaction"
                  + " (25006)",
              "There is no such database, or it takes no connections"),
          drill.findings().stream().map(Finding::message).toList());
    }
  }

  @Test
  void anIndexThatLacksARowFailsTheDrill() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      server.sql("CREATE TABLE orders AS SELECT n AS id FROM generate_series(1, 5000) n");
      server.sql("CREATE INDEX orders_id ON orders (id)");
      server.sql("CREATE TABLE other AS SELECT n + 7 AS id FROM generate_series(1, 5000) n");
      server.sql("CREATE INDEX other_id ON other (id)");
      String index = server.sql("SELECT pg_relation_filepath('orders_id')");
      String other = server.sql("SELECT pg_relation_filepath('other_id')");
      server.stop();
      // Every page has a right checksum, so that amcheck alone can see it.
      byte[] pages = Files.readAllBytes(server.data().resolve(other));
      Files.write(server.data().resolve(index), pages);
      server.startAgain();
      Verification drill = repository.verify(backup(server), drill(server));
      assertFalse(drill.passed());
      assertEquals(
          List.of("postgres: public.orders_id"),
          drill.findings().stream()
              .filter(each -> each.severity() == Severity.ERROR)
              .map(Finding::subject)
              .toList());
    }
  }

  @Test
  void aTargetThatIsNotReachedIsAFindingWithTheServersWords() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17)) {
      Snapshot base = backup(server);
      Verification drill =
          repository.verify(base, drill(server).target(RecoveryTarget.restorePoint("absent")));
      assertFalse(drill.passed());
      assertTrue(
          drill.findings().get(0).message().contains("recovery ended before configured"),
          drill::toString);
    }
  }

  @Test
  void programsOfAnotherMajorVersionAreRefused() throws Exception {
    try (EmbeddedPostgres server = EmbeddedPostgres.start(17);
        EmbeddedPostgres old = EmbeddedPostgres.start(15)) {
      Snapshot base = backup(server);
      BackupException refused =
          assertThrows(BackupException.class, () -> repository.verify(base, drill(old)));
      assertEquals(BackupException.Kind.INVALID, refused.kind());
      assertTrue(refused.getMessage().contains("is of PostgreSQL 17"), refused.getMessage());
    }
  }

  private Snapshot backup(EmbeddedPostgres server) throws Exception {
    PostgresPhysicalSource source = PostgresPhysicalSource.of("shop", server.asBackup());
    return repository.backup(source).snapshot();
  }

  private static PostgresDrill drill(EmbeddedPostgres server) throws Exception {
    return PostgresDrill.with(server.binaries().directory());
  }
}
