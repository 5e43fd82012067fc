package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunContext;
import dev.copperplate.backup.kafka.cluster.Answers;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.IsolationLevel;
import org.apache.kafka.common.TopicPartition;

/** Asks where logs start, and up to where their transactions are decided. */
final class PartitionBounds {

  /** Partitions that one request asks for. */
  private static final int SLICE = 1000;

  private final Admin admin;
  private final Answers answers;
  private final RunContext context;

  PartitionBounds(Admin admin, Answers answers, RunContext context) {
    this.admin = admin;
    this.answers = answers;
    this.context = context;
  }

  /** Of each partition that answers; of the others a finding tells why not. */
  Map<TopicPartition, Bounds> of(List<TopicPartition> partitions)
      throws IOException, InterruptedException {
    Map<TopicPartition, Bounds> bounds = new HashMap<>();
    for (int from = 0; from < partitions.size(); from += SLICE) {
      List<TopicPartition> slice =
          partitions.subList(from, Math.min(partitions.size(), from + SLICE));
      // The end first: a start that moves meanwhile is found out when its records are read.
      ListOffsetsResult ends = list(slice, OffsetSpec.latest());
      ListOffsetsResult starts = list(slice, OffsetSpec.earliest());
      for (TopicPartition each : slice) {
        of(each, ends, starts, bounds);
      }
    }
    return bounds;
  }

  private void of(
      TopicPartition partition,
      ListOffsetsResult ends,
      ListOffsetsResult starts,
      Map<TopicPartition, Bounds> bounds)
      throws IOException, InterruptedException {
    try {
      String what = "Asking for the offsets of " + partition;
      ListOffsetsResultInfo end = answers.of(what, ends.partitionResult(partition));
      ListOffsetsResultInfo start = answers.of(what, starts.partitionResult(partition));
      bounds.put(
          partition,
          new Bounds(
              start.offset(),
              Math.max(start.offset(), end.offset()),
              end.leaderEpoch().orElse(-1)));
    } catch (BackupException unknown) {
      context.report(
          Finding.warning(
              partition.toString(),
              "This partition is not captured. " + unknown.getMessage(),
              "Back it up again once it answers"));
    }
  }

  private ListOffsetsResult list(List<TopicPartition> partitions, OffsetSpec which) {
    Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
    partitions.forEach(each -> asked.put(each, which));
    return admin.listOffsets(
        asked, answers.within(new ListOffsetsOptions(IsolationLevel.READ_COMMITTED)));
  }
}
