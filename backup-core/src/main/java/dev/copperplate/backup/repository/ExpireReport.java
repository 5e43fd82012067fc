package dev.copperplate.backup.repository;

import dev.copperplate.backup.Decision;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Snapshot;
import java.util.List;

/**
 * What was removed.
 *
 * @param removed the snapshots that are gone; what only they needed is freed by the next prune
 * @param keptAfterAll what the plan would have removed and what stayed, because it became needed
 *     since, with the reasons; and what the given approvals name and did not suffice for
 * @param findings snapshots that the store did not let go, and other things worth a word
 */
public record ExpireReport(
    List<Snapshot> removed, List<Decision> keptAfterAll, List<Finding> findings) {

  public ExpireReport {
    removed = List.copyOf(removed);
    keptAfterAll = List.copyOf(keptAfterAll);
    findings = List.copyOf(findings);
  }
}
