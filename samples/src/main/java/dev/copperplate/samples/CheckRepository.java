package dev.copperplate.samples;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.repository.CheckOptions;
import dev.copperplate.backup.repository.CheckReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;

/**
 * Looks whether a repository is as it was written: all of it, or as much as is asked for.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.CheckRepository \
 *     --repository PLACE --password-file FILE \
 *     [--structure | --read-data | --share N/T | --percent P | --budget-bytes B --budget-time D]
 * </pre>
 *
 * <p>The structure is always looked at: that everything which snapshots name is there. Findings
 * name the packs, the pieces, and the snapshots and paths that suffer. Takes no lock, and writes
 * nothing but a note of which packs were read. Exit code 1 means that something is damaged or
 * missing, or that the password opens nothing.
 */
public final class CheckRepository {

  static final Program PROGRAM =
      new Program(
          "check",
          new Syntax(
              "CheckRepository",
              "Looks whether a repository is as it was written.",
              "",
              RepositoryAccess.options(CheckExtent.options())),
          CheckRepository::run);

  private CheckRepository() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    long started = System.nanoTime();
    CheckOptions how = CheckExtent.of(arguments);
    try (BackupTarget target = RepositoryAccess.target(arguments)) {
      CheckReport report =
          RepositoryCheck.run(
              target,
              RepositoryAccess.passwords(arguments),
              RepositoryOptions.DEFAULT.listener(ProgressBars.on(output)),
              how);
      return summary(report, Duration.ofNanos(System.nanoTime() - started));
    }
  }

  private static Summary summary(CheckReport report, Duration took) {
    return new Summary("check", report.sound() ? ExitCode.SUCCESS : ExitCode.FAILURE)
        .put("snapshots", report.snapshots())
        .put("packs", report.packs())
        .put("packsRead", report.packsRead())
        .put("bytesRead", report.bytesRead())
        .put("milliseconds", took.toMillis())
        .findings(report.findings())
        .line(
            String.format(
                Locale.ROOT,
                "%d snapshots are %s; %d of %d packs with %s were read, in %s.",
                report.snapshots(),
                report.sound() ? "sound" : "NOT sound",
                report.packsRead(),
                report.packs(),
                Bytes.text(report.bytesRead()),
                Bytes.text(took)));
  }
}
