package dev.copperplate.samples;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.repository.ExpireReport;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.repository.RetentionPlan;
import dev.copperplate.backup.repository.RetentionQuestion;
import java.io.IOException;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeSet;

/**
 * Removes the snapshots of a repository that are not worth keeping, each source and environment by
 * itself.
 *
 * <pre>
 * java -cp samples-all.jar dev.copperplate.samples.ApplyRetention \
 *     --repository PLACE --password-file FILE [--keep-last N] [--keep-hourly N] [--keep-daily N] \
 *     [--keep-weekly N] [--keep-monthly N] [--keep-yearly N] [--keep-within AGE] \
 *     [--keep-tag TAG]… [--zone ZONE] [--dry-run]
 * </pre>
 *
 * <p>Prints every snapshot, newest first, with the reasons for which it stays; times are of the
 * zone. Whatever an option keeps is kept, and what the repository protects as well. Exit code 3
 * means that a person has to look, or that approvals are missing: what that is about was kept.
 */
public final class ApplyRetention {

  private static final String DRY_RUN = "--dry-run";

  static final Program PROGRAM =
      new Program(
          "retention",
          new Syntax(
              "ApplyRetention",
              "Removes the snapshots that are not worth keeping.",
              "",
              RepositoryAccess.options(options())),
          ApplyRetention::run);

  private ApplyRetention() {}

  public static void main(String[] arguments) {
    PROGRAM.start(arguments);
  }

  private static Option[] options() {
    List<Option> options = new ArrayList<>(RetentionChoice.OPTIONS);
    options.add(Option.flag(DRY_RUN, "remove nothing, only print what would be removed"));
    return options.toArray(Option[]::new);
  }

  private static Summary run(Arguments arguments, Output output)
      throws IOException, InterruptedException, UsageException {
    RetentionChoice choice = RetentionChoice.of(arguments);
    var policy = choice.policy();
    try (RepositoryAccess access = RepositoryAccess.open(arguments, RepositoryOptions.DEFAULT)) {
      RetentionPlan plan = access.repository().plan(policy);
      if (arguments.has(DRY_RUN)) {
        return planned(plan, choice.zone(), List.of())
            .put("dryRun", true)
            .line(plan.removed().size() + " snapshots would be removed.");
      }
      ExpireReport report = access.repository().expire(plan);
      return planned(plan, choice.zone(), problems(report))
          .put("dryRun", false)
          .put("removed", report.removed().stream().map(each -> each.id().hex()).toList())
          .line(report.removed().size() + " snapshots were removed.");
    }
  }

  private static Summary planned(RetentionPlan plan, ZoneId zone, List<Finding> more) {
    List<Finding> findings = new ArrayList<>();
    plan.questions().forEach(each -> findings.add(finding(each)));
    plan.needApproval().forEach(each -> findings.add(finding(each)));
    findings.addAll(more);
    Summary summary =
        new Summary("retention", findings.isEmpty() ? ExitCode.SUCCESS : ExitCode.PARTIAL)
            .put("snapshots", plan.decisions().stream().map(ApplyRetention::fields).toList())
            .findings(findings);
    plan.decisions().forEach(each -> summary.line(line(each, zone)));
    return summary;
  }

  private static Finding finding(RetentionQuestion question) {
    return Finding.warning(
        question.source() + " in " + question.environment(),
        question.text(),
        "Look at its snapshots; they all stay until a plan is made with this question answered");
  }

  private static Finding finding(Snapshot unapproved) {
    return Finding.warning(
        "snapshot " + unapproved.id().shortHex(),
        "stays because approvals are missing",
        "Approve its removal by its run " + unapproved.run());
  }

  /** What the plan did not foresee. */
  private static List<Finding> problems(ExpireReport report) {
    List<Finding> problems = new ArrayList<>(report.findings());
    for (Decision each : report.keptAfterAll()) {
      problems.add(
          Finding.warning(
              "snapshot " + each.snapshot().id().shortHex(),
              "was kept after all: " + String.join("; ", each.reasons()),
              "The next plan looks at it again"));
    }
    return problems;
  }

  private static Map<String, Object> fields(Decision decision) {
    Map<String, Object> fields = new LinkedHashMap<>();
    fields.put("snapshot", decision.snapshot().id().hex());
    fields.put("run", decision.snapshot().run().value());
    fields.put("time", decision.snapshot().time());
    fields.put("keep", decision.keep());
    fields.put("reasons", decision.reasons());
    fields.put("classes", new TreeSet<>(decision.classes()));
    return fields;
  }

  private static String line(Decision decision, ZoneId zone) {
    Snapshot snapshot = decision.snapshot();
    return String.format(
            Locale.ROOT,
            "%-6s  %s  %tF %<tT  %s  %s  %s",
            decision.keep() ? "keep" : "remove",
            snapshot.id().shortHex(),
            snapshot.time().atZone(zone),
            snapshot.environment(),
            String.join(" ", SnapshotChoice.paths(snapshot.source())),
            String.join("; ", decision.reasons()))
        .stripTrailing();
  }
}
