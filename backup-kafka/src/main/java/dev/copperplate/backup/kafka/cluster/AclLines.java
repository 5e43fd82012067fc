package dev.copperplate.backup.kafka.cluster;

import java.util.Comparator;
import org.apache.kafka.common.acl.AccessControlEntry;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclOperation;
import org.apache.kafka.common.acl.AclPermissionType;
import org.apache.kafka.common.resource.PatternType;
import org.apache.kafka.common.resource.ResourcePattern;
import org.apache.kafka.common.resource.ResourceType;

/** Bindings of ACLs as lines, and in words. */
final class AclLines {

  /** One that is the same each time. */
  static final Comparator<AclBinding> ORDER =
      Comparator.comparing((AclBinding each) -> each.pattern().resourceType().name())
          .thenComparing(each -> each.pattern().name())
          .thenComparing(each -> each.pattern().patternType().name())
          .thenComparing(each -> each.entry().principal())
          .thenComparing(each -> each.entry().host())
          .thenComparing(each -> each.entry().operation().name())
          .thenComparing(each -> each.entry().permissionType().name());

  private AclLines() {}

  static Line line(AclBinding acl) {
    return new Line()
        .with("resourceType", acl.pattern().resourceType())
        .with("resource", acl.pattern().name())
        .with("patternType", acl.pattern().patternType())
        .with("principal", acl.entry().principal())
        .with("host", acl.entry().host())
        .with("operation", acl.entry().operation())
        .with("permission", acl.entry().permissionType());
  }

  /** What a later version of Kafka calls otherwise becomes UNKNOWN. */
  static AclBinding of(Line line) {
    return new AclBinding(
        new ResourcePattern(
            ResourceType.fromString(line.text("resourceType")),
            line.text("resource"),
            PatternType.fromString(line.text("patternType"))),
        new AccessControlEntry(
            line.text("principal"),
            line.text("host"),
            AclOperation.fromString(line.text("operation")),
            AclPermissionType.fromString(line.text("permission"))));
  }

  static String words(AclBinding acl) {
    return acl.entry().permissionType()
        + " "
        + acl.entry().principal()
        + " from "
        + acl.entry().host()
        + " "
        + acl.entry().operation()
        + " on "
        + acl.pattern().patternType()
        + " "
        + acl.pattern().resourceType()
        + " "
        + acl.pattern().name();
  }
}
