package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.Config;
import org.apache.kafka.clients.admin.ConfigEntry;
import org.apache.kafka.clients.admin.ConfigEntry.ConfigSource;
import org.apache.kafka.clients.admin.DescribeConfigsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.Node;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.TopicPartitionInfo;
import org.apache.kafka.common.config.ConfigResource;
import org.jspecify.annotations.Nullable;

/**
 * Describes topics: identity, partitions, and what is set for each topic alone. What may not be
 * seen is reported with the ACL that would show it, and the rest goes on.
 *
 * <p>Used by one thread. The client stays open.
 */
public final class TopicDescriptions {

  private static final int SLICE = 500;

  private final Admin admin;
  private final Gaps gaps;
  private final Answers answers;

  /**
   * @param limit for each answer of the cluster
   */
  public TopicDescriptions(Admin admin, Gaps gaps, Duration limit) {
    this.admin = admin;
    this.gaps = gaps;
    this.answers = new Answers(limit);
  }

  /**
   * Describes topics.
   *
   * @return in the order of their names, without those that are gone or may not be described, which
   *     are reported
   */
  public List<TopicMetadata> describe(Collection<String> topics)
      throws BackupException, InterruptedException {
    List<TopicMetadata> all = new ArrayList<>();
    for (List<String> each : Slices.of(topics.stream().sorted().distinct().toList(), SLICE)) {
      all.addAll(slice(each));
    }
    return all;
  }

  private List<TopicMetadata> slice(List<String> names)
      throws BackupException, InterruptedException {
    List<TopicDescription> topics = topics(names);
    Map<String, Optional<Config>> configurations = configurations(topics);
    Map<TopicPartition, Integer> epochs = epochs(topics);
    List<TopicMetadata> all = new ArrayList<>();
    for (TopicDescription each : topics) {
      all.add(metadata(each, configurations.getOrDefault(each.name(), Optional.empty()), epochs));
    }
    return all;
  }

  private List<TopicDescription> topics(List<String> names)
      throws BackupException, InterruptedException {
    Map<String, KafkaFuture<TopicDescription>> told =
        admin
            .describeTopics(
                TopicCollection.ofTopicNames(names), answers.within(new DescribeTopicsOptions()))
            .topicNameValues();
    List<TopicDescription> topics = new ArrayList<>();
    for (String each : names) {
      try {
        Permission needed = Permission.topic("Describe", each);
        gaps.ask("topic " + each, needed, answers, Objects.requireNonNull(told.get(each)))
            .ifPresent(topics::add);
      } catch (BackupException failure) {
        if (failure.kind() != Kind.NOT_FOUND) {
          throw failure;
        }
        gaps.warn("topic " + each, "It is gone: not captured", "Back up again, or leave it out");
      }
    }
    return topics;
  }

  private Map<String, Optional<Config>> configurations(List<TopicDescription> topics)
      throws BackupException, InterruptedException {
    Map<ConfigResource, KafkaFuture<Config>> told =
        admin
            .describeConfigs(
                topics.stream()
                    .map(each -> new ConfigResource(ConfigResource.Type.TOPIC, each.name()))
                    .toList(),
                answers.within(new DescribeConfigsOptions()))
            .values();
    Map<String, Optional<Config>> all = new HashMap<>();
    for (Map.Entry<ConfigResource, KafkaFuture<Config>> each : told.entrySet()) {
      String topic = each.getKey().name();
      Permission needed = Permission.topic("DescribeConfigs", topic);
      all.put(
          topic,
          gaps.askIfThere("configuration of topic " + topic, needed, answers, each.getValue()));
    }
    return all;
  }

  /** Of leaders, which tell it with the end of a partition. */
  private Map<TopicPartition, Integer> epochs(List<TopicDescription> topics)
      throws InterruptedException {
    Map<TopicPartition, OffsetSpec> led =
        topics.stream()
            .flatMap(
                topic ->
                    topic.partitions().stream()
                        .filter(each -> number(each.leader()) >= 0)
                        .map(each -> new TopicPartition(topic.name(), each.partition())))
            .collect(Collectors.toMap(each -> each, each -> OffsetSpec.latest()));
    ListOffsetsResult told = admin.listOffsets(led, answers.within(new ListOffsetsOptions()));
    Map<TopicPartition, Integer> epochs = new HashMap<>();
    for (TopicPartition each : led.keySet()) {
      try {
        answers
            .of("Asking for the end of " + each, told.partitionResult(each))
            .leaderEpoch()
            .ifPresent(epoch -> epochs.put(each, epoch));
      } catch (BackupException notTold) {
        // Whoever reads the partition asks again, and reports what that meets.
        epochs.remove(each);
      }
    }
    return epochs;
  }

  private TopicMetadata metadata(
      TopicDescription topic, Optional<Config> configuration, Map<TopicPartition, Integer> epochs) {
    return new TopicMetadata(
        topic.name(),
        topic.topicId(),
        topic.isInternal(),
        topic.partitions().get(0).replicas().size(),
        configuration.isPresent(),
        configuration.map(each -> overrides(topic.name(), each)).orElse(Map.of()),
        topic.partitions().stream()
            .map(
                each -> partition(new TopicPartition(topic.name(), each.partition()), each, epochs))
            .toList());
  }

  private Map<String, @Nullable String> overrides(String topic, Config configuration) {
    Map<String, @Nullable String> overrides = new TreeMap<>();
    for (ConfigEntry each : configuration.entries()) {
      if (each.source() == ConfigSource.DYNAMIC_TOPIC_CONFIG) {
        overrides.put(each.name(), each.value());
        if (each.value() == null) {
          gaps.warn(
              "value of " + each.name() + " of topic " + topic,
              "The broker hides it",
              "Keep it where it is set from");
        }
      }
    }
    return overrides;
  }

  private static PartitionMetadata partition(
      TopicPartition partition, TopicPartitionInfo told, Map<TopicPartition, Integer> epochs) {
    return new PartitionMetadata(
        told.partition(),
        number(told.leader()),
        epochs.getOrDefault(partition, -1),
        told.replicas().stream().map(Node::id).toList(),
        told.isr().stream().map(Node::id).toList());
  }

  private static int number(@Nullable Node leader) {
    return leader == null ? -1 : leader.id();
  }
}
