package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvedPostgresTest {

  @Test
  void aBackupIsProvedByAServerThatAnswers(@TempDir Path directory) throws Exception {
    TinyRepository.create(LocalTarget.at(directory.resolve("repository")));
    try (TestServer server = TestServer.start();
        BackupRepository repository =
            BackupRepository.open(
                LocalTarget.at(directory.resolve("repository")),
                Passwords.of(TinyRepository.PASSWORD::toCharArray),
                RepositoryOptions.DEFAULT.scratch(server.scratch()))) {
      DemonstrationServer postgres = server.postgres();
      Passwords secret = Passwords.of("of the backup role"::toCharArray);
      postgres.sql(
          "CREATE DATABASE orders",
          "CREATE ROLE backup LOGIN REPLICATION PASSWORD 'of the backup role'");
      postgres.sqlIn("orders", "CREATE TABLE orders AS SELECT 1 AS number");
      Path programs = TestServer.programs().directory();

      Verification proof =
          ProvedPostgres.make(repository, postgres.url("orders"), secret, programs);
      assertTrue(proof.passed(), proof::toString);
      assertEquals(Proof.RESTORED, proof.proof());

      postgres.sqlIn("orders", "DELETE FROM orders");
      assertFalse(
          ProvedPostgres.make(repository, postgres.url("orders"), secret, programs).passed());
    }
  }
}
