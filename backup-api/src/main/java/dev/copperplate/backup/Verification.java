package dev.copperplate.backup;

import java.util.List;
import java.util.Map;

/**
 * What a verifier found.
 *
 * @param verifier its name
 * @param proof how far the snapshot is proved if it passed
 * @param passed whether it can be relied on so far; false if there is any error among the findings
 * @param findings what was found
 * @param facts what was measured; each verifier documents its keys
 */
public record Verification(
    String verifier,
    Proof proof,
    boolean passed,
    List<Finding> findings,
    Map<String, String> facts) {

  public Verification {
    findings = List.copyOf(findings);
    facts = Map.copyOf(facts);
    if (passed && hasError(findings)) {
      throw new IllegalArgumentException("A verification with an error has not passed");
    }
  }

  /** Passed unless there is an error among the findings. */
  public static Verification of(
      String verifier, Proof proof, List<Finding> findings, Map<String, String> facts) {
    return new Verification(verifier, proof, !hasError(findings), findings, facts);
  }

  private static boolean hasError(List<Finding> findings) {
    return findings.stream().anyMatch(each -> each.severity() == Finding.Severity.ERROR);
  }
}
