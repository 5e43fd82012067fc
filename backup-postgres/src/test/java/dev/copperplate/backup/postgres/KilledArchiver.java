package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.TestRepositories;
import java.nio.file.Path;
import java.time.Duration;

/** A program that archives until it is killed, and prints what is durable. */
final class KilledArchiver {

  private KilledArchiver() {}

  /** Takes the folder of the repository, the spool and the port of the server. */
  public static void main(String[] arguments) throws Exception {
    PostgresServer server =
        PostgresServer.at("jdbc:postgresql://127.0.0.1:" + arguments[2] + "/postgres")
            .user(EmbeddedPostgres.BACKUP);
    try (BackupRepository repository = TestRepositories.open(Path.of(arguments[0]));
        PostgresWalArchiver archiver =
            PostgresWalArchiver.of("orders", server, repository)
                .interval(Duration.ofMillis(50))
                .spool(Path.of(arguments[1]))
                .listener(new Printer())) {
      archiver.run();
    }
  }

  private static final class Printer implements WalArchiverListener {

    @Override
    public void committed(Snapshot commit, Lsn durable) {
      System.out.println("durable " + durable);
    }
  }
}
