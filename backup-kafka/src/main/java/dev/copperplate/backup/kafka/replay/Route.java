package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.layout.StoredPartition;
import org.apache.kafka.common.TopicPartition;

/** A stored partition, and where it goes. */
record Route(TopicPartition source, StoredPartition stored, TopicPartition destination) {}
