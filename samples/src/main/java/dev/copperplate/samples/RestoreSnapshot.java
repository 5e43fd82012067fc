package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.files.Overwrite;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RestoreOptions;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;

/**
 * Restores a snapshot, or files and directories of it.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.RestoreSnapshot \
 *     --repository PLACE --password-file FILE --snapshot ID|latest --to DIR [PATH]…
 * </pre>
 *
 * <p>A path of the snapshot comes to the same path below {@code --to}. What exists there is not
 * touched unless {@code --overwrite} or {@code --delete-extra} say so, and then only with {@code
 * --yes}, for what {@code --dry-run} shows. Exit code 3 means that something could not be restored.
 */
public final class RestoreSnapshot {

  private static final String SNAPSHOT = "--snapshot";
  private static final String TO = "--to";
  private static final String OVERWRITE = "--overwrite";
  private static final String DELETE_EXTRA = "--delete-extra";
  private static final String OWNERS = "--owners";
  private static final String PRIVILEGED = "--privileged";
  private static final String DRY_RUN = "--dry-run";
  private static final String YES = "--yes";

  static final Program PROGRAM =
      new Program(
          "restore",
          new Syntax(
              "RestoreSnapshot",
              "Restores a snapshot, or files and directories of it.",
              "[PATH]…",
              RepositoryAccess.options(
                  Option.required(
                      SNAPSHOT,
                      "ID",
                      "how its id begins, its run, or latest: the newest undamaged"),
                  Option.required(TO, "DIR", "the directory to restore into"),
                  SnapshotChoice.PATH_OPTION,
                  SnapshotChoice.ENVIRONMENT_OPTION,
                  SnapshotChoice.TAG_OPTION,
                  Option.optional(
                      OVERWRITE, "WHAT", "of what exists: fail (default), changed, newer, always"),
                  Option.flag(DELETE_EXTRA, "delete what the snapshot does not have"),
                  Option.flag(OWNERS, "restore owners, by number"),
                  Option.flag(PRIVILEGED, "restore setuid and setgid"),
                  Option.flag(DRY_RUN, "show the plan, and do nothing"),
                  Option.flag(YES, "destroy what the plan names"))),
          RestoreSnapshot::run);

  private RestoreSnapshot() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    FilesRestorer restorer = restorer(arguments);
    RepositoryOptions options = RepositoryOptions.DEFAULT.listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.open(arguments, options)) {
      BackupRepository repository = access.repository();
      Snapshot snapshot =
          SnapshotChoice.of(arguments)
              .find(arguments.required(SNAPSHOT), repository.list(SnapshotFilter.ALL));
      if (arguments.has(DRY_RUN)) {
        return planned(snapshot, repository.planRestore(snapshot, restorer));
      }
      RestoreOptions permission = RestoreOptions.DEFAULT;
      if (arguments.has(YES)) {
        permission = permission.confirmed(repository.planRestore(snapshot, restorer));
      }
      return summary(snapshot, restored(repository, snapshot, restorer, permission));
    }
  }

  private static RestoreReport restored(
      BackupRepository repository,
      Snapshot snapshot,
      FilesRestorer restorer,
      RestoreOptions permission)
      throws IOException, InterruptedException {
    try {
      return repository.restore(snapshot, restorer, permission);
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_CONFIRMED) {
        throw failure;
      }
      String hint = ". " + DRY_RUN + " shows the plan, " + YES + " confirms it";
      throw new BackupException(failure.kind(), failure.getMessage() + hint, failure);
    }
  }

  private static FilesRestorer restorer(Arguments arguments) throws UsageException {
    Path destination = arguments.requiredPath(TO);
    Overwrite overwrite = overwrite(arguments);
    FilesRestorer restorer =
        FilesRestorer.to(destination)
            .overwrite(overwrite)
            .deleteExtra(arguments.has(DELETE_EXTRA))
            .owners(arguments.has(OWNERS))
            .privileged(arguments.has(PRIVILEGED));
    if (arguments.operands().isEmpty()) {
      return restorer;
    }
    EntryPath[] paths =
        Arguments.checked(
            () ->
                arguments.operands().stream()
                    .map(RestoreSnapshot::entryPath)
                    .toArray(EntryPath[]::new));
    return restorer.only(paths);
  }

  private static EntryPath entryPath(String text) {
    boolean directory = text.length() > 1 && text.endsWith("/");
    return EntryPath.of(directory ? text.substring(0, text.length() - 1) : text);
  }

  private static Overwrite overwrite(Arguments arguments) throws UsageException {
    String name = arguments.optional(OVERWRITE).orElse("fail");
    for (Overwrite each : Overwrite.values()) {
      if (each.name().toLowerCase(Locale.ROOT).equals(name)) {
        return each;
      }
    }
    throw new UsageException(OVERWRITE + " is fail, changed, newer or always: " + name);
  }

  private static Summary planned(Snapshot snapshot, RestorePlan plan) {
    Summary summary = fields(new Summary("plan", ExitCode.SUCCESS), snapshot, plan);
    summary.line("Restore to " + plan.destination() + ": " + Bytes.text(plan.bytes()));
    plan.steps().forEach(each -> summary.line("- " + each));
    if (!plan.destroys().isEmpty()) {
      summary.line("Destroys, and so needs " + YES + ":");
      plan.destroys().forEach(each -> summary.line("- " + each));
    }
    return summary;
  }

  private static Summary summary(Snapshot snapshot, RestoreReport report) {
    ExitCode code = report.complete() ? ExitCode.SUCCESS : ExitCode.PARTIAL;
    return fields(new Summary("restore", code), snapshot, report.plan())
        .put("files", report.files())
        .put("bytesWritten", report.bytes())
        .findings(report.findings())
        .line(
            String.format(
                Locale.ROOT,
                "Restored %d files with %s of snapshot %s to %s%s.",
                report.files(),
                Bytes.text(report.bytes()),
                snapshot.id().shortHex(),
                report.plan().destination(),
                report.complete() ? "" : ", but not all of it"));
  }

  private static Summary fields(Summary summary, Snapshot snapshot, RestorePlan plan) {
    return summary
        .put("snapshot", snapshot.id().hex())
        .put("run", snapshot.run().value())
        .put("state", snapshot.state().name())
        .put("destination", plan.destination())
        .put("bytes", plan.bytes())
        .put("steps", plan.steps())
        .put("destroys", plan.destroys());
  }
}
