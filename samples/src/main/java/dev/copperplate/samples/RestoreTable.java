package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.postgres.PostgresDrill;
import dev.copperplate.backup.postgres.PostgresPhysicalSource;
import dev.copperplate.backup.postgres.PostgresTableRestorer;
import dev.copperplate.backup.postgres.RecoveryTarget;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RestoreOptions;
import java.io.IOException;
import java.util.List;

/**
 * Restores one table of a snapshot into a PostgreSQL database that is in use, under its own name or
 * another. The snapshot is one of {@code DumpPostgres}, or one of {@code BackupPostgres}: then a
 * copy of the server is started aside, and the table is taken out of it.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.RestoreTable \
 *     --repository PLACE --password-file FILE --snapshot ID --table orders \
 *     --server jdbc:postgresql://HOST/DATABASE --user ROLE --server-password-file FILE \
 *     [--as orders_before] \
 *     [--database NAME --programs /usr/lib/postgresql/17/bin --scratch DIR --time TIME]
 * </pre>
 *
 * <p>A table that holds rows is refused, unless they may be lost: {@code --truncate} shows the
 * plan, and {@code --confirm} with what it names does it. Exit code 3 means that the rows are
 * there, and that findings say what is not.
 */
public final class RestoreTable {

  private static final String SNAPSHOT = "--snapshot";
  private static final String DATABASE = "--database";
  private static final String SCHEMA = "--schema";
  private static final String TABLE = "--table";
  private static final String AS_SCHEMA = "--as-schema";
  private static final String AS = "--as";
  private static final String TRUNCATE = "--truncate";
  private static final String CONFIRM = "--confirm";
  private static final String EVEN_PUBLISHED = "--even-published";
  private static final String FOREIGN_KEYS = "--foreign-keys";
  private static final String PROGRAMS = "--programs";
  private static final String SCRATCH = "--scratch";
  private static final String TIME = "--time";
  private static final String DRY_RUN = "--dry-run";

  static final Program PROGRAM =
      new Program(
          "restore-table",
          new Syntax(
              "RestoreTable",
              "Restores one table of a snapshot into a PostgreSQL database that is in use.",
              "",
              RepositoryAccess.options(
                  PostgresAccess.serverOptions(
                          "the owner of the table, or a role that may act as it",
                          Option.required(SNAPSHOT, "ID", "how its id begins, or its run"),
                          Option.optional(DATABASE, "NAME", "of the snapshot, if it has several"),
                          Option.optional(SCHEMA, "NAME", "of the table; public unless told"),
                          Option.required(TABLE, "NAME", "as the catalog has it, without quotes"),
                          Option.optional(AS_SCHEMA, "NAME", "where it goes to instead"),
                          Option.optional(AS, "NAME", "what it is called there"),
                          Option.flag(TRUNCATE, "replace the rows of a table that holds some"),
                          Option.repeatable(CONFIRM, "NAME", "lose this, as the plan calls it"),
                          Option.flag(EVEN_PUBLISHED, "also if subscribers get its rows"),
                          Option.flag(FOREIGN_KEYS, "add those of a new table"),
                          Option.optional(PROGRAMS, "DIR", "of PostgreSQL, for a base backup"),
                          Option.optional(SCRATCH, "DIR", "has room for a base backup's cluster"),
                          Option.optional(TIME, "TIME", "recover a base backup to it"),
                          SnapshotChoice.ENVIRONMENT_OPTION,
                          Option.flag(DRY_RUN, "show the plan, and do nothing"))
                      .toArray(new Option[0]))),
          RestoreTable::run);

  private RestoreTable() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    PostgresTableRestorer restorer = restorer(arguments);
    try (RepositoryAccess access = RepositoryAccess.open(arguments, options(arguments, output))) {
      BackupRepository repository = access.repository();
      Snapshot snapshot =
          SnapshotChoice.of(arguments)
              .find(arguments.required(SNAPSHOT), repository.list(SnapshotFilter.ALL));
      requireCopy(snapshot, arguments);
      if (arguments.has(DRY_RUN)) {
        return RestoreSummary.planned(
            PROGRAM.operation(), snapshot, repository.planRestore(snapshot, restorer));
      }
      return restored(repository, snapshot, restorer, arguments.all(CONFIRM));
    }
  }

  private static void requireCopy(Snapshot snapshot, Arguments arguments) throws UsageException {
    boolean base = snapshot.source().type().equals(PostgresPhysicalSource.TYPE);
    if (base && !(arguments.has(PROGRAMS) && arguments.has(DATABASE))) {
      throw new UsageException("A base backup needs " + PROGRAMS + " and " + DATABASE);
    }
  }

  /** Restores, or shows the plan where it would destroy what was not confirmed. */
  private static Summary restored(
      BackupRepository repository,
      Snapshot snapshot,
      PostgresTableRestorer restorer,
      List<String> confirmed)
      throws IOException, InterruptedException {
    RestorePlan seen = new RestorePlan("", List.of(), confirmed, 0);
    try {
      return RestoreSummary.restored(
          PROGRAM.operation(),
          snapshot,
          repository.restore(snapshot, restorer, RestoreOptions.DEFAULT.confirmed(seen)));
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_CONFIRMED) {
        throw failure;
      }
      return RestoreSummary.unconfirmed(
          PROGRAM.operation(), snapshot, repository.planRestore(snapshot, restorer), CONFIRM);
    }
  }

  private static RepositoryOptions options(Arguments arguments, Output output)
      throws UsageException {
    RepositoryOptions options = RepositoryOptions.DEFAULT.listener(ProgressBars.on(output));
    return arguments.has(SCRATCH) ? options.scratch(arguments.requiredPath(SCRATCH)) : options;
  }

  private static PostgresTableRestorer restorer(Arguments arguments) throws UsageException {
    PostgresTableRestorer into = PostgresTableRestorer.into(PostgresAccess.server(arguments));
    PostgresTableRestorer restorer = Arguments.checked(() -> table(into, arguments));
    if (arguments.has(DATABASE)) {
      restorer = restorer.database(arguments.required(DATABASE));
    }
    restorer = arguments.has(TRUNCATE) ? restorer.truncate() : restorer;
    restorer = arguments.has(EVEN_PUBLISHED) ? restorer.evenPublished() : restorer;
    restorer = arguments.has(FOREIGN_KEYS) ? restorer.foreignKeys() : restorer;
    return arguments.has(PROGRAMS) ? restorer.fromBase(copy(arguments)) : restorer;
  }

  private static PostgresTableRestorer table(PostgresTableRestorer into, Arguments arguments) {
    String schema = arguments.optional(SCHEMA).orElse("public");
    String table = arguments.required(TABLE);
    PostgresTableRestorer restorer = into.table(schema, table);
    return arguments.has(AS) || arguments.has(AS_SCHEMA)
        ? restorer.as(
            arguments.optional(AS_SCHEMA).orElse(schema), arguments.optional(AS).orElse(table))
        : restorer;
  }

  /** How a copy of the server is started, out of which the table is taken. */
  private static PostgresDrill copy(Arguments arguments) throws UsageException {
    PostgresDrill copy = PostgresDrill.with(arguments.requiredPath(PROGRAMS));
    return arguments.has(TIME)
        ? copy.target(RecoveryTarget.time(Arguments.time(arguments.required(TIME))))
        : copy;
  }
}
