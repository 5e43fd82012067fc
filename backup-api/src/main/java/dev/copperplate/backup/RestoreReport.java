package dev.copperplate.backup;

import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What a restore did.
 *
 * @param plan what it announced
 * @param point the point in time that was reached, where the system knows one
 * @param facts what the restorer learnt; each restorer documents its keys
 * @param files how many files were written
 * @param bytes how many bytes were written
 * @param findings what went wrong on the way; the engine fills it
 */
public record RestoreReport(
    RestorePlan plan,
    Optional<Instant> point,
    Map<String, String> facts,
    long files,
    long bytes,
    List<Finding> findings) {

  public RestoreReport {
    facts = Map.copyOf(facts);
    findings = List.copyOf(findings);
  }

  /** A report of a restorer that has only counts to give. */
  public static RestoreReport of(RestorePlan plan, long files, long bytes) {
    return new RestoreReport(plan, Optional.empty(), Map.of(), files, bytes, List.of());
  }

  /** Whether everything of the snapshot that was asked for is there again. */
  public boolean complete() {
    return findings.stream().allMatch(each -> each.severity() == Finding.Severity.INFO);
  }
}
