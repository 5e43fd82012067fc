package dev.copperplate.backup.kafka.cluster;

import java.util.List;

/**
 * A partition, as it was at one moment.
 *
 * @param leader the number of a broker; -1 if there was none
 * @param leaderEpoch of that leader; -1 where not told
 * @param replicas numbers of brokers, the preferred leader first
 * @param inSync numbers of brokers, ascending
 */
public record PartitionMetadata(
    int partition, int leader, int leaderEpoch, List<Integer> replicas, List<Integer> inSync) {

  public PartitionMetadata {
    replicas = List.copyOf(replicas);
    inSync = inSync.stream().sorted().toList();
  }

  Line line() {
    return new Line()
        .with("partition", partition)
        .with("leader", leader)
        .with("leaderEpoch", leaderEpoch)
        .with("replicas", replicas)
        .with("inSync", inSync);
  }

  static PartitionMetadata of(Line line) {
    return new PartitionMetadata(
        line.integer("partition"),
        line.integer("leader"),
        line.integer("leaderEpoch"),
        line.integers("replicas"),
        line.integers("inSync"));
  }
}
