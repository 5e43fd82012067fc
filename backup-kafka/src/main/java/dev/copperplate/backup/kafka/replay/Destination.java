package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.kafka.cluster.Answers;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConfigOp;
import org.apache.kafka.clients.admin.AlterConfigsOptions;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.CreateTopicsOptions;
import org.apache.kafka.clients.admin.DeleteRecordsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.config.ConfigResource;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.TopicExistsException;

/** What is asked of the cluster about its topics. Thread-safe. */
final class Destination {

  private static final Duration LIMIT = Duration.ofMinutes(1);
  private static final long PAUSE_MILLIS = 50;

  private final Admin admin;
  private final Answers answers = new Answers(LIMIT);

  Destination(Admin admin) {
    this.admin = admin;
  }

  /** The topic, if it is there. */
  Optional<TopicDescription> topic(String name) throws BackupException, InterruptedException {
    try {
      KafkaFuture<TopicDescription> told =
          Objects.requireNonNull(
              admin
                  .describeTopics(List.of(name), answers.within(new DescribeTopicsOptions()))
                  .topicNameValues()
                  .get(name));
      return Optional.of(answer("Looking for topic " + name, "Describe on topic " + name, told));
    } catch (BackupException failure) {
      if (failure.kind() == Kind.NOT_FOUND) {
        return Optional.empty();
      }
      throw failure;
    }
  }

  /**
   * Makes a topic.
   *
   * @throws BackupException {@code ALREADY_EXISTS} if it is there
   */
  void create(NewTopic topic) throws BackupException, InterruptedException {
    try {
      answer(
          "Creating topic " + topic.name(),
          "Create on topic " + topic.name() + ", or on the cluster",
          admin.createTopics(List.of(topic), answers.within(new CreateTopicsOptions())).all());
    } catch (BackupException failure) {
      if (failure.getCause() instanceof TopicExistsException) {
        throw new BackupException(
            Kind.ALREADY_EXISTS,
            "Topic " + topic.name() + " came to be while the restore began",
            failure);
      }
      throw failure;
    }
  }

  /** The topic, when each partition has a leader. */
  TopicDescription ready(String name) throws BackupException, InterruptedException {
    long start = System.nanoTime();
    while (true) {
      Optional<TopicDescription> topic = topic(name);
      if (topic.isPresent()
          && topic.get().partitions().stream().allMatch(each -> each.leader() != null)) {
        return topic.get();
      }
      if (System.nanoTime() - start > LIMIT.toNanos()) {
        throw new BackupException(
            Kind.UNAVAILABLE,
            "Topic "
                + name
                + " has no leader after "
                + LIMIT.toSeconds()
                + " s. Look at its brokers");
      }
      TimeUnit.MILLISECONDS.sleep(PAUSE_MILLIS);
    }
  }

  /** The offset behind the last record. */
  long end(TopicPartition partition) throws BackupException, InterruptedException {
    return offset(partition, OffsetSpec.latest());
  }

  /** Whether it has no record; some may have been deleted. */
  boolean isEmpty(TopicPartition partition) throws BackupException, InterruptedException {
    return end(partition) == offset(partition, OffsetSpec.earliest());
  }

  private long offset(TopicPartition partition, OffsetSpec which)
      throws BackupException, InterruptedException {
    return answer(
            "Asking for the end of " + partition,
            "Describe on topic " + partition.topic(),
            admin
                .listOffsets(Map.of(partition, which), answers.within(new ListOffsetsOptions()))
                .partitionResult(partition))
        .offset();
  }

  void deleteBefore(TopicPartition partition, long offset)
      throws BackupException, InterruptedException {
    answer(
        "Deleting the padding of " + partition,
        "Delete on topic " + partition.topic(),
        admin
            .deleteRecords(
                Map.of(partition, RecordsToDelete.beforeOffset(offset)),
                answers.within(new DeleteRecordsOptions()))
            .all());
  }

  /** Sets configurations of a topic; others stay. */
  void configure(String topic, Map<String, String> values)
      throws BackupException, InterruptedException {
    List<AlterConfigOp> changes =
        values.entrySet().stream()
            .map(
                each ->
                    new AlterConfigOp(
                        new ConfigEntry(each.getKey(), each.getValue()), AlterConfigOp.OpType.SET))
            .toList();
    answer(
        "Setting " + String.join(", ", values.keySet()) + " of topic " + topic,
        "AlterConfigs on topic " + topic,
        admin
            .incrementalAlterConfigs(
                new HashMap<>(
                    Map.of(new ConfigResource(ConfigResource.Type.TOPIC, topic), changes)),
                answers.within(new AlterConfigsOptions()))
            .all());
  }

  private <T> T answer(String doing, String needed, Future<T> future)
      throws BackupException, InterruptedException {
    try {
      return answers.of(doing, future);
    } catch (BackupException failure) {
      if (failure.getCause() instanceof AuthorizationException refused) {
        throw new BackupException(
            Kind.DENIED, doing + " is refused: the user lacks " + needed, refused);
      }
      throw failure;
    }
  }
}
