package dev.copperplate.samples;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Lists the snapshots of a repository, newest first.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.ListSnapshots \
 *     --repository PLACE --password-file FILE [--tag TAG]… [--environment LABEL] [--path PATH]
 * </pre>
 *
 * <p>Times are in UTC. Exit code 3 means that there are snapshots that cannot be read.
 */
public final class ListSnapshots {

  static final Program PROGRAM =
      new Program(
          "list",
          new Syntax(
              "ListSnapshots",
              "Lists the snapshots of a repository, newest first.",
              "",
              RepositoryAccess.options(
                  SnapshotChoice.TAG_OPTION,
                  SnapshotChoice.ENVIRONMENT_OPTION,
                  SnapshotChoice.PATH_OPTION)),
          ListSnapshots::run);

  private ListSnapshots() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, UsageException {
    SnapshotChoice choice = SnapshotChoice.of(arguments);
    try (RepositoryAccess access = RepositoryAccess.open(arguments, RepositoryOptions.DEFAULT)) {
      SnapshotList all = SnapshotList.read(access.target(), access.repository());
      return summary(all.snapshots().stream().filter(choice::includes).toList(), all.unreadable());
    }
  }

  private static Summary summary(List<Snapshot> snapshots, List<Finding> unreadable) {
    Summary summary =
        new Summary("list", unreadable.isEmpty() ? ExitCode.SUCCESS : ExitCode.PARTIAL)
            .put("snapshots", snapshots.stream().map(ListSnapshots::fields).toList())
            .findings(unreadable);
    for (Snapshot each : snapshots) {
      summary.line(line(each));
    }
    return summary.line(snapshots.size() + " snapshots");
  }

  private static Map<String, Object> fields(Snapshot snapshot) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("snapshot", snapshot.id().hex());
    fields.put("run", snapshot.run().value());
    fields.put("time", snapshot.time());
    fields.put("state", snapshot.state().name());
    fields.put("environment", snapshot.environment());
    fields.put("source", snapshot.source().type());
    fields.put("paths", SnapshotChoice.paths(snapshot.source()));
    fields.put("tags", new TreeSet<>(snapshot.tags()));
    fields.put("files", snapshot.files());
    fields.put("bytes", snapshot.bytes());
    return fields;
  }

  private static String line(Snapshot snapshot) {
    return String.format(
            Locale.ROOT,
            "%s  %tF %<tT  %-8s  %s  %,9d files %9s  %s %s",
            snapshot.id().shortHex(),
            snapshot.time().atOffset(ZoneOffset.UTC),
            Words.lower(snapshot.state()),
            snapshot.environment(),
            snapshot.files(),
            Bytes.text(snapshot.bytes()),
            String.join(" ", SnapshotChoice.paths(snapshot.source())),
            snapshot.tags().isEmpty() ? "" : new TreeSet<>(snapshot.tags()).toString())
        .stripTrailing();
  }
}
