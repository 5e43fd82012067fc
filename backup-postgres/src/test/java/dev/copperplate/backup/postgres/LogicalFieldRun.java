package dev.copperplate.backup.postgres;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.TestRepositories;
import dev.copperplate.backup.target.LocalTarget;
import java.nio.file.Path;

/** Captures rows in a JVM of its own, whose memory they may not fit into, and says how it went. */
final class LogicalFieldRun {

  private LogicalFieldRun() {}

  /** A folder with a repository, a port, a password and a table. */
  public static void main(String[] arguments) throws Exception {
    PostgresServer server =
        PostgresServer.at("jdbc:postgresql://127.0.0.1:" + arguments[1] + "/postgres")
            .user(EmbeddedPostgres.SUPERUSER)
            .password(arguments[2]::toCharArray);
    try (BackupRepository repository =
        BackupRepository.open(
            LocalTarget.at(Path.of(arguments[0])),
            TestRepositories.PASSWORDS,
            RepositoryOptions.DEFAULT)) {
      PostgresLogicalSource source = PostgresLogicalSource.of("large", server).dataOnly();
      try {
        System.out.println(repository.backup(source.include(arguments[3])).snapshot().state());
      } catch (BackupException e) {
        System.out.println(e.kind() + ": " + e.getMessage());
      }
      // The same process goes on.
      System.out.println(repository.backup(source.include("public.small")).snapshot().state());
    }
  }
}
