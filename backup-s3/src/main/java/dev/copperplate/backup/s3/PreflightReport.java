package dev.copperplate.backup.s3;

import dev.copperplate.backup.Capability;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.time.Duration;
import java.util.List;
import java.util.Set;

/**
 * What a preflight found.
 *
 * @param findings what is dangerous (errors), what a person should look at (warnings), and what is
 *     good to know; each with a remedy where there is one
 * @param capabilities what the store was seen to enforce
 * @param storeAhead how far the store's clock is before this machine's, to a second
 */
public record PreflightReport(
    List<Finding> findings, Set<Capability> capabilities, Duration storeAhead) {

  public PreflightReport {
    findings = List.copyOf(findings);
    capabilities = Set.copyOf(capabilities);
  }

  /** Whether nothing was found that endangers a repository. */
  public boolean passed() {
    return findings.stream().noneMatch(each -> each.severity() == Severity.ERROR);
  }
}
