package dev.copperplate.samples;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.PostgresDumpFileSource;
import dev.copperplate.backup.repository.BackupOptions;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * Takes dumps in that {@code pg_dump} and {@code pg_dumpall} have written before, each as a
 * snapshot of its own time, so that retention begins with history.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.ImportDump \
 *     --repository PLACE --password-file FILE --name NAME /backup/orders-*.sql.gz
 * </pre>
 *
 * <p>The repository is made where there is none. Exit code 3 means that all are stored, but that
 * one is not whole, or that nobody could tell; the findings say which.
 */
public final class ImportDump {

  private static final String NAME = "--name";
  private static final String TAKEN_AT = "--taken-at";
  private static final String TOOLS = "--tools";

  static final Program PROGRAM =
      new Program(
          "import-dump",
          new Syntax(
              "ImportDump",
              "Takes dumps of PostgreSQL in, as snapshots of their own time.",
              "DUMP…",
              RepositoryAccess.options(
                  Option.required(NAME, "NAME", "as DumpPostgres has it or will have it"),
                  Option.optional(TAKEN_AT, "TIME", "of one dump; what its file says unless told"),
                  Option.optional(TOOLS, "DIR", "where pg_restore is; the newest unless told"))),
          ImportDump::run);

  private ImportDump() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    List<PostgresDumpFileSource> dumps = dumps(arguments);
    String host = HostName.get();
    RepositoryOptions options =
        RepositoryOptions.DEFAULT.environment(host).listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.openOrCreate(arguments, options)) {
      List<BackupReport> reports = new ArrayList<>();
      for (PostgresDumpFileSource each : dumps) {
        BackupOptions then = BackupOptions.DEFAULT.takenAt(takenAt(arguments, each));
        reports.add(access.repository().backup(each, then));
      }
      return summary(reports);
    }
  }

  private static List<PostgresDumpFileSource> dumps(Arguments arguments) throws UsageException {
    List<Path> paths = arguments.operandPaths();
    if (paths.isEmpty() || (paths.size() > 1 && arguments.has(TAKEN_AT))) {
      throw new UsageException("Name a dump; several only without " + TAKEN_AT);
    }
    List<PostgresDumpFileSource> dumps = new ArrayList<>();
    for (Path each : paths) {
      PostgresDumpFileSource dump =
          Arguments.checked(() -> PostgresDumpFileSource.of(arguments.required(NAME), each));
      dumps.add(arguments.has(TOOLS) ? dump.tools(arguments.requiredPath(TOOLS)) : dump);
    }
    return dumps;
  }

  private static Instant takenAt(Arguments arguments, PostgresDumpFileSource dump)
      throws IOException, UsageException {
    return arguments.has(TAKEN_AT) ? Arguments.time(arguments.required(TAKEN_AT)) : dump.takenAt();
  }

  private static Summary summary(List<BackupReport> reports) {
    boolean whole =
        reports.stream().allMatch(each -> each.snapshot().state() == SnapshotState.COMPLETE);
    Summary summary =
        new Summary("import-dump", whole ? ExitCode.SUCCESS : ExitCode.PARTIAL)
            .put("snapshots", reports.stream().map(each -> fields(each.snapshot())).toList());
    for (BackupReport each : reports) {
      summary.findings(each.findings()).line(line(each));
    }
    return summary;
  }

  private static Map<String, Object> fields(Snapshot snapshot) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("snapshot", snapshot.id().hex());
    fields.put("time", snapshot.time());
    fields.put("state", snapshot.state().name());
    fields.put("bytes", snapshot.bytes());
    return fields;
  }

  private static String line(BackupReport report) {
    Snapshot snapshot = report.snapshot();
    return String.format(
        Locale.ROOT,
        "Snapshot %s of %s is %s: %s, stored as %s.",
        snapshot.id().shortHex(),
        snapshot.time(),
        Words.lower(snapshot.state()),
        Bytes.text(snapshot.bytes()),
        Bytes.text(report.bytesStored()));
  }
}
