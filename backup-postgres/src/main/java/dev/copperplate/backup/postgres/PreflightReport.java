package dev.copperplate.backup.postgres;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.List;

/**
 * What a preflight of a server found.
 *
 * @param checks what was looked at, in that order
 */
public record PreflightReport(List<Check> checks) {

  public PreflightReport {
    checks = List.copyOf(checks);
  }

  /** How a check ended. */
  public enum Outcome {
    /** Nothing endangers backups; something may be good to know. */
    PASSED,
    /** Backups work, and a person should look at something. */
    WARNING,
    /** No backups, or none that can be relied on. */
    FAILED
  }

  /**
   * One thing that was looked at.
   *
   * @param subject what it is called, such as {@code wal_level}
   * @param findings remedies are scripts that {@code psql} runs as they are, for a superuser; what
   *     SQL cannot do stands in their comments
   */
  public record Check(String subject, List<Finding> findings) {

    public Check {
      findings = List.copyOf(findings);
    }

    /** How it ended: as its gravest finding. */
    public Outcome outcome() {
      return has(Severity.ERROR)
          ? Outcome.FAILED
          : has(Severity.WARNING) ? Outcome.WARNING : Outcome.PASSED;
    }

    private boolean has(Severity severity) {
      return findings.stream().anyMatch(each -> each.severity() == severity);
    }
  }

  /** Whether no check failed. */
  public boolean passed() {
    return checks.stream().noneMatch(each -> each.outcome() == Outcome.FAILED);
  }

  /** The findings of all checks. */
  public List<Finding> findings() {
    return checks.stream().flatMap(each -> each.findings().stream()).toList();
  }
}
