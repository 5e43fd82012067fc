package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.Cursor;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.OffsetMap;
import dev.copperplate.backup.kafka.cluster.CommittedOffset;
import dev.copperplate.backup.kafka.cluster.Document;
import dev.copperplate.backup.kafka.cluster.Group;
import dev.copperplate.backup.kafka.cluster.GroupOffsets;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/** Lets groups go on at the record that they would have read next. */
final class GroupReplay {

  private final SnapshotReader snapshot;
  private final ReplayChoices choices;
  private final Journal journal;
  private final Consumer<Finding> report;
  private final List<Group> groups = new ArrayList<>();

  GroupReplay(
      SnapshotReader snapshot, ReplayChoices choices, Journal journal, Consumer<Finding> report) {
    this.snapshot = snapshot;
    this.choices = choices;
    this.journal = journal;
    this.report = report;
  }

  /**
   * Says which groups will be moved.
   *
   * @param partitions that are restored
   */
  List<String> plan(Set<TopicPartition> partitions, GroupOffsets offsets)
      throws IOException, InterruptedException {
    Optional<Cursor<Group>> stored = Document.GROUPS.open(snapshot);
    if (stored.isEmpty()) {
      return List.of();
    }
    List<String> steps = new ArrayList<>();
    try (Cursor<Group> cursor = stored.get()) {
      for (Group each = cursor.next(); each != null; each = cursor.next()) {
        if (choices.includesGroup(each.id()) && isMovable(each)) {
          Group wanted = only(each, partitions);
          if (!wanted.offsets().isEmpty() && !journal.hasMoved(each.id())) {
            offsets.requireEmpty(each.id());
            groups.add(wanted);
            steps.add(
                "move group '" + each.id() + "' in " + wanted.offsets().size() + " partitions");
          }
        }
      }
    }
    return steps;
  }

  private boolean isMovable(Group group) {
    boolean shared = group.type().equals("Share");
    if (shared || !group.offsetsKnown()) {
      report.accept(
          Finding.warning(
              group.id(),
              shared
                  ? "A share group has no offsets that can be moved"
                  : "The offsets of the group were not seen at the source",
              "Set its offsets by hand"));
    }
    return !shared && group.offsetsKnown();
  }

  private static Group only(Group group, Set<TopicPartition> partitions) {
    return new Group(
        group.id(),
        group.type(),
        group.state(),
        group.protocol(),
        group.assignor(),
        group.simple(),
        group.members(),
        true,
        group.offsets().stream()
            .filter(each -> partitions.contains(each.topicPartition()))
            .toList());
  }

  /** Moves them. How many. */
  int run(OffsetMap map, GroupOffsets offsets) throws IOException, InterruptedException {
    Map<TopicPartition, Map<Long, Long>> translated = translate(map);
    for (Group each : groups) {
      offsets.requireEmpty(each.id());
    }
    for (Group each : groups) {
      offsets.commit(each.id(), moved(each, map, translated));
      journal.moved(each.id());
    }
    return groups.size();
  }

  /** Each map is read once for all groups. */
  private Map<TopicPartition, Map<Long, Long>> translate(OffsetMap map) throws IOException {
    Map<TopicPartition, SortedSet<Long>> wanted = new HashMap<>();
    for (Group group : groups) {
      for (CommittedOffset each : group.offsets()) {
        wanted.computeIfAbsent(each.topicPartition(), key -> new TreeSet<>()).add(each.offset());
      }
    }
    Map<TopicPartition, Map<Long, Long>> translated = new HashMap<>();
    for (Map.Entry<TopicPartition, SortedSet<Long>> each : wanted.entrySet()) {
      long[] ascending = each.getValue().stream().mapToLong(Long::longValue).toArray();
      long[] answers = map.translate(each.getKey(), ascending);
      Map<Long, Long> pairs = new HashMap<>();
      for (int i = 0; i < ascending.length; i++) {
        pairs.put(ascending[i], answers[i]);
      }
      translated.put(each.getKey(), pairs);
    }
    return translated;
  }

  /** Epochs of leaders are those of the other cluster. */
  private static Map<TopicPartition, OffsetAndMetadata> moved(
      Group group, OffsetMap map, Map<TopicPartition, Map<Long, Long>> translated)
      throws IOException {
    Map<TopicPartition, OffsetAndMetadata> moved = new HashMap<>();
    for (CommittedOffset each : group.offsets()) {
      Long offset = translated.getOrDefault(each.topicPartition(), Map.of()).get(each.offset());
      if (offset != null) {
        moved.put(
            map.destination(each.topicPartition()), new OffsetAndMetadata(offset, each.metadata()));
      }
    }
    return moved;
  }
}
