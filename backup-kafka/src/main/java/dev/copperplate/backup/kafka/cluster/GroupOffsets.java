package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.AlterConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ConsumerGroupDescription;
import org.apache.kafka.clients.admin.DeleteConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.DescribeConsumerGroupsOptions;
import org.apache.kafka.clients.admin.DescribeTopicsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.MemberDescription;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicCollection;
import org.apache.kafka.common.TopicPartition;

/**
 * Commits offsets of groups that nobody works in, and looks afterwards whether they are there.
 *
 * <p>A group gets all of its offsets or none: partitions are looked for before, and what a broker
 * refuses makes the others go back to what they were. A member that joins in between ends it
 * likewise, with {@code CONFLICT}.
 *
 * <p>Groups of the types classic, consumer and streams, and such that are not there yet. Offsets of
 * share groups are none of this kind.
 *
 * <p>Used by one thread. The client stays open.
 */
public final class GroupOffsets {

  private static final int NAMED_MEMBERS = 5;

  private final Admin admin;
  private final Answers answers;

  /**
   * @param limit for each answer of the cluster
   */
  public GroupOffsets(Admin admin, Duration limit) {
    this.admin = admin;
    this.answers = new Answers(limit);
  }

  /**
   * Looks whether offsets of the group could be committed now.
   *
   * @throws BackupException {@code CONFLICT} if it has members, with their names
   */
  public void requireEmpty(String group) throws BackupException, InterruptedException {
    KafkaFuture<ConsumerGroupDescription> description =
        Objects.requireNonNull(
            admin
                .describeConsumerGroups(
                    List.of(group), answers.within(new DescribeConsumerGroupsOptions()))
                .describedGroups()
                .get(group));
    try {
      ConsumerGroupDescription told =
          answers.of(
              "Describing group '" + group + "'", description, Permission.group("Describe", group));
      if (told.groupState() != GroupState.EMPTY && told.groupState() != GroupState.DEAD) {
        throw active(told);
      }
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND) { // it comes to be with its first offset
        throw failure;
      }
    }
  }

  /**
   * Commits offsets.
   *
   * @param offsets for partitions that exist; others of the group stay as they are
   * @throws BackupException {@code CONFLICT} if the group has members; {@code NOT_FOUND} if a
   *     partition is not there; {@code DENIED} without {@code Read} on the group and the topics
   */
  public void commit(String group, Map<TopicPartition, OffsetAndMetadata> offsets)
      throws BackupException, InterruptedException {
    requireEmpty(group);
    requirePartitions(group, offsets.keySet());
    Map<TopicPartition, OffsetAndMetadata> before = committed(group, offsets.keySet());
    AlterConsumerGroupOffsetsResult told =
        admin.alterConsumerGroupOffsets(
            group, offsets, answers.within(new AlterConsumerGroupOffsetsOptions()));
    Map<TopicPartition, BackupException> refused = refused(group, offsets.keySet(), told);
    if (!refused.isEmpty()) {
      throw undone(group, offsets, before, refused);
    }
    compare(group, offsets);
  }

  private static BackupException active(ConsumerGroupDescription group) {
    String members =
        group.members().stream()
            .sorted(Comparator.comparing(MemberDescription::consumerId))
            .limit(NAMED_MEMBERS)
            .map(each -> each.clientId() + " at " + each.host())
            .collect(Collectors.joining(", "));
    return new BackupException(
        Kind.CONFLICT,
        "Group '"
            + group.groupId()
            + "' is "
            + group.groupState()
            + " with "
            + group.members().size()
            + " members"
            + (members.isEmpty() ? "" : " (" + members + ")")
            + ": its offsets were not committed. Stop its consumers, wait until the group is Empty"
            + " (kafka-consumer-groups --describe --state), then do this again");
  }

  private void requirePartitions(String group, Set<TopicPartition> partitions)
      throws BackupException, InterruptedException {
    Map<String, List<TopicPartition>> topics =
        partitions.stream()
            .sorted(OpenTransaction.ORDER)
            .collect(
                Collectors.groupingBy(TopicPartition::topic, TreeMap::new, Collectors.toList()));
    Map<String, KafkaFuture<TopicDescription>> told =
        admin
            .describeTopics(
                TopicCollection.ofTopicNames(topics.keySet()),
                answers.within(new DescribeTopicsOptions()))
            .topicNameValues();
    for (Map.Entry<String, KafkaFuture<TopicDescription>> each : told.entrySet()) {
      String doing = "Looking for topic " + each.getKey() + " of group '" + group + "'";
      int count =
          answers
              .of(doing, each.getValue(), Permission.topic("Describe", each.getKey()))
              .partitions()
              .size();
      for (TopicPartition partition : topics.getOrDefault(each.getKey(), List.of())) {
        if (partition.partition() < 0 || partition.partition() >= count) {
          throw new BackupException(
              Kind.NOT_FOUND,
              "Group '"
                  + group
                  + "' has an offset in "
                  + partition
                  + ", but the topic has "
                  + count
                  + " partitions: no offset was committed");
        }
      }
    }
  }

  /** What the group has committed for these partitions. */
  private Map<TopicPartition, OffsetAndMetadata> committed(
      String group, Collection<TopicPartition> partitions)
      throws BackupException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> all = new HashMap<>();
    try {
      answers
          .of(
              "Reading offsets of group '" + group + "'",
              admin
                  .listConsumerGroupOffsets(
                      Map.of(group, new ListConsumerGroupOffsetsSpec().topicPartitions(partitions)),
                      answers.within(new ListConsumerGroupOffsetsOptions()))
                  .partitionsToOffsetAndMetadata(group),
              Permission.group("Describe", group))
          .forEach(
              (partition, each) -> {
                if (each != null) {
                  all.put(partition, each);
                }
              });
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
    }
    return all;
  }

  private Map<TopicPartition, BackupException> refused(
      String group, Set<TopicPartition> partitions, AlterConsumerGroupOffsetsResult told)
      throws InterruptedException {
    Map<TopicPartition, BackupException> refused = new TreeMap<>(OpenTransaction.ORDER);
    for (TopicPartition each : partitions) {
      try {
        answers.of(
            "Committing the offset of group '" + group + "' in " + each,
            told.partitionResult(each),
            Permission.group("Read", group),
            Permission.topic("Read", each.topic()));
      } catch (BackupException failure) {
        refused.put(each, failure);
      }
    }
    return refused;
  }

  private BackupException undone(
      String group,
      Map<TopicPartition, OffsetAndMetadata> offsets,
      Map<TopicPartition, OffsetAndMetadata> before,
      Map<TopicPartition, BackupException> refused)
      throws InterruptedException {
    Map.Entry<TopicPartition, BackupException> first = refused.entrySet().iterator().next();
    BackupException cause = first.getValue();
    String outcome = "the group is as it was";
    try {
      putBack(group, offsets.keySet(), before, refused.keySet());
    } catch (BackupException notPutBack) {
      outcome = "the others stay committed, for: " + notPutBack.getMessage();
    }
    return new BackupException(
        cause.kind(),
        cause.getMessage()
            + " ("
            + refused.size()
            + " of "
            + offsets.size()
            + " partitions were refused; "
            + outcome
            + ")",
        cause);
  }

  private void putBack(
      String group,
      Set<TopicPartition> all,
      Map<TopicPartition, OffsetAndMetadata> before,
      Set<TopicPartition> refused)
      throws BackupException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> earlier = new HashMap<>(before);
    earlier.keySet().removeAll(refused);
    Set<TopicPartition> fresh =
        all.stream()
            .filter(each -> !refused.contains(each) && !before.containsKey(each))
            .collect(Collectors.toSet());
    if (!earlier.isEmpty()) {
      answers.of(
          "Putting back offsets of group '" + group + "'",
          admin
              .alterConsumerGroupOffsets(
                  group, earlier, answers.within(new AlterConsumerGroupOffsetsOptions()))
              .all());
    }
    if (!fresh.isEmpty()) {
      answers.of(
          "Removing offsets of group '" + group + "'",
          admin
              .deleteConsumerGroupOffsets(
                  group, fresh, answers.within(new DeleteConsumerGroupOffsetsOptions()))
              .all());
    }
  }

  private void compare(String group, Map<TopicPartition, OffsetAndMetadata> offsets)
      throws BackupException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> there = committed(group, offsets.keySet());
    for (Map.Entry<TopicPartition, OffsetAndMetadata> each : offsets.entrySet()) {
      if (!each.getValue().equals(there.get(each.getKey()))) {
        throw new BackupException(
            Kind.CONFLICT,
            "Group '"
                + group
                + "' has "
                + there.get(each.getKey())
                + " in "
                + each.getKey()
                + ", not what was committed: somebody else commits there, too. Stop it, then do"
                + " this again");
      }
    }
  }
}
