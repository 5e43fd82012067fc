package dev.copperplate.backup.kafka.cluster;

import java.util.Collections;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;
import org.jspecify.annotations.Nullable;

/**
 * A topic, as it was at one moment.
 *
 * @param id zero from brokers that have no ids
 * @param internal whether Kafka keeps it for itself
 * @param replicationFactor of its first partition
 * @param overridesKnown whether its configuration could be seen
 * @param overrides what was set for this topic alone; null where the broker hides the value
 * @param partitions ascending
 */
public record TopicMetadata(
    String name,
    Uuid id,
    boolean internal,
    int replicationFactor,
    boolean overridesKnown,
    Map<String, @Nullable String> overrides,
    List<PartitionMetadata> partitions) {

  public TopicMetadata {
    SortedMap<String, @Nullable String> sorted = new TreeMap<>(overrides);
    overrides = Collections.unmodifiableSortedMap(sorted);
    partitions =
        partitions.stream().sorted(Comparator.comparingInt(PartitionMetadata::partition)).toList();
  }

  Line line() {
    return new Line()
        .with("name", name)
        .with("id", id)
        .with("internal", internal)
        .with("replicationFactor", replicationFactor)
        .with("overridesKnown", overridesKnown)
        .with("overrides", overrides)
        .with("partitions", partitions.stream().map(PartitionMetadata::line).toList());
  }

  static TopicMetadata of(Line line) {
    Map<String, @Nullable String> overrides = new TreeMap<>();
    Line values = line.line("overrides");
    for (String each : values.names()) {
      overrides.put(each, values.isNull(each) ? null : values.text(each));
    }
    return new TopicMetadata(
        line.text("name"),
        Uuid.fromString(line.text("id")),
        line.flag("internal"),
        line.integer("replicationFactor"),
        line.flag("overridesKnown"),
        overrides,
        line.lines("partitions").stream().map(PartitionMetadata::of).toList());
  }
}
