package dev.copperplate.backup.kafka.drill;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.KafkaRecord;
import dev.copperplate.backup.kafka.KafkaRecords;
import dev.copperplate.backup.kafka.cluster.CommittedOffset;
import dev.copperplate.backup.kafka.cluster.Group;
import dev.copperplate.backup.kafka.cluster.GroupOffsets;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Puts groups back to where they stood, and lets a member of each go on. */
final class GroupResumption {

  private final SnapshotReader snapshot;
  private final ScratchTopics topics;
  private final GroupOffsets offsets;
  private final String bootstrap;
  private final Deadline deadline;
  private final Consumer<Finding> report;
  private long groups;

  GroupResumption(
      SnapshotReader snapshot,
      ScratchTopics topics,
      GroupOffsets offsets,
      String bootstrap,
      Deadline deadline,
      Consumer<Finding> report) {
    this.snapshot = snapshot;
    this.topics = topics;
    this.offsets = offsets;
    this.bootstrap = bootstrap;
    this.deadline = deadline;
    this.report = report;
  }

  /** How many went on so far. */
  long groups() {
    return groups;
  }

  void run(Group group) throws IOException, InterruptedException {
    Map<TopicPartition, OffsetAndMetadata> committed = new HashMap<>();
    for (CommittedOffset each : group.offsets()) {
      StoredPartition stored = topics.partitions().get(each.topicPartition());
      if (stored != null && isHeld(group, each, stored)) {
        // Leader epochs start anew on the scratch broker.
        committed.put(each.topicPartition(), new OffsetAndMetadata(each.offset(), each.metadata()));
      }
    }
    if (!committed.isEmpty()) {
      offsets.commit(group.id(), committed);
      resume(group.id(), committed);
      groups++;
    }
  }

  /** From outside of the log a consumer goes where its own configuration says. */
  private boolean isHeld(Group group, CommittedOffset committed, StoredPartition stored) {
    boolean held = stored.from() <= committed.offset() && committed.offset() <= stored.to();
    if (!held) {
      String message =
          "It stands at offset "
              + committed.offset()
              + " of "
              + committed.topicPartition()
              + ", of which "
              + stored.from()
              + " to "
              + stored.to()
              + " are held: not resumed there";
      report.accept(Finding.info("group " + group.id(), message));
    }
    return held;
  }

  private void resume(String group, Map<TopicPartition, OffsetAndMetadata> committed)
      throws IOException, InterruptedException {
    Map<TopicPartition, KafkaRecord> expected = expected(committed);
    Set<String> names =
        committed.keySet().stream().map(TopicPartition::topic).collect(Collectors.toSet());
    Set<TopicPartition> waiting = new HashSet<>(committed.keySet());
    try (ScratchConsumer member = ScratchConsumer.of(bootstrap, group, names)) {
      while (!waiting.isEmpty()) {
        deadline.check("resuming group " + group);
        for (ConsumerRecord<byte[], byte[]> each : member.poll()) {
          TopicPartition partition = new TopicPartition(each.topic(), each.partition());
          if (waiting.remove(partition)) {
            compare(group, committed.get(partition), expected.get(partition), each);
            member.pause(partition);
          }
        }
        for (TopicPartition each : Set.copyOf(waiting)) {
          if (!expected.containsKey(each) && isAtEnd(member, each)) {
            waiting.remove(each);
          }
        }
      }
    }
  }

  private static boolean isAtEnd(ScratchConsumer member, TopicPartition partition)
      throws IOException, InterruptedException {
    return member.assigned().contains(partition)
        && member.position(partition) >= member.end(partition);
  }

  private void compare(
      String group,
      @Nullable OffsetAndMetadata committed,
      @Nullable KafkaRecord expected,
      ConsumerRecord<byte[], byte[]> got) {
    if (!ScratchConsumer.value(got).equals(expected)) {
      report.accept(
          Finding.error(
              "group " + group,
              "It resumed topic "
                  + got.topic()
                  + ", partition "
                  + got.partition()
                  + " at offset "
                  + got.offset()
                  + ", not at "
                  + (expected == null ? "its end" : "offset " + expected.offset())
                  + ", though it stood at "
                  + (committed == null ? "none" : committed.offset()),
              "Verify the structure of the snapshot"));
    }
  }

  private Map<TopicPartition, KafkaRecord> expected(
      Map<TopicPartition, OffsetAndMetadata> committed) throws IOException {
    Map<TopicPartition, KafkaRecord> expected = new HashMap<>();
    for (Map.Entry<TopicPartition, OffsetAndMetadata> each : committed.entrySet()) {
      KafkaRecords wanted =
          KafkaRecords.of(snapshot)
              .topic(each.getKey().topic())
              .partition(each.getKey().partition())
              .offsets(each.getValue().offset(), Long.MAX_VALUE);
      try (Cursor<KafkaRecord> records = wanted.open()) {
        KafkaRecord first = records.next();
        if (first != null) {
          expected.put(each.getKey(), first);
        }
      }
    }
    return expected;
  }
}
