package dev.copperplate.samples;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.PostgresLogicalSource;
import dev.copperplate.backup.postgres.PostgresServer;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Backs up databases of a PostgreSQL server as SQL, that {@code psql} runs, too.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.DumpPostgres \
 *     --repository PLACE --password-file FILE --name NAME \
 *     --server jdbc:postgresql://HOST/DATABASE --user ROLE --server-password-file FILE \
 *     [--database NAME]… [--exclude 'public.log_*']
 * </pre>
 *
 * <p>Without {@code --database} it is the one of the address. The repository is made where there is
 * none. Definitions need the server's {@code pg_dump}, rows alone nothing. Exit code 3 means that
 * the snapshot is stored, but that something had to be left out.
 */
public final class DumpPostgres {

  private static final String DATABASE = "--database";
  private static final String ALL_DATABASES = "--all-databases";
  private static final String INCLUDE = "--include";
  private static final String EXCLUDE = "--exclude";
  private static final String DATA_ONLY = "--data-only";
  private static final String TOOLS = "--tools";
  private static final String CONNECTIONS = "--connections";

  static final Program PROGRAM =
      new Program(
          "dump-postgres",
          new Syntax(
              "DumpPostgres",
              "Backs up databases of a PostgreSQL server as SQL.",
              "",
              PostgresAccess.sourceOptions(
                  "a role that may read it all, as pg_read_all_data may",
                  Option.repeatable(DATABASE, "NAME", "it, and not the one of the address"),
                  Option.flag(ALL_DATABASES, "every database but templates"),
                  Option.repeatable(INCLUDE, "PATTERN", "rows of SCHEMA.TABLE alone, * for any"),
                  Option.repeatable(EXCLUDE, "PATTERN", "no rows of SCHEMA.TABLE, * for any"),
                  Option.flag(DATA_ONLY, "rows without definitions; needs no pg_dump"),
                  Option.optional(TOOLS, "DIR", "where pg_dump is; the newest unless told"),
                  Option.optional(CONNECTIONS, "N", "how many copy rows; 2 unless told"))),
          DumpPostgres::run);

  private DumpPostgres() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    PostgresLogicalSource source = source(arguments);
    String host = HostName.get();
    RepositoryOptions options =
        RepositoryOptions.DEFAULT.environment(host).listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.openOrCreate(arguments, options)) {
      BackupReport report = access.repository().backup(source);
      try (SnapshotReader reader = access.repository().open(report.snapshot())) {
        return summary(report, reader.manifest().facts());
      }
    }
  }

  private static PostgresLogicalSource source(Arguments arguments) throws UsageException {
    PostgresServer server = PostgresAccess.server(arguments);
    PostgresLogicalSource source =
        Arguments.checked(
            () ->
                databases(
                        PostgresLogicalSource.of(PostgresAccess.name(arguments), server), arguments)
                    .include(arguments.all(INCLUDE).toArray(new String[0]))
                    .exclude(arguments.all(EXCLUDE).toArray(new String[0]))
                    .connections(Integer.parseInt(arguments.optional(CONNECTIONS).orElse("2"))));
    source = arguments.has(DATA_ONLY) ? source.dataOnly() : source;
    return arguments.has(TOOLS) ? source.tools(arguments.requiredPath(TOOLS)) : source;
  }

  private static PostgresLogicalSource databases(
      PostgresLogicalSource source, Arguments arguments) {
    List<String> names = arguments.all(DATABASE);
    if (arguments.has(ALL_DATABASES)) {
      if (!names.isEmpty()) {
        throw new IllegalArgumentException("Either " + ALL_DATABASES + " or " + DATABASE);
      }
      return source.allDatabases();
    }
    return names.isEmpty() ? source : source.database(names.toArray(new String[0]));
  }

  private static Summary summary(BackupReport report, Map<String, String> facts) {
    Snapshot snapshot = report.snapshot();
    boolean whole = snapshot.state() == SnapshotState.COMPLETE;
    return new Summary("dump-postgres", whole ? ExitCode.SUCCESS : ExitCode.PARTIAL)
        .put("snapshot", snapshot.id().hex())
        .put("run", snapshot.run().value())
        .put("state", snapshot.state().name())
        .put("databases", facts.getOrDefault("databases", ""))
        .put("rows", facts.getOrDefault("rows", ""))
        .put("files", snapshot.files())
        .put("bytes", snapshot.bytes())
        .put("bytesStored", report.bytesStored())
        .put("milliseconds", report.took().toMillis())
        .findings(report.findings())
        .line(
            String.format(
                Locale.ROOT,
                "Snapshot %s is %s: %s rows of %s, %s, stored as %s in %s.",
                snapshot.id().shortHex(),
                Words.lower(snapshot.state()),
                facts.getOrDefault("rows", "?"),
                facts.getOrDefault("databases", "?"),
                Bytes.text(snapshot.bytes()),
                Bytes.text(report.bytesStored()),
                Bytes.text(report.took())));
  }
}
