package dev.copperplate.backup.postgres;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.testkit.MemoryTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** PostgreSQL's programs reach the server as the driver does: a server that wants TLS of ours. */
@Timeout(120)
class LogicalReachTest {

  private static final String PASSWORD = "a:b\\c *#é";

  private static Path certificates;
  private static ServerCertificate certificate;
  private static EmbeddedPostgres server;

  @TempDir Path folder;

  private BackupRepository repository;
  private Path notes;

  @BeforeAll
  static void start() throws Exception {
    certificates = Clusters.folder();
    certificate = ServerCertificate.make(certificates.resolve("server"), "ip:127.0.0.1");
    server = certificate.start(17);
    server.sql("CREATE TABLE t AS SELECT 1 AS i");
    server.sql("ALTER ROLE backup PASSWORD '" + PASSWORD + "'");
    server.sql("GRANT pg_read_all_data TO backup");
  }

  @AfterAll
  static void end() throws IOException {
    server.close();
    Clusters.remove(certificates);
  }

  @BeforeEach
  void create() throws Exception {
    repository = TestRepositories.create(new MemoryTarget(), RepositoryOptions.DEFAULT);
    notes = folder.resolve("notes");
  }

  @Test
  void programsVerifyTheServerAsTheDriverDoesAndHaveAnyPassword() throws Exception {
    assertEquals(SnapshotState.COMPLETE, backup(verified("127.0.0.1")).state());
    String told = Files.readString(notes);
    assertTrue(told.contains("sslmode=verify%2Dfull"), told);
    assertFalse(told.contains(PASSWORD), told);
  }

  @Test
  void programsGoToTheOneOfSeveralHostsThatTheDriverChose() throws Exception {
    String dead = "127.0.0.1:1,127.0.0.1";
    assertEquals(SnapshotState.COMPLETE, backup(verified(dead)).state());
    assertFalse(Files.readString(notes).contains("port=1&"), "a host that was passed over");
  }

  @Test
  void aDemandOfAuthenticationHoldsForProgramsToo() throws Exception {
    backup(verified("127.0.0.1").property("requireAuth", "scram-sha-256"));
    String told = Files.readString(notes);
    assertTrue(told.contains("require_auth=scram%2Dsha%2D256"), told);
  }

  @Test
  void whatProgramsCannotBeToldIsRefusedBeforeAnythingIsStored() throws Exception {
    PostgresServer java =
        verified("127.0.0.1")
            .property("sslhostnameverifier", "org.postgresql.ssl.PGjdbcHostnameVerifier");
    BackupException refused = assertThrows(BackupException.class, () -> backup(java));
    assertEquals(Kind.UNSUPPORTED, refused.kind());
    assertTrue(refused.getMessage().contains("sslhostnameverifier"), refused::getMessage);
    assertEquals(0, repository.list(SnapshotFilter.ALL).size());
    assertEquals(
        SnapshotState.COMPLETE,
        repository.backup(PostgresLogicalSource.of("t", java).dataOnly()).snapshot().state());
  }

  private Snapshot backup(PostgresServer at) throws Exception {
    Path tools = NotingTools.make(folder.resolve("tools"), notes);
    return repository.backup(PostgresLogicalSource.of("orders", at).tools(tools)).snapshot();
  }

  private static PostgresServer verified(String hosts) {
    return PostgresServer.at("jdbc:postgresql://" + hosts + ":" + server.port() + "/postgres")
        .user(EmbeddedPostgres.BACKUP)
        .password(PASSWORD::toCharArray)
        .property("sslmode", "verify-full")
        .property("sslrootcert", certificate.root().toString());
  }
}
