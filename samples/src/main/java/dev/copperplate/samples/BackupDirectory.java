package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupOptions;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Backs up files and directories.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.BackupDirectory \
 *     --repository PLACE --password-file FILE [--create] [--tag TAG]… PATH…
 * </pre>
 *
 * <p>{@code --help} shows all options. A repository that does not exist is an error, because a
 * place that is not mounted looks the same; {@code --create} makes it there, and does nothing where
 * it exists. Exit code 3 means that the snapshot is stored and something is missing in it.
 */
public final class BackupDirectory {

  private static final String CREATE = "--create";
  private static final String ENVIRONMENT = "--environment";
  private static final String TAG = "--tag";
  private static final String EXCLUDE = "--exclude";
  private static final String ONE_FILE_SYSTEM = "--one-file-system";

  static final Program PROGRAM =
      new Program(
          "backup",
          new Syntax(
              "BackupDirectory",
              "Backs up files and directories.",
              "PATH…",
              RepositoryAccess.options(
                  Option.flag(CREATE, "create the repository if it does not exist"),
                  Option.optional(ENVIRONMENT, "LABEL", "instead of this machine's host name"),
                  Option.repeatable(TAG, "TAG", "give the snapshot this tag"),
                  Option.repeatable(EXCLUDE, "PATTERN", "leave out what matches, such as *.tmp"),
                  Option.flag(ONE_FILE_SYSTEM, "do not enter other file systems"))),
          BackupDirectory::run);

  private BackupDirectory() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    FilesSource source = source(arguments);
    BackupOptions tags =
        Arguments.checked(() -> BackupOptions.DEFAULT.tags(Set.copyOf(arguments.all(TAG))));
    RepositoryOptions options = options(arguments, output);
    try (RepositoryAccess access = open(arguments, options)) {
      return summary(access.repository().backup(source, tags));
    }
  }

  private static FilesSource source(Arguments arguments) throws UsageException {
    List<Path> paths = new ArrayList<>(arguments.operandPaths());
    if (paths.isEmpty()) {
      throw new UsageException("Name at least one path to back up");
    }
    String[] patterns = arguments.all(EXCLUDE).toArray(new String[0]);
    FilesSource all = Arguments.checked(() -> FilesSource.of(paths).exclude(patterns));
    return arguments.has(ONE_FILE_SYSTEM) ? all.oneFileSystem() : all;
  }

  private static RepositoryOptions options(Arguments arguments, Output output)
      throws IOException, UsageException {
    String host = HostName.get();
    return Arguments.checked(
        () ->
            RepositoryOptions.DEFAULT
                .environment(arguments.optional(ENVIRONMENT).orElse(host))
                .listener(ProgressBars.on(output)));
  }

  private static RepositoryAccess open(Arguments arguments, RepositoryOptions options)
      throws IOException, UsageException {
    if (arguments.has(CREATE)) {
      return RepositoryAccess.openOrCreate(arguments, options);
    }
    try {
      return RepositoryAccess.open(arguments, options);
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
      throw new BackupException(
          failure.kind(), failure.getMessage() + " (" + CREATE + " does that here)", failure);
    }
  }

  private static Summary summary(BackupReport report) {
    Snapshot snapshot = report.snapshot();
    boolean whole = snapshot.state() == SnapshotState.COMPLETE;
    return new Summary("backup", whole ? ExitCode.SUCCESS : ExitCode.PARTIAL)
        .put("snapshot", snapshot.id().hex())
        .put("run", snapshot.run().value())
        .put("state", snapshot.state().name())
        .put("files", snapshot.files())
        .put("bytes", snapshot.bytes())
        .put("filesNew", report.filesNew())
        .put("filesChanged", report.filesChanged())
        .put("filesUnmodified", report.filesUnmodified())
        .put("bytesAdded", report.bytesAdded())
        .put("bytesStored", report.bytesStored())
        .put("milliseconds", report.took().toMillis())
        .findings(report.findings())
        .line(
            String.format(
                Locale.ROOT,
                "Snapshot %s of run %s is %s: %d files with %s, %d new, %d changed.",
                snapshot.id().shortHex(),
                snapshot.run(),
                Words.lower(snapshot.state()),
                snapshot.files(),
                Bytes.text(snapshot.bytes()),
                report.filesNew(),
                report.filesChanged()))
        .line(
            String.format(
                Locale.ROOT,
                "%s were new, stored as %s, in %s.",
                Bytes.text(report.bytesAdded()),
                Bytes.text(report.bytesStored()),
                Bytes.text(report.took())));
  }
}
