package dev.copperplate.backup.kafka.layout;

import java.util.Collections;
import java.util.SortedMap;
import java.util.TreeMap;
import org.apache.kafka.common.Uuid;

/**
 * A topic as the cluster described it.
 *
 * @param partitions how many
 * @param replicationFactor of its first partition
 * @param configuration what was set for this topic alone; values that clusters do not tell are left
 *     out and named by a finding of the capture
 */
public record StoredTopic(
    String name,
    Uuid id,
    int partitions,
    int replicationFactor,
    boolean internal,
    SortedMap<String, String> configuration) {

  public StoredTopic {
    configuration = Collections.unmodifiableSortedMap(new TreeMap<>(configuration));
    if (partitions < 1 || replicationFactor < 1) {
      throw new IllegalArgumentException("Topic " + name + " without partitions or replicas");
    }
  }
}
