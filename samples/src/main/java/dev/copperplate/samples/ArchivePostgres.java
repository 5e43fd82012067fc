package dev.copperplate.samples;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.PostgresWalArchiver;
import dev.copperplate.backup.postgres.WalArchiverListener;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.time.Duration;

/**
 * Archives the WAL of a PostgreSQL server until it is ended: SIGTERM lets it store what it has
 * received, and then ends it.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.ArchivePostgres \
 *     --repository PLACE --password-file FILE --name NAME \
 *     --server jdbc:postgresql://HOST/DATABASE --user ROLE --server-password-file FILE
 * </pre>
 *
 * <p>The server keeps what is not stored yet, by a slot called {@code copperplate_NAME}.
 */
public final class ArchivePostgres {

  private static final String INTERVAL = "--interval-seconds";

  static final Program PROGRAM =
      new Program(
          "archive-postgres",
          new Syntax(
              "ArchivePostgres",
              "Archives the WAL of a PostgreSQL server until it is ended.",
              "",
              PostgresAccess.options(
                  Option.optional(INTERVAL, "N", "what a disaster costs at most; 60 unless told"))),
          ArchivePostgres::run);

  private ArchivePostgres() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    String host = HostName.get();
    RepositoryOptions options = RepositoryOptions.DEFAULT.environment(host);
    try (RepositoryAccess access = RepositoryAccess.openOrCreate(arguments, options);
        PostgresWalArchiver archiver = archiver(arguments, access, output)) {
      // Waits until what was received is stored.
      Runtime.getRuntime().addShutdownHook(new Thread(archiver::close, "end-archiver"));
      archiver.run();
    }
    return new Summary("archive-postgres", ExitCode.SUCCESS).line("Ended.");
  }

  private static PostgresWalArchiver archiver(
      Arguments arguments, RepositoryAccess access, Output output) throws UsageException {
    PostgresWalArchiver archiver =
        PostgresWalArchiver.of(
                PostgresAccess.name(arguments),
                PostgresAccess.server(arguments),
                access.repository())
            .listener(new Speaker(output));
    String seconds = arguments.optional(INTERVAL).orElse("60");
    return Arguments.checked(() -> archiver.interval(Duration.ofSeconds(Long.parseLong(seconds))));
  }

  /** Says each commit, and what is wrong. */
  private record Speaker(Output output) implements WalArchiverListener {

    @Override
    public void committed(Snapshot commit, Lsn durable) {
      output.out().println("Durable up to " + durable + " in " + commit.id().shortHex());
      output.out().flush();
    }

    @Override
    public void found(Finding finding) {
      output.err().println(finding);
      output.err().flush();
    }
  }
}
