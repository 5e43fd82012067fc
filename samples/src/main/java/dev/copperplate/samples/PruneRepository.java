package dev.copperplate.samples;

import dev.copperplate.backup.repository.PruneOptions;
import dev.copperplate.backup.repository.PruneReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.util.Optional;

/**
 * Frees what no snapshot of a repository needs.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.PruneRepository \
 *     --repository PLACE --password-file FILE [--max-unused PERCENT] [--wait DURATION] [--dry-run]
 * </pre>
 *
 * <p>Backups go on meanwhile; only for the end it waits until none is at work. Exit code 3 means
 * that it did not come to that, or that something could not be removed: the next one goes on from
 * there.
 */
public final class PruneRepository {

  private static final String MAX_UNUSED = "--max-unused";
  private static final String WAIT = "--wait";
  private static final String DRY_RUN = "--dry-run";
  private static final double PERCENT = 100;

  static final Program PROGRAM =
      new Program(
          "prune",
          new Syntax(
              "PruneRepository",
              "Frees what no snapshot of a repository needs.",
              "",
              RepositoryAccess.options(
                  Option.optional(
                      MAX_UNUSED, "PERCENT", "how much may stay although nobody needs it; 5"),
                  Option.optional(WAIT, "DURATION", "how long to wait for backups at the end; 1m"),
                  Option.flag(DRY_RUN, "free nothing, only print what would be freed"))),
          PruneRepository::run);

  private PruneRepository() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    PruneOptions options = options(arguments);
    RepositoryOptions shown = RepositoryOptions.DEFAULT.listener(ProgressBars.on(output));
    try (RepositoryAccess access = RepositoryAccess.open(arguments, shown)) {
      return summary(access.repository().prune(options), options.dryRun());
    }
  }

  private static PruneOptions options(Arguments arguments) throws UsageException {
    PruneOptions options = PruneOptions.DEFAULT.dryRun(arguments.has(DRY_RUN));
    Optional<String> unused = arguments.optional(MAX_UNUSED);
    if (unused.isPresent()) {
      PruneOptions before = options;
      double share = Arguments.number(MAX_UNUSED, unused.get()) / PERCENT;
      options = Arguments.checked(() -> before.maxUnused(share));
    }
    Optional<String> wait = arguments.optional(WAIT);
    if (wait.isPresent()) {
      PruneOptions before = options;
      var patience = Arguments.duration(WAIT, wait.get());
      options = Arguments.checked(() -> before.lockWait(patience));
    }
    return options;
  }

  private static Summary summary(PruneReport report, boolean dryRun) {
    return new Summary("prune", report.complete() ? ExitCode.SUCCESS : ExitCode.PARTIAL)
        .put("dryRun", dryRun)
        .put("complete", report.complete())
        .put("packsRemoved", report.packsRemoved())
        .put("packsRepacked", report.packsRepacked())
        .put("bytesFreed", report.bytesFreed())
        .put("bytesRepacked", report.bytesRepacked())
        .put("bytesUnused", report.bytesUnused())
        .put("bytesRetained", report.bytesRetained())
        .put("indexesMerged", report.indexesMerged())
        .findings(report.findings())
        .line(
            Bytes.text(report.bytesFreed())
                + (dryRun ? " would be freed, " : " were freed, ")
                + Bytes.text(report.bytesRepacked())
                + (dryRun ? " would be stored anew, " : " were stored anew, ")
                + Bytes.text(report.bytesUnused())
                + " stay although nobody needs them.");
  }
}
