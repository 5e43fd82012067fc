package dev.copperplate.samples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.copperplate.backup.Proof;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.postgres.EmbeddedPostgres;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProvedPostgresTest {

  @Test
  void aBackupIsProvedByAServerThatAnswers(@TempDir Path directory) throws Exception {
    TinyRepository.create(LocalTarget.at(directory.resolve("repository")));
    // The server's user has to come through, where this is root.
    Path scratch = Files.createTempDirectory("copperplate-samples-");
    Files.setPosixFilePermissions(scratch, PosixFilePermissions.fromString("rwxr-xr-x"));
    RepositoryOptions options = RepositoryOptions.DEFAULT.scratch(scratch);
    try (EmbeddedPostgres postgres = EmbeddedPostgres.start(17);
        BackupRepository repository =
            BackupRepository.open(
                LocalTarget.at(directory.resolve("repository")),
                Passwords.of(TinyRepository.PASSWORD::toCharArray),
                options)) {
      postgres.sql("CREATE DATABASE orders");
      postgres.sqlIn("orders", "CREATE TABLE orders AS SELECT 1 AS number");
      Passwords secret = Passwords.of(EmbeddedPostgres.PASSWORD::toCharArray);
      Path programs = postgres.binaries().directory();

      Verification proof =
          ProvedPostgres.make(repository, postgres.jdbcUrl("orders"), secret, programs);
      assertTrue(proof.passed(), proof::toString);
      assertEquals(Proof.RESTORED, proof.proof());

      postgres.sqlIn("orders", "DELETE FROM orders");
      assertFalse(
          ProvedPostgres.make(repository, postgres.jdbcUrl("orders"), secret, programs).passed());
    } finally {
      TreeRemoval.remove(scratch);
    }
  }
}
