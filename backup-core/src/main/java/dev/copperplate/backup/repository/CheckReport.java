package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.List;

/**
 * What a check found.
 *
 * @param findings what is wrong, with the packs, blobs, snapshots and paths that it concerns
 * @param snapshots how many were looked at
 * @param packs how many there are
 * @param packsRead how many were read to their end
 * @param bytesRead how many bytes they have
 */
public record CheckReport(
    List<Finding> findings, long snapshots, long packs, long packsRead, long bytesRead) {

  public CheckReport {
    findings = List.copyOf(findings);
  }

  /** Whether nothing that was looked at is damaged or missing. */
  public boolean sound() {
    return findings.stream().noneMatch(each -> each.severity() == Severity.ERROR);
  }
}
