package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.cluster.Answers;
import dev.copperplate.backup.kafka.cluster.Clients;
import java.io.Closeable;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;

/** What a cluster has of topics now. Closes its client. */
final class LiveTopics implements Closeable {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  private final Admin admin;
  private final Answers answers = new Answers(LIMIT);

  private LiveTopics(Admin admin) {
    this.admin = admin;
  }

  static LiveTopics of(KafkaCluster cluster) throws BackupException {
    return new LiveTopics(Clients.admin(cluster));
  }

  /** Empty if there is no topic of that name. */
  Optional<TopicDescription> topic(String name) throws BackupException, InterruptedException {
    try {
      return Optional.of(
          answers.of(
              "Describing topic " + name,
              Objects.requireNonNull(
                  admin
                      .describeTopics(List.of(name), answers.within(new DescribeTopicsOptions()))
                      .topicNameValues()
                      .get(name))));
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
      return Optional.empty();
    }
  }

  /** Where the log starts, and up to where its transactions are decided. */
  Range range(TopicPartition partition) throws BackupException, InterruptedException {
    return new Range(
        offset(partition, OffsetSpec.earliest()), offset(partition, OffsetSpec.latest()));
  }

  private long offset(TopicPartition partition, OffsetSpec which)
      throws BackupException, InterruptedException {
    return answers
        .of(
            "Asking for the offsets of " + partition,
            admin
                .listOffsets(
                    Map.of(partition, which),
                    answers.within(new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)))
                .partitionResult(partition))
        .offset();
  }

  /** Whether the topic is compacted, by its own configuration or by default. */
  boolean isCompacted(String topic) throws BackupException, InterruptedException {
    ConfigResource resource = new ConfigResource(ConfigResource.Type.TOPIC, topic);
    Config config =
        answers.of(
            "Asking for the configuration of topic " + topic,
            Objects.requireNonNull(
                admin
                    .describeConfigs(
                        List.of(resource), answers.within(new DescribeConfigsOptions()))
                    .values()
                    .get(resource)));
    ConfigEntry policy = config.get("cleanup.policy");
    return policy != null && policy.value() != null && policy.value().contains("compact");
  }

  @Override
  public void close() {
    admin.close(Duration.ZERO);
  }

  /**
   * Offsets of a log.
   *
   * @param start the first one
   * @param end the first one behind the decided ones
   */
  record Range(long start, long end) {}
}
