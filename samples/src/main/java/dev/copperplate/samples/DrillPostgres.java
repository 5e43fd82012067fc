package dev.copperplate.samples;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.postgres.PostgresDrill;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Proves a backup of PostgreSQL: restores it into a scratch directory, starts a server there that
 * reaches nothing, lets it recover as far as WAL is stored, and asks {@code amcheck} and a query.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.DrillPostgres \
 *     --repository PLACE --password-file FILE --snapshot ID --programs /usr/lib/postgresql/17/bin \
 *     --scratch DIR [--database NAME --query SQL --answer TEXT]
 * </pre>
 *
 * <p>The scratch directory needs room for the whole cluster. Exit code 1 means that the backup
 * cannot be relied on.
 */
public final class DrillPostgres {

  private static final String SNAPSHOT = "--snapshot";
  private static final String PROGRAMS = "--programs";
  private static final String SCRATCH = "--scratch";
  private static final String DATABASE = "--database";
  private static final String QUERY = "--query";
  private static final String ANSWER = "--answer";

  static final Program PROGRAM =
      new Program(
          "drill-postgres",
          new Syntax(
              "DrillPostgres",
              "Restores a backup of PostgreSQL, starts a server on it, and asks it.",
              "",
              RepositoryAccess.options(
                  Option.required(SNAPSHOT, "ID", "how its id begins, or its run"),
                  Option.required(PROGRAMS, "DIR", "the bin directory of the same major version"),
                  Option.required(SCRATCH, "DIR", "where there is room for the whole cluster"),
                  Option.optional(DATABASE, "NAME", "in which one to ask; postgres unless told"),
                  Option.optional(QUERY, "SQL", "what to ask"),
                  Option.optional(ANSWER, "TEXT", "the first value that it must give"),
                  SnapshotChoice.ENVIRONMENT_OPTION)),
          DrillPostgres::run);

  private DrillPostgres() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    PostgresDrill drill = drill(arguments);
    Path scratch = arguments.requiredPath(SCRATCH);
    RepositoryOptions options =
        RepositoryOptions.DEFAULT.scratch(scratch).listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.open(arguments, options)) {
      BackupRepository repository = access.repository();
      Snapshot snapshot =
          SnapshotChoice.of(arguments)
              .find(arguments.required(SNAPSHOT), repository.list(SnapshotFilter.ALL));
      return summary(snapshot, repository.verify(snapshot, drill));
    }
  }

  private static PostgresDrill drill(Arguments arguments) throws UsageException {
    PostgresDrill drill = PostgresDrill.with(arguments.requiredPath(PROGRAMS));
    if (arguments.optional(QUERY).isPresent() != arguments.optional(ANSWER).isPresent()) {
      throw new UsageException(QUERY + " and " + ANSWER + " belong together");
    }
    return arguments.optional(QUERY).isEmpty()
        ? drill
        : drill.expect(
            arguments.optional(DATABASE).orElse("postgres"),
            arguments.required(QUERY),
            arguments.required(ANSWER));
  }

  private static Summary summary(Snapshot snapshot, Verification proof) {
    return new Summary("drill-postgres", proof.passed() ? ExitCode.SUCCESS : ExitCode.FAILURE)
        .put("snapshot", snapshot.id().hex())
        .put("passed", proof.passed())
        .put("milliseconds", proof.facts().getOrDefault("milliseconds", ""))
        .put("tables", proof.facts().getOrDefault("tables", ""))
        .put("indexes", proof.facts().getOrDefault("indexes", ""))
        .findings(proof.findings())
        .line(
            String.format(
                Locale.ROOT,
                "Snapshot %s %s: recovered in %s ms; %s tables and %s indexes were checked.",
                snapshot.id().shortHex(),
                proof.passed() ? "can be relied on" : "can NOT be relied on",
                proof.facts().getOrDefault("milliseconds", "?"),
                proof.facts().getOrDefault("tables", "0"),
                proof.facts().getOrDefault("indexes", "0")));
  }
}
