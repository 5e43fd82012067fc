package dev.copperplate.samples;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.postgres.PostgresDrill;
import dev.copperplate.backup.postgres.PostgresPhysicalSource;
import dev.copperplate.backup.postgres.PostgresServer;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import java.io.IOException;
import java.nio.file.Path;

/** The lines that the README shows. No program: a test runs them. */
final class ProvedPostgres {

  private ProvedPostgres() {}

  /** Backs up a server and starts another on what was stored, to see whether it does. */
  static Verification make(
      BackupRepository repository, String address, Passwords secret, Path programs)
      throws IOException, InterruptedException {
    // @start region="readme"
    PostgresServer server = PostgresServer.at(address).user("backup").password(secret);
    PostgresPhysicalSource source = PostgresPhysicalSource.of("orders", server).chain(7);
    Snapshot base = repository.backup(source).snapshot();
    // Restores it, starts a server on it that reaches nothing, runs amcheck, and asks
    return repository.verify(
        base, PostgresDrill.with(programs).expect("orders", "TABLE public.orders LIMIT 1", "1"));
    // @end
  }
}
