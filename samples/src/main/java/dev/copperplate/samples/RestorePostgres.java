package dev.copperplate.samples;

import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.postgres.Lsn;
import dev.copperplate.backup.postgres.PostgresRestorer;
import dev.copperplate.backup.postgres.RecoveryTarget;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.util.Locale;

/**
 * Restores a PostgreSQL server into a new data directory, to the end of its WAL or to a point in
 * time, ready to be started.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.RestorePostgres \
 *     --repository PLACE --password-file FILE --snapshot ID --to DIR [--time 2026-01-31T12:00:00Z]
 * </pre>
 *
 * <p>Run it as the user that is to own the server. Nothing that exists is overwritten.
 */
public final class RestorePostgres {

  private static final String SNAPSHOT = "--snapshot";
  private static final String TO = "--to";
  private static final String TIME = "--time";
  private static final String LSN = "--lsn";
  private static final String IMMEDIATE = "--immediate";
  private static final String IN_PLACE = "--tablespaces-in-place";
  private static final String REPLACEMENT = "--as-replacement";
  private static final String DRY_RUN = "--dry-run";

  static final Program PROGRAM =
      new Program(
          "restore-postgres",
          new Syntax(
              "RestorePostgres",
              "Restores a PostgreSQL server into a new data directory.",
              "",
              RepositoryAccess.options(
                  Option.required(SNAPSHOT, "ID", "how its id begins, or its run"),
                  Option.required(TO, "DIR", "the new data directory; the WAL comes to DIR.wal"),
                  Option.optional(TIME, "TIME", "recover to it; with its zone, in ISO form"),
                  Option.optional(LSN, "LSN", "recover to it, such as 0/3000148"),
                  Option.flag(IMMEDIATE, "recover to the end of the backup"),
                  Option.flag(IN_PLACE, "leave tablespaces inside the data directory"),
                  Option.flag(REPLACEMENT, "keep its settings: it takes the lost one's place"),
                  SnapshotChoice.ENVIRONMENT_OPTION,
                  Option.flag(DRY_RUN, "show the plan, and do nothing"))),
          RestorePostgres::run);

  private RestorePostgres() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    PostgresRestorer restorer = restorer(arguments);
    RepositoryOptions options = RepositoryOptions.DEFAULT.listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.open(arguments, options)) {
      BackupRepository repository = access.repository();
      Snapshot snapshot =
          SnapshotChoice.of(arguments)
              .find(arguments.required(SNAPSHOT), repository.list(SnapshotFilter.ALL));
      if (arguments.has(DRY_RUN)) {
        Summary plan = new Summary("restore-postgres", ExitCode.SUCCESS);
        repository.planRestore(snapshot, restorer).steps().forEach(plan::line);
        return plan;
      }
      return summary(snapshot, repository.restore(snapshot, restorer), arguments);
    }
  }

  private static PostgresRestorer restorer(Arguments arguments) throws UsageException {
    RecoveryTarget target = target(arguments);
    PostgresRestorer restorer = PostgresRestorer.to(arguments.requiredPath(TO)).target(target);
    restorer = arguments.has(IN_PLACE) ? restorer.tablespacesInPlace() : restorer;
    return arguments.has(REPLACEMENT) ? restorer.asReplacement() : restorer;
  }

  private static RecoveryTarget target(Arguments arguments) throws UsageException {
    if (arguments.optional(TIME).isPresent()) {
      return RecoveryTarget.time(Arguments.time(arguments.required(TIME)));
    }
    if (arguments.optional(LSN).isPresent()) {
      return Arguments.checked(() -> RecoveryTarget.lsn(Lsn.parse(arguments.required(LSN))));
    }
    return arguments.has(IMMEDIATE) ? RecoveryTarget.immediate() : RecoveryTarget.latest();
  }

  private static Summary summary(Snapshot snapshot, RestoreReport report, Arguments arguments) {
    ExitCode code = report.complete() ? ExitCode.SUCCESS : ExitCode.PARTIAL;
    return new Summary("restore-postgres", code)
        .put("snapshot", snapshot.id().hex())
        .put("files", report.files())
        .put("bytes", report.bytes())
        .put("facts", report.facts().toString())
        .findings(report.findings())
        .line(
            String.format(
                Locale.ROOT,
                "%d files with %s. Start it with: pg_ctl -D '%s' start",
                report.files(),
                Bytes.text(report.bytes()),
                arguments.required(TO)));
  }
}
