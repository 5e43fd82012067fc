package dev.copperplate.samples;

import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import java.util.Locale;

/** What a restore into a PostgreSQL server does, or did. */
final class RestoreSummary {

  private RestoreSummary() {}

  /** What would be done. */
  static Summary planned(String operation, Snapshot snapshot, RestorePlan plan) {
    Summary summary = fields(new Summary(operation, ExitCode.SUCCESS), snapshot, plan);
    steps(summary, plan);
    plan.destroys().forEach(each -> summary.line("Destroys " + each));
    return summary;
  }

  /** What was not done, because it would destroy something. */
  static Summary unconfirmed(
      String operation, Snapshot snapshot, RestorePlan plan, String confirmation) {
    Summary summary = fields(new Summary(operation, ExitCode.FAILURE), snapshot, plan);
    steps(summary, plan);
    summary.line("Nothing was done, because this would be destroyed. To confirm it:");
    plan.destroys().forEach(each -> summary.line("  " + ShellCommand.of(confirmation, each)));
    return summary;
  }

  private static void steps(Summary summary, RestorePlan plan) {
    summary.line("Into " + plan.destination() + ":");
    plan.steps().forEach(each -> summary.line("- " + each));
  }

  /** What was done. */
  static Summary restored(String operation, Snapshot snapshot, RestoreReport report) {
    ExitCode code = report.complete() ? ExitCode.SUCCESS : ExitCode.PARTIAL;
    String rows = report.facts().getOrDefault("rows", "0");
    return fields(new Summary(operation, code), snapshot, report.plan())
        .put("rows", rows)
        .findings(report.findings())
        .line(
            String.format(
                Locale.ROOT,
                "%s rows, %s, of snapshot %s came back into %s.",
                rows,
                Bytes.text(report.bytes()),
                snapshot.id().shortHex(),
                report.plan().destination()));
  }

  private static Summary fields(Summary summary, Snapshot snapshot, RestorePlan plan) {
    return summary
        .put("snapshot", snapshot.id().hex())
        .put("destination", plan.destination())
        .put("steps", plan.steps())
        .put("destroys", plan.destroys());
  }
}
