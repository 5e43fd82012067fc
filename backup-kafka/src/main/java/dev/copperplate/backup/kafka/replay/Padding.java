package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.SnapshotReader;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.common.TopicPartition;

/** Finds out how many records without content bring first records to their offsets. */
final class Padding {

  private final SnapshotReader snapshot;
  private final ReplayChoices choices;
  private final Journal journal;
  private final Destination destination;

  Padding(
      SnapshotReader snapshot, ReplayChoices choices, Journal journal, Destination destination) {
    this.snapshot = snapshot;
    this.choices = choices;
    this.journal = journal;
    this.destination = destination;
  }

  /**
   * By partition of the source; those without any are absent.
   *
   * @throws BackupException {@code INVALID} if one needs more than is allowed, or stands behind its
   *     offset already; {@code UNSUPPORTED} for a compacted topic
   */
  Map<TopicPartition, Long> of(List<TopicRoute> routes) throws IOException, InterruptedException {
    Map<TopicPartition, Long> padding = new HashMap<>();
    if (choices.padding() > 0) {
      for (TopicRoute topic : routes) {
        for (Route each : topic.partitions()) {
          long records = padding(each);
          if (records > 0) {
            requirePaddable(topic);
            padding.put(each.source(), records);
          }
        }
      }
    }
    return padding;
  }

  private long padding(Route route) throws IOException, InterruptedException {
    Optional<PartitionNote> note = journal.partition(route.source());
    if (note.isPresent()) {
      return note.get().padding();
    }
    long first = first(route);
    if (first < 0) {
      return 0;
    }
    long end =
        destination.topic(route.destination().topic()).isPresent()
            ? destination.end(route.destination())
            : 0;
    long needed = first - end;
    if (needed < 0 || needed > choices.padding()) {
      throw new BackupException(
          Kind.INVALID,
          "The first record of "
              + route.source()
              + " has offset "
              + first
              + ", and "
              + route.destination()
              + " ends at "
              + end
              + ": that takes "
              + needed
              + " records of padding, and the limit is "
              + choices.padding());
    }
    return needed;
  }

  /** The offset of the first record that goes out; -1 without any. */
  private long first(Route route) throws IOException {
    try (PartitionReplay replay =
        new PartitionReplay(snapshot, route.source(), route.stored(), choices)) {
      Portion first = replay.next();
      return first == null ? -1 : first.firstOffset();
    }
  }

  private static void requirePaddable(TopicRoute topic) throws BackupException {
    String policy = topic.stored().overrides().get("cleanup.policy");
    if (policy != null && policy.contains("compact")) {
      throw new BackupException(
          Kind.UNSUPPORTED,
          "Topic "
              + topic.source()
              + " is compacted: it takes no record without a key, so it cannot be padded");
    }
  }
}
