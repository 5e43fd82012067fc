package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.KafkaGap;
import dev.copperplate.backup.kafka.KafkaGap.Reason;
import dev.copperplate.backup.kafka.layout.Hole;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Compares the offsets of a snapshot with those of a cluster. Used once. */
public final class GapSearch {

  private final StoredTopics topics;
  private final KafkaCluster cluster;
  private final List<KafkaGap> gaps = new ArrayList<>();

  public GapSearch(SnapshotReader snapshot, KafkaCluster cluster) {
    this.topics = new StoredTopics(snapshot);
    this.cluster = cluster;
  }

  /** By topic, partition and first offset. */
  public List<KafkaGap> run() throws IOException, InterruptedException {
    try (LiveTopics live = LiveTopics.of(cluster)) {
      for (String each : topics.names()) {
        topic(each, live);
      }
    }
    gaps.sort(
        Comparator.comparing(KafkaGap::topic)
            .thenComparing(KafkaGap::partition)
            .thenComparing(KafkaGap::from));
    return List.copyOf(gaps);
  }

  private void topic(String topic, LiveTopics live) throws IOException, InterruptedException {
    Optional<TopicDescription> told = live.topic(topic);
    int there = told.map(each -> each.partitions().size()).orElse(0);
    List<Integer> stored = topics.partitions(topic);
    for (int each : stored) {
      TopicPartition name = new TopicPartition(topic, each);
      StoredPartition partition = topics.partition(topic, each);
      if (each >= there) {
        add(name, partition.from(), partition.to(), Reason.TOPIC_DELETED);
      } else {
        boolean same = told.get().topicId().equals(partition.topicId());
        compare(name, partition, live.range(name), same);
      }
    }
    for (int each = 0; each < there; each++) {
      if (!stored.contains(each)) {
        TopicPartition name = new TopicPartition(topic, each);
        LiveTopics.Range range = live.range(name);
        add(name, range.start(), range.end(), Reason.NOT_CAPTURED);
      }
    }
  }

  private void compare(
      TopicPartition name, StoredPartition stored, LiveTopics.Range live, boolean same) {
    if (!same) {
      add(name, stored.from(), stored.to(), Reason.TOPIC_RECREATED);
      add(name, live.start(), live.end(), Reason.OTHER_TOPIC);
      return;
    }
    add(name, stored.from(), Math.min(stored.to(), live.start()), Reason.RECORDS_DELETED);
    add(name, Math.max(stored.from(), live.end()), stored.to(), Reason.LOG_TRUNCATED);
    add(name, live.start(), Math.min(stored.from(), live.end()), Reason.NOT_CAPTURED);
    for (Hole each : stored.holes()) {
      if (each.reason() == Hole.Reason.RETENTION) {
        long from = Math.max(each.from(), live.start());
        add(name, from, Math.min(each.to(), live.end()), Reason.NOT_CAPTURED);
      }
    }
    add(name, Math.max(stored.to(), live.start()), live.end(), Reason.NEWER);
  }

  private void add(TopicPartition name, long from, long to, Reason reason) {
    if (from < to) {
      gaps.add(new KafkaGap(name.topic(), name.partition(), from, to, reason));
    }
  }
}
