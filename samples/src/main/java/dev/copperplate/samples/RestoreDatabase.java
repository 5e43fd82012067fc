package dev.copperplate.samples;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.postgres.PostgresDatabaseRestorer;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;

/**
 * Restores a database of a snapshot of {@code DumpPostgres} into a PostgreSQL server, as a new
 * database.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.RestoreDatabase \
 *     --repository PLACE --password-file FILE --snapshot ID --as orders_copy \
 *     --server jdbc:postgresql://HOST/postgres --user ROLE --server-password-file FILE
 * </pre>
 *
 * <p>Nothing that exists is overwritten. Exit code 3 means that the database is there, and that
 * findings say what of it is not.
 */
public final class RestoreDatabase {

  private static final String SNAPSHOT = "--snapshot";
  private static final String DATABASE = "--database";
  private static final String AS = "--as";
  private static final String INTO_EXISTING = "--into-existing";
  private static final String ROWS_ONLY = "--rows-only";
  private static final String GLOBALS = "--globals";
  private static final String STAGING = "--staging";
  private static final String OWNER = "--owner";
  private static final String DRY_RUN = "--dry-run";

  static final Program PROGRAM =
      new Program(
          "restore-database",
          new Syntax(
              "RestoreDatabase",
              "Restores a database of a snapshot into a PostgreSQL server.",
              "",
              RepositoryAccess.options(
                  PostgresAccess.serverOptions(
                          "a superuser, or a role with CREATEDB",
                          Option.required(SNAPSHOT, "ID", "how its id begins, or its run"),
                          Option.optional(DATABASE, "NAME", "of the snapshot, if it has several"),
                          Option.optional(AS, "NAME", "what it is called now"),
                          Option.flag(INTO_EXISTING, "into a database that is there, and empty"),
                          Option.flag(ROWS_ONLY, "into tables that are there, and empty"),
                          Option.flag(GLOBALS, "make roles and tablespaces that are missing"),
                          Option.flag(STAGING, "without owners, rights and subscriptions"),
                          Option.optional(OWNER, "ROLE", "whose all of it becomes"),
                          SnapshotChoice.ENVIRONMENT_OPTION,
                          Option.flag(DRY_RUN, "show the plan, and do nothing"))
                      .toArray(new Option[0]))),
          RestoreDatabase::run);

  private RestoreDatabase() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    PostgresDatabaseRestorer restorer = restorer(arguments);
    RepositoryOptions options = RepositoryOptions.DEFAULT.listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.open(arguments, options)) {
      BackupRepository repository = access.repository();
      Snapshot snapshot =
          SnapshotChoice.of(arguments)
              .find(arguments.required(SNAPSHOT), repository.list(SnapshotFilter.ALL));
      String operation = PROGRAM.operation();
      return arguments.has(DRY_RUN)
          ? RestoreSummary.planned(operation, snapshot, repository.planRestore(snapshot, restorer))
          : RestoreSummary.restored(operation, snapshot, repository.restore(snapshot, restorer));
    }
  }

  private static PostgresDatabaseRestorer restorer(Arguments arguments) throws UsageException {
    PostgresDatabaseRestorer into = PostgresDatabaseRestorer.into(PostgresAccess.server(arguments));
    PostgresDatabaseRestorer restorer = Arguments.checked(() -> named(into, arguments));
    restorer = arguments.has(INTO_EXISTING) ? restorer.intoExisting() : restorer;
    restorer = arguments.has(ROWS_ONLY) ? restorer.rowsOnly() : restorer;
    restorer = arguments.has(GLOBALS) ? restorer.globals() : restorer;
    return arguments.has(STAGING) ? restorer.staging() : restorer;
  }

  private static PostgresDatabaseRestorer named(
      PostgresDatabaseRestorer into, Arguments arguments) {
    PostgresDatabaseRestorer restorer = into;
    if (arguments.has(DATABASE)) {
      restorer = restorer.database(arguments.required(DATABASE));
    }
    if (arguments.has(AS)) {
      restorer = restorer.as(arguments.required(AS));
    }
    return arguments.has(OWNER) ? restorer.owner(arguments.required(OWNER)) : restorer;
  }
}
