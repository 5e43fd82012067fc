package dev.copperplate.backup.kafka.preflight;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.acl.AclOperation;

/**
 * A topic, as the user sees it.
 *
 * @param allowed what the user may do; empty where brokers do not tell
 * @param settings that are in force, defaults included; none where they may not be seen
 * @param backup whether it is to be backed up
 */
record SeenTopic(
    String name,
    List<TopicPartitionInfo> partitions,
    Optional<Set<AclOperation>> allowed,
    Map<String, String> settings,
    boolean backup) {

  SeenTopic {
    partitions = List.copyOf(partitions);
    settings = Map.copyOf(settings);
  }

  /** A setting that is a number; empty where it is not seen. */
  OptionalLong number(String setting) {
    String value = settings.get(setting);
    return value == null ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(value));
  }

  /** Whether a setting, which may be a list, has a value. */
  boolean has(String setting, String value) {
    return List.of(settings.getOrDefault(setting, "").split("\\s*,\\s*")).contains(value);
  }
}
