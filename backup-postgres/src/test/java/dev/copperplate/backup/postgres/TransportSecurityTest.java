package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A server that takes no replication without TLS, and whose certificate is for 127.0.0.1. */
@Timeout(60)
class TransportSecurityTest {

  private static Path folder;
  private static ServerCertificate certificate;
  private static EmbeddedPostgres server;
  private static BackupRepository repository;

  @BeforeAll
  static void start() throws Exception {
    folder = Clusters.folder();
    certificate = ServerCertificate.make(folder.resolve("server"), "ip:127.0.0.1");
    server = certificate.start(17);
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
  }

  @AfterAll
  static void end() throws IOException {
    repository.close();
    server.close();
    Clusters.remove(folder);
  }

  @Test
  void basesChainsAndWalComeThroughAVerifiedConnection() throws Exception {
    PostgresServer verified = at("127.0.0.1", "verify-full", certificate.root());
    PostgresPhysicalSource source = PostgresPhysicalSource.of("orders", verified).chain(2);
    try (RunningArchiver archiver =
        RunningArchiver.start(
            PostgresWalArchiver.of("orders", verified, repository)
                .interval(Duration.ofMillis(200)))) {
      archiver.awaitDurable(server.lsn());
      repository.backup(source);
      server.sql("CREATE TABLE counted AS SELECT generate_series(1, 1000) AS value");
      Snapshot base = repository.backup(source).snapshot();
      assertEquals(SnapshotState.COMPLETE, base.state());
      assertEquals(1, base.dependencies().size());
      assertEquals(
          "t",
          server.sql("SELECT bool_and(ssl) FROM pg_stat_replication JOIN pg_stat_ssl USING (pid)"));
      server.sql("INSERT INTO counted VALUES (1001)");
      archiver.awaitDurable(server.lsn());
      archiver.end();
      repository.restore(base, PostgresRestorer.to(folder.resolve("restored")));
    }
    try (RestoredServer restored =
        RestoredServer.start(17, folder.resolve("restored"), folder.resolve("restored.wal"))) {
      assertEquals("501501", restored.sql("SELECT sum(value) FROM counted").get(0));
    }
  }

  @Test
  void withoutTlsNothingIsSent() {
    BackupException refused = refused(at("127.0.0.1", "disable", certificate.root()));
    assertEquals(Kind.DENIED, refused.kind());
    assertTrue(refused.getMessage().contains("28000"), refused::getMessage);
  }

  @Test
  void anotherRootIsRefusedByWordsThatNameTheSetting() throws Exception {
    ServerCertificate other = ServerCertificate.make(folder.resolve("other"), "ip:127.0.0.1");
    for (String mode : new String[] {"verify-full", "verify-ca"}) {
      assertRefused(at("127.0.0.1", mode, other.root()), "root that sslrootcert names");
    }
  }

  @Test
  void anotherHostNameIsRefusedByWordsThatNameIt() {
    assertRefused(
        at("localhost", "verify-full", certificate.root()), "not for the host of the address");
  }

  @Test
  void aRootThatIsNotThereIsRefusedByWordsThatNameTheSetting() {
    assertRefused(
        at("127.0.0.1", "verify-full", folder.resolve("nothing.pem")), "Look at sslrootcert");
  }

  private static PostgresServer at(String host, String mode, Path root) {
    return PostgresServer.at("jdbc:postgresql://" + host + ":" + server.port() + "/postgres")
        .user(EmbeddedPostgres.BACKUP)
        .password(EmbeddedPostgres.PASSWORD::toCharArray)
        .property("sslmode", mode)
        .property("sslrootcert", root.toString());
  }

  /** By a base backup, and by an archiver, which does not try again. */
  private static void assertRefused(PostgresServer wrong, String words) {
    BackupException refused = refused(wrong);
    assertEquals(Kind.DENIED, refused.kind());
    assertTrue(refused.getMessage().contains(words), refused::getMessage);
    assertFalse(refused.retryable());
    try (PostgresWalArchiver archiver = PostgresWalArchiver.of("orders", wrong, repository)) {
      BackupException ended = assertThrows(BackupException.class, archiver::run);
      assertEquals(refused.getMessage(), ended.getMessage());
    }
  }

  private static BackupException refused(PostgresServer wrong) {
    return assertThrows(
        BackupException.class, () -> repository.backup(PostgresPhysicalSource.of("orders", wrong)));
  }
}
