package dev.copperplate.backup.kafka.preflight;

import dev.copperplate.backup.Finding.Severity;
import dev.copperplate.backup.kafka.KafkaPreflight.Restore;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.acl.AclOperation;

/**
 * Which operations are needed, and how bad it is to lack each one: without what is a warning, a
 * snapshot is partial.
 *
 * @see <a href="https://kafka.apache.org/documentation/#operations_resources_and_protocols">Kafka,
 *     "Operations and Resources on Protocols"</a>
 */
final class Needs {

  private final Map<AclOperation, Severity> operations = new EnumMap<>(AclOperation.class);

  private Needs() {}

  static Needs ofCluster(Wishes wishes) {
    Needs needs = new Needs();
    if (wishes.topics().isPresent()) {
      needs.add(Severity.WARNING, AclOperation.DESCRIBE, AclOperation.DESCRIBE_CONFIGS);
    }
    if (wishes.restoresBy(Restore.METADATA)) {
      needs.add(
          Severity.ERROR,
          AclOperation.DESCRIBE,
          AclOperation.DESCRIBE_CONFIGS,
          AclOperation.ALTER,
          AclOperation.ALTER_CONFIGS);
    }
    return needs;
  }

  /** Of a topic that exists. */
  static Needs ofTopic(Wishes wishes, String name, boolean backup) {
    Needs needs = new Needs();
    if (backup) {
      needs.add(Severity.ERROR, AclOperation.DESCRIBE, AclOperation.READ);
      needs.add(Severity.WARNING, AclOperation.DESCRIBE_CONFIGS);
    }
    wishes.ways(name).forEach(way -> needs.restore(way, !wishes.groups().isEmpty()));
    return needs;
  }

  private void restore(Restore way, boolean groups) {
    switch (way) {
      case PRODUCED, PADDED -> {
        add(Severity.ERROR, AclOperation.DESCRIBE, AclOperation.WRITE);
        // What reads is a restore that is begun again, and a group whose offsets are committed.
        add(groups ? Severity.ERROR : Severity.WARNING, AclOperation.READ);
        if (way == Restore.PADDED) {
          add(Severity.ERROR, AclOperation.DELETE);
        }
      }
      case METADATA ->
          add(
              Severity.ERROR,
              AclOperation.DESCRIBE,
              AclOperation.DESCRIBE_CONFIGS,
              AclOperation.ALTER_CONFIGS);
      case ONTO_DISKS -> add(Severity.ERROR, AclOperation.DESCRIBE);
    }
  }

  /** Of a group that a backup sees. */
  static Needs ofStoredGroup() {
    Needs needs = new Needs();
    needs.add(Severity.WARNING, AclOperation.DESCRIBE);
    return needs;
  }

  /** Of a group that gets offsets. */
  static Needs ofRestoredGroup() {
    Needs needs = new Needs();
    needs.add(Severity.ERROR, AclOperation.DESCRIBE, AclOperation.READ);
    return needs;
  }

  /** Of a topic that does not exist and is to. */
  static Needs ofNewTopic() {
    Needs needs = new Needs();
    needs.add(Severity.ERROR, AclOperation.CREATE);
    return needs;
  }

  private void add(Severity severity, AclOperation... some) {
    for (AclOperation each : some) {
      operations.merge(each, severity, (a, b) -> a.compareTo(b) > 0 ? a : b);
    }
  }

  Map<AclOperation, Severity> operations() {
    return operations;
  }
}
