package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.kafka.cluster.ClusterCapture.GroupListener;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.GroupListing;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListConsumerGroupOffsetsSpec;
import org.apache.kafka.clients.admin.ListGroupsOptions;
import org.apache.kafka.clients.admin.ListGroupsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsOptions;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.GroupState;
import org.apache.kafka.common.GroupType;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Groups of every type, with what they have committed. What belongs to a transaction that is still
 * open is not committed yet, and not waited for: the data that it wrote are not captured either.
 */
final class GroupCapture {

  private static final int SLICE = 500;

  private final Admin admin;
  private final Gaps gaps;
  private final Answers answers;
  private final GroupDetails details;

  GroupCapture(Admin admin, Gaps gaps, Answers answers) {
    this.admin = admin;
    this.gaps = gaps;
    this.answers = answers;
    this.details = new GroupDetails(admin, gaps, answers);
  }

  void run(Predicate<String> wanted, SnapshotWriter writer, GroupListener listener)
      throws IOException, InterruptedException {
    List<GroupListing> groups = list(wanted);
    try (Document.Output<Group> out = Document.GROUPS.open(writer)) {
      for (List<GroupListing> each : Slices.of(groups, SLICE)) {
        slice(each, out, listener);
      }
      out.commit();
    }
  }

  private List<GroupListing> list(Predicate<String> wanted)
      throws BackupException, InterruptedException {
    ListGroupsResult told = admin.listGroups(answers.within(new ListGroupsOptions()));
    for (Throwable each : answers.of("Listing groups", told.errors())) {
      gaps.warn(
          "groups of a coordinator",
          "A broker could not list its groups: " + each.getMessage(),
          "Back up again when all brokers are well");
    }
    return answers.of("Listing groups", told.valid()).stream()
        .filter(each -> wanted.test(each.groupId()))
        .sorted(Comparator.comparing(GroupListing::groupId))
        .toList();
  }

  private void slice(List<GroupListing> groups, Document.Output<Group> out, GroupListener listener)
      throws IOException, InterruptedException {
    Map<String, GroupDetails.Details> known = details.of(groups);
    Map<String, List<CommittedOffset>> offsets = offsets(groups);
    for (GroupListing each : groups) {
      // One that ended since it was listed has left nothing.
      if (known.containsKey(each.groupId())) {
        Group group = group(each, known.get(each.groupId()), offsets.get(each.groupId()));
        out.add(group);
        listener.captured(group);
      }
    }
  }

  private static Group group(
      GroupListing listed, GroupDetails.Details known, @Nullable List<CommittedOffset> offsets) {
    return new Group(
        listed.groupId(),
        listed.type().orElse(GroupType.UNKNOWN).toString(),
        known.state().or(listed::groupState).orElse(GroupState.UNKNOWN).toString(),
        listed.protocol(),
        known.assignor(),
        listed.isSimpleConsumerGroup(),
        known.members(),
        offsets != null,
        offsets == null ? List.of() : offsets);
  }

  /** Without those that may not be seen. */
  private Map<String, List<CommittedOffset>> offsets(List<GroupListing> groups)
      throws BackupException, InterruptedException {
    Map<String, List<CommittedOffset>> offsets = new HashMap<>();
    List<String> consumers = ids(groups, each -> !isShare(each));
    if (!consumers.isEmpty()) {
      ListConsumerGroupOffsetsResult told =
          admin.listConsumerGroupOffsets(
              all(consumers, new ListConsumerGroupOffsetsSpec()),
              answers.within(new ListConsumerGroupOffsetsOptions()));
      collect(consumers, told::partitionsToOffsetAndMetadata, offsets);
    }
    List<String> shares = ids(groups, GroupCapture::isShare);
    if (!shares.isEmpty()) {
      shareOffsets(shares, offsets);
    }
    return offsets;
  }

  private void shareOffsets(List<String> groups, Map<String, List<CommittedOffset>> offsets)
      throws BackupException, InterruptedException {
    try {
      ListShareGroupOffsetsResult told =
          admin.listShareGroupOffsets(
              all(groups, new ListShareGroupOffsetsSpec()),
              answers.within(new ListShareGroupOffsetsOptions()));
      collect(groups, told::partitionsToOffsetAndMetadata, offsets);
    } catch (LinkageError other) { // the call has another shape from kafka-clients 4.2 on
      gaps.warn(
          "offsets of share groups",
          "This version of kafka-clients tells them in another way",
          "Use kafka-clients 4.1 to back them up");
    }
  }

  private void collect(
      List<String> groups,
      Function<String, KafkaFuture<Map<TopicPartition, OffsetAndMetadata>>> told,
      Map<String, List<CommittedOffset>> offsets)
      throws BackupException, InterruptedException {
    for (String each : groups) {
      gaps.askIfThere(
              "offsets of group " + each,
              Permission.group("Describe", each),
              answers,
              told.apply(each))
          .ifPresent(committed -> offsets.put(each, committed(committed)));
    }
  }

  private static List<CommittedOffset> committed(Map<TopicPartition, OffsetAndMetadata> told) {
    return told.entrySet().stream()
        .filter(each -> each.getValue() != null)
        .map(each -> CommittedOffset.of(each.getKey(), each.getValue()))
        .toList();
  }

  private static <S> Map<String, S> all(List<String> groups, S spec) {
    return groups.stream().collect(Collectors.toMap(each -> each, each -> spec));
  }

  private static List<String> ids(List<GroupListing> groups, Predicate<GroupListing> wanted) {
    return groups.stream().filter(wanted).map(GroupListing::groupId).toList();
  }

  private static boolean isShare(GroupListing group) {
    return group.type().equals(Optional.of(GroupType.SHARE));
  }
}
