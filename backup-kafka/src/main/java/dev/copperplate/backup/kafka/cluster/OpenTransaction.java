package dev.copperplate.backup.kafka.cluster;

import java.util.Comparator;
import java.util.List;
import org.apache.kafka.common.TopicPartition;

/**
 * A transaction that had not ended.
 *
 * @param state in Kafka's words, such as {@code Ongoing}
 * @param startMillis when it began, since the epoch; -1 where not told
 * @param partitions that it wrote to
 */
public record OpenTransaction(
    String transactionalId,
    long producerId,
    int producerEpoch,
    String state,
    long startMillis,
    List<TopicPartition> partitions) {

  static final Comparator<TopicPartition> ORDER =
      Comparator.comparing(TopicPartition::topic).thenComparingInt(TopicPartition::partition);

  public OpenTransaction {
    partitions = partitions.stream().sorted(ORDER).toList();
  }

  Line line() {
    return new Line()
        .with("transactionalId", transactionalId)
        .with("producerId", producerId)
        .with("producerEpoch", producerEpoch)
        .with("state", state)
        .with("startMillis", startMillis)
        .with("partitions", partitions.stream().map(OpenTransaction::line).toList());
  }

  private static Line line(TopicPartition partition) {
    return new Line().with("topic", partition.topic()).with("partition", partition.partition());
  }

  static OpenTransaction of(Line line) {
    return new OpenTransaction(
        line.text("transactionalId"),
        line.number("producerId"),
        line.integer("producerEpoch"),
        line.text("state"),
        line.number("startMillis"),
        line.lines("partitions").stream()
            .map(each -> new TopicPartition(each.text("topic"), each.integer("partition")))
            .toList());
  }
}
