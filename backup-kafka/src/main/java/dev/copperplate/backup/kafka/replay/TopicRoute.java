package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import java.util.List;

/**
 * A stored topic, and where it goes.
 *
 * @param count how many partitions the destination has at least
 */
record TopicRoute(TopicMetadata stored, String destination, int count, List<Route> partitions) {

  TopicRoute {
    partitions = List.copyOf(partitions);
  }

  String source() {
    return stored.name();
  }
}
