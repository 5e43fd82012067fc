package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import java.util.List;

/**
 * A topic of the snapshot.
 *
 * @param metadata as it was captured
 * @param name that it has on the broker
 * @param partitions those of which the snapshot has a document, ascending
 */
record StoredTopic(TopicMetadata metadata, String name, List<Integer> partitions) {

  StoredTopic {
    partitions = List.copyOf(partitions);
  }

  /** Its name in the snapshot. */
  String stored() {
    return metadata.name();
  }
}
