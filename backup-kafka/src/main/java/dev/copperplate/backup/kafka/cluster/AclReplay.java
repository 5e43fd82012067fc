package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.CreateAclsOptions;
import org.apache.kafka.clients.admin.DescribeAclsOptions;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.errors.SecurityDisabledException;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** ACLs that a cluster lacks. */
final class AclReplay {

  static final String KIND = "acls";

  /** What denies comes last, so that nobody is locked out while the rest comes back. */
  private static final Comparator<AclBinding> ORDER =
      Comparator.comparing(
              (AclBinding each) -> each.entry().permissionType() == AclPermissionType.DENY)
          .thenComparing(AclLines.ORDER);

  private final Admin admin;
  private final Answers answers;
  private final ReplayWishes wishes;
  private final Consumer<Finding> report;

  AclReplay(Admin admin, ReplayWishes wishes, Consumer<Finding> report) {
    this.admin = admin;
    this.answers = new Answers(wishes.limit());
    this.wishes = wishes;
    this.report = report;
  }

  Changes<AclBinding> plan(List<AclBinding> stored) throws BackupException, InterruptedException {
    Optional<Set<AclBinding>> there = there(stored.size());
    if (there.isEmpty()) {
      return Changes.none(KIND);
    }
    List<Change<AclBinding>> changes = new ArrayList<>();
    int present = 0;
    for (AclBinding each : stored.stream().map(this::renamed).sorted(ORDER).toList()) {
      if (each.isUnknown()) {
        report.accept(
            Finding.warning(
                AclLines.words(each),
                "This version of kafka-clients does not know what the ACL says: not restored",
                "Restore with a later version"));
      } else if (there.get().contains(each)) {
        present++;
      } else {
        changes.add(change(each));
      }
    }
    return new Changes<>(
        KIND,
        changes,
        present,
        0,
        acls -> admin.createAcls(acls, answers.within(new CreateAclsOptions())).values());
  }

  private static Change<AclBinding> change(AclBinding acl) {
    return new Change<>(
        acl, acl, "create ACL " + AclLines.words(acl), List.of(), Permission.cluster("Alter"));
  }

  /** Empty if brokers have no place for them. */
  private Optional<Set<AclBinding>> there(int wanted) throws BackupException, InterruptedException {
    try {
      Collection<AclBinding> told =
          answers.of(
              "Reading the ACLs that are there",
              admin
                  .describeAcls(AclBindingFilter.ANY, answers.within(new DescribeAclsOptions()))
                  .values(),
              Permission.cluster("Describe"));
      return Optional.of(new HashSet<>(told));
    } catch (BackupException failure) {
      if (!(failure.getCause() instanceof SecurityDisabledException)) {
        throw failure;
      }
      if (wanted > 0) {
        report.accept(
            Finding.warning(
                "ACLs",
                "The brokers have no authorizer: " + wanted + " ACLs were not restored",
                "Set authorizer.class.name on the brokers, then restore them"));
      }
      return Optional.empty();
    }
  }

  private AclBinding renamed(AclBinding acl) {
    ResourcePattern pattern = acl.pattern();
    if (pattern.resourceType() != ResourceType.TOPIC) {
      return acl;
    }
    if (pattern.patternType() == PatternType.PREFIXED) {
      wishes.renamed().keySet().stream()
          .filter(each -> each.startsWith(pattern.name()))
          .sorted()
          .forEach(each -> reportPrefix(acl, each));
      return acl;
    }
    String name = wishes.nameOf(pattern.name());
    return new AclBinding(
        new ResourcePattern(ResourceType.TOPIC, name, pattern.patternType()), acl.entry());
  }

  private void reportPrefix(AclBinding acl, String topic) {
    report.accept(
        Finding.warning(
            AclLines.words(acl),
            "It was for topic " + topic + " as well, which is " + wishes.nameOf(topic) + " now",
            "Create an ACL for that topic if it needs one"));
  }
}
