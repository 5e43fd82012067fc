package dev.copperplate.backup.postgres.preflight;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Finding.Severity;
import java.util.Collection;
import java.util.List;

/** That replication is not refused for a reason which no other check knows. */
final class ReplicationCheck implements PreflightCheck {

  private final Access access;
  private final Collection<List<Finding>> earlier;

  ReplicationCheck(Access access, Collection<List<Finding>> earlier) {
    this.access = access;
    this.earlier = earlier;
  }

  @Override
  public String subject() {
    return "replication";
  }

  @Override
  public void look(List<Finding> findings) {
    if (!access.replicates() && !isExplained()) {
      findings.add(
          Finding.error(
              subject(),
              "The server refuses it (" + access.replicationRefusal() + ")",
              "-- look into the server's log, which says why"));
    }
  }

  private boolean isExplained() {
    return earlier.stream()
        .flatMap(List::stream)
        .anyMatch(each -> each.severity() == Severity.ERROR && !each.subject().equals("transport"));
  }
}
