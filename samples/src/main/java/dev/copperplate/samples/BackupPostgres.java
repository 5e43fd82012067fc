package dev.copperplate.samples;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.PostgresPhysicalSource;
import dev.copperplate.backup.postgres.PostgresServer;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.util.Locale;

/**
 * Backs up a PostgreSQL server: its whole data directory, as it sends it.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.BackupPostgres \
 *     --repository PLACE --password-file FILE --name NAME \
 *     --server jdbc:postgresql://HOST/DATABASE --user ROLE --server-password-file FILE [--chain N]
 * </pre>
 *
 * <p>The repository is made where there is none. Exit code 3 means that the snapshot is stored and
 * damaged: the server found pages that are.
 */
public final class BackupPostgres {

  private static final String CHAIN = "--chain";

  static final Program PROGRAM =
      new Program(
          "backup-postgres",
          new Syntax(
              "BackupPostgres",
              "Backs up a PostgreSQL server over its replication protocol.",
              "",
              PostgresAccess.options(
                  Option.optional(
                      CHAIN,
                      "N",
                      "how many backups a chain has, its full included; 1 unless told"))),
          BackupPostgres::run);

  private BackupPostgres() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    if (!arguments.operands().isEmpty()) {
      throw new UsageException("Takes options alone, and not " + arguments.operands().get(0));
    }
    PostgresPhysicalSource source = source(arguments);
    String host = HostName.get();
    RepositoryOptions options =
        RepositoryOptions.DEFAULT.environment(host).listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.openOrCreate(arguments, options)) {
      BackupReport report = access.repository().backup(source);
      return summary(report, kind(access, report.snapshot()));
    }
  }

  private static PostgresPhysicalSource source(Arguments arguments) throws UsageException {
    PostgresServer server = PostgresAccess.server(arguments);
    return Arguments.checked(
        () ->
            PostgresPhysicalSource.of(PostgresAccess.name(arguments), server)
                .chain(Integer.parseInt(arguments.optional(CHAIN).orElse("1"))));
  }

  /** What it became: a full, or an incremental. */
  private static String kind(RepositoryAccess access, Snapshot snapshot) throws IOException {
    try (SnapshotReader reader = access.repository().open(snapshot)) {
      return reader.manifest().get("kind").orElse("");
    }
  }

  private static Summary summary(BackupReport report, String kind) {
    Snapshot snapshot = report.snapshot();
    boolean whole = snapshot.state() == SnapshotState.COMPLETE;
    return new Summary("backup-postgres", whole ? ExitCode.SUCCESS : ExitCode.PARTIAL)
        .put("snapshot", snapshot.id().hex())
        .put("run", snapshot.run().value())
        .put("state", snapshot.state().name())
        .put("kind", kind)
        .put("files", snapshot.files())
        .put("bytes", snapshot.bytes())
        .put("bytesStored", report.bytesStored())
        .put("milliseconds", report.took().toMillis())
        .findings(report.findings())
        .line(
            String.format(
                Locale.ROOT,
                "Snapshot %s is %s, %s: %s, stored as %s in %s.",
                snapshot.id().shortHex(),
                kind,
                Words.lower(snapshot.state()),
                Bytes.text(snapshot.bytes()),
                Bytes.text(report.bytesStored()),
                Bytes.text(report.took())));
  }
}
