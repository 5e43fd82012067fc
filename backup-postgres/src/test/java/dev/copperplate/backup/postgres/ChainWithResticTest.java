package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.CheckOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.restic.Restic;
import dev.copperplate.backup.verify.Verifiers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * A chain of a full and two incrementals in the hands of stock restic, which knows of no chains.
 */
class ChainWithResticTest {

  private static final int VERSION = 17;
  private static final String SUM = "SELECT count(*) || ' ' || sum(value) FROM counted";

  private static EmbeddedPostgres server;
  private static Path stored;
  private static String expected;
  private static List<RunId> runs;

  private Path folder;

  @BeforeAll
  static void makeChain() throws Exception {
    Restic.stock();
    server = EmbeddedPostgres.start(VERSION);
    stored = Clusters.folder();
    server.sql("CREATE TABLE counted AS SELECT generate_series(1, 20000) AS value");
    runs = new ArrayList<>();
    try (BackupRepository repository = TestRepositories.create(stored.resolve("repository"))) {
      for (int i = 1; i <= 3; i++) {
        server.sql("UPDATE counted SET value = value + 1 WHERE value % 1000 = " + i);
        runs.add(repository.backup(source()).snapshot().run());
      }
    }
    expected = server.sql(SUM);
  }

  @AfterAll
  static void removeChain() throws Exception {
    server.close();
    Clusters.remove(stored);
  }

  @BeforeEach
  void copyRepository() throws Exception {
    folder = Clusters.folder();
    Clusters.copy(stored.resolve("repository"), folder.resolve("repository"));
  }

  @AfterEach
  void remove() throws Exception {
    Clusters.remove(folder);
  }

  @Test
  void aChainThatResticCopiedAndTaggedIsRestoredAndVerifiedByTheServersOwnTool() throws Exception {
    Path copy = folder.resolve("copy");
    Restic restic = copied(copy);
    restic.succeed("tag", "--add", "weekly,seen by hand");
    restic.succeed("tag", "--remove", "weekly");
    try (BackupRepository repository = TestRepositories.open(copy);
        BackupRepository origin = TestRepositories.open(folder.resolve("repository"))) {
      List<Snapshot> chain = chain(repository);
      assertEquals(runs, chain.stream().map(Snapshot::run).toList());
      assertNotEquals(chain(origin).get(2).id(), chain.get(2).id());
      assertTrue(chain.get(2).tags().contains("seen by hand"), chain::toString);
      assertTrue(repository.verify(chain.get(2), Verifiers.checksums()).passed());

      repository.restore(chain.get(2), PostgresRestorer.to(folder.resolve("restored")));

      String said =
          PgTools.of(VERSION)
              .run("pg_verifybackup", folder.resolve("restored").toString())
              .orThrow();
      assertTrue(said.contains("backup successfully verified"), said);
      try (RestoredServer restored =
          RestoredServer.start(
              VERSION, folder.resolve("restored"), folder.resolve("restored.wal"))) {
        assertEquals(List.of(expected), restored.sql(SUM));
      }
      assertEquals("incremental 4", nextKind(repository));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void aLinkThatResticForgotIsNamedByTheCheckEachVerifierTheDrillAndTheRestorer(int link)
      throws Exception {
    forget(link);
    String run = "run " + runs.get(link);
    try (BackupRepository repository = TestRepositories.open(folder.resolve("repository"))) {
      Snapshot newest = chain(repository).get(1);
      assertEquals(runs.get(2), newest.run());

      assertNames(run, "replica", repository.check(new CheckOptions.Structure()).findings());
      assertFailed(run, repository.verify(newest, Verifiers.structure()));
      assertFailed(run, repository.verify(newest, Verifiers.checksums()));
      assertFailed(
          run, repository.verify(newest, PostgresDrill.with(server.binaries().directory())));
      BackupException refused =
          assertThrows(
              BackupException.class,
              () ->
                  repository.planRestore(newest, PostgresRestorer.to(folder.resolve("restored"))));
      assertEquals(Kind.MISSING, refused.kind());
      assertTrue(refused.getMessage().contains(run), refused::getMessage);
      assertTrue(refused.getMessage().contains("Restore another base"), refused::getMessage);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void theNextBackupAfterALinkWasForgottenIsAFullThatSaysWhy(int link) throws Exception {
    forget(link);
    try (BackupRepository repository = TestRepositories.open(folder.resolve("repository"))) {
      assertEquals("full a backup of the chain is gone or damaged", nextKind(repository));
      assertEquals("incremental 2", nextKind(repository));
    }
  }

  // ---- what the tests do

  private static PostgresPhysicalSource source() {
    return PostgresPhysicalSource.of("orders", server.asBackup()).chain(7);
  }

  /** Oldest first. */
  private static List<Snapshot> chain(BackupRepository repository) throws Exception {
    List<Snapshot> chain = new ArrayList<>(repository.list(SnapshotFilter.of(source().id())));
    chain.sort((one, other) -> one.time().compareTo(other.time()));
    return chain;
  }

  private Restic copied(Path copy) throws Exception {
    Path from = folder.resolve("repository");
    Restic.stock().at(from, TestRepositories.PASSWORD);
    List<String> origin =
        List.of("--from-repo", from.toString(), "--from-password-file", from + ".password");
    Restic restic = Restic.stock().at(copy, TestRepositories.PASSWORD);
    restic.succeed(words("init", "--copy-chunker-params", origin));
    restic.succeed(words("copy", "--quiet", origin));
    return restic;
  }

  private static String[] words(String command, String option, List<String> more) {
    return Stream.concat(Stream.of(command, option), more.stream()).toArray(String[]::new);
  }

  private void forget(int link) throws Exception {
    Path repository = folder.resolve("repository");
    String id;
    try (BackupRepository opened = TestRepositories.open(repository)) {
      id = chain(opened).get(link).id().toString();
    }
    Restic.stock().at(repository, TestRepositories.PASSWORD).succeed("forget", id, "--prune");
  }

  private static String nextKind(BackupRepository repository) throws Exception {
    Snapshot next = repository.backup(source()).snapshot();
    try (SnapshotReader reader = repository.open(next)) {
      String kind = reader.manifest().get("kind").orElseThrow();
      return kind
          + " "
          + reader.manifest().get(kind.equals("full") ? "full-reason" : "chain").orElseThrow();
    }
  }

  private static void assertFailed(String run, Verification verification) {
    assertFalse(verification.passed(), verification::toString);
    assertNames(
        run,
        "replica",
        verification.findings().stream()
            .filter(each -> each.severity() == Finding.Severity.ERROR)
            .toList());
  }

  /** One of them names the run that is missing, and says where it may be had. */
  private static void assertNames(String run, String remedy, List<Finding> findings) {
    Optional<Finding> named =
        findings.stream().filter(each -> each.message().contains(run)).findFirst();
    assertTrue(named.isPresent(), findings::toString);
    String whole = named.get().message() + named.get().remedy();
    assertTrue(whole.contains(remedy), whole);
  }
}
