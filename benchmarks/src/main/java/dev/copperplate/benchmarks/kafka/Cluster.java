package dev.copperplate.benchmarks.kafka;

import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.batch.Codec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.Uuid;

/** The broker that is measured. */
record Cluster(String bootstrap) {

  static final int PARTITIONS = 4;

  /** As producers with some load send them. */
  static final Map<String, String> BATCHES = Map.of("batch.size", "65536", "linger.ms", "20");

  /** How the records of a topic are compressed. */
  static Codec codec(String topic) {
    return topic.startsWith("zstd") ? Codec.ZSTD : Codec.NONE;
  }

  Map<String, Object> properties() {
    return Map.of("bootstrap.servers", bootstrap);
  }

  KafkaCluster kafka() {
    return KafkaCluster.of(properties());
  }

  /** For a client that needs other settings as well; they may be changed. */
  Map<String, Object> with(Map<String, String> settings) {
    Map<String, Object> all = new HashMap<>(properties());
    all.putAll(settings);
    return all;
  }

  /** Makes a topic. */
  void create(String topic) throws ExecutionException, InterruptedException, TimeoutException {
    try (Admin admin = Admin.create(properties())) {
      NewTopic made = new NewTopic(topic, PARTITIONS, (short) 1);
      admin.createTopics(List.of(made)).all().get(1, TimeUnit.MINUTES);
    }
  }

  /** The partitions of a topic, each with the offset behind its last record. */
  Map<TopicIdPartition, Long> ends(String topic)
      throws ExecutionException, InterruptedException, TimeoutException {
    try (Admin admin = Admin.create(properties())) {
      Uuid id =
          admin
              .describeTopics(List.of(topic))
              .topicNameValues()
              .values()
              .iterator()
              .next()
              .get(1, TimeUnit.MINUTES)
              .topicId();
      Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
      for (int i = 0; i < PARTITIONS; i++) {
        asked.put(new TopicPartition(topic, i), OffsetSpec.latest());
      }
      Map<TopicIdPartition, Long> ends = new HashMap<>();
      admin
          .listOffsets(asked)
          .all()
          .get(1, TimeUnit.MINUTES)
          .forEach((name, end) -> ends.put(new TopicIdPartition(id, name), end.offset()));
      return ends;
    }
  }
}
