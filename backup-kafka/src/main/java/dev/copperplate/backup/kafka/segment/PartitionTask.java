package dev.copperplate.backup.kafka.segment;

import dev.copperplate.backup.kafka.layout.StoredPartition;

/** A partition of the snapshot that has a directory here. */
record PartitionTask(StoredTopic topic, StoredPartition partition, PartitionDirectory directory) {

  int number() {
    return partition.partition();
  }

  /** As the broker calls its directory. */
  String name() {
    return name(topic, number());
  }

  static String name(StoredTopic topic, int partition) {
    return topic.name() + "-" + partition;
  }
}
