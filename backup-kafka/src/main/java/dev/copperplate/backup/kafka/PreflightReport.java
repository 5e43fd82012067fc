package dev.copperplate.backup.kafka;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.List;

/**
 * What a preflight of a cluster found.
 *
 * @param checks what was looked at, in that order
 */
public record PreflightReport(List<Check> checks) {

  public PreflightReport {
    checks = List.copyOf(checks);
  }

  /** How a check ended. */
  public enum Outcome {
    /** Nothing endangers what is meant; something may be good to know. */
    PASSED,
    /** It works, and a person should look at something. */
    WARNING,
    /** It does not work, or cannot be relied on. */
    FAILED
  }

  /**
   * One thing that was looked at.
   *
   * @param subject what it is called, such as {@code connection}
   * @param findings remedies are scripts that a shell runs as they are, with the programs of Kafka
   *     on its path and for somebody who may do all; what they cannot do stands in comments
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
