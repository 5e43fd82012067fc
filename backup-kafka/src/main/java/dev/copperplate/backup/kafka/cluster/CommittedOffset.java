package dev.copperplate.backup.kafka.cluster;

import java.util.Comparator;
import java.util.Optional;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Where a group goes on in a partition. Of a share group it is the start of what it may deliver,
 * which stays behind what it has done with: no call tells the records in between.
 *
 * @param leaderEpoch of the record before, or -1 where the group told none
 * @param metadata the group's own text, often empty
 */
public record CommittedOffset(
    String topic, int partition, long offset, int leaderEpoch, String metadata) {

  static final Comparator<CommittedOffset> ORDER =
      Comparator.comparing(CommittedOffset::topic).thenComparingInt(CommittedOffset::partition);

  static CommittedOffset of(TopicPartition partition, OffsetAndMetadata committed) {
    return new CommittedOffset(
        partition.topic(),
        partition.partition(),
        committed.offset(),
        committed.leaderEpoch().orElse(-1),
        committed.metadata());
  }

  /** The partition. */
  public TopicPartition topicPartition() {
    return new TopicPartition(topic, partition);
  }

  /**
   * What a client commits.
   *
   * @throws IllegalArgumentException if the offset is negative
   */
  public OffsetAndMetadata toOffsetAndMetadata() {
    return new OffsetAndMetadata(
        offset, leaderEpoch < 0 ? Optional.empty() : Optional.of(leaderEpoch), metadata);
  }

  Line line() {
    return new Line()
        .with("topic", topic)
        .with("partition", partition)
        .with("offset", offset)
        .with("leaderEpoch", leaderEpoch)
        .with("metadata", metadata);
  }

  static CommittedOffset of(Line line) {
    return new CommittedOffset(
        line.text("topic"),
        line.integer("partition"),
        line.number("offset"),
        line.integer("leaderEpoch"),
        line.text("metadata"));
  }
}
