package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding;
import java.util.List;
import java.util.Set;
import org.apache.kafka.common.acl.AclOperation;
import org.jspecify.annotations.Nullable;

/** Whether the user may do on the cluster what is needed. */
final class ClusterPermissionCheck implements PreflightCheck {

  private final Wishes wishes;
  private final @Nullable Set<AclOperation> allowed;
  private final Commands commands;

  /**
   * @param allowed null where brokers do not tell
   */
  ClusterPermissionCheck(Wishes wishes, @Nullable Set<AclOperation> allowed, Commands commands) {
    this.wishes = wishes;
    this.allowed = allowed;
    this.commands = commands;
  }

  @Override
  public String subject() {
    return "permissions on the cluster";
  }

  @Override
  public void look(List<Finding> findings) {
    if (allowed == null) {
      findings.add(Finding.info(subject(), "The brokers do not tell what the user may do"));
      return;
    }
    Shortfall shortfall = new Shortfall();
    shortfall.add("", Needs.ofCluster(wishes), allowed);
    shortfall.reportCluster(subject(), commands, findings);
  }
}
