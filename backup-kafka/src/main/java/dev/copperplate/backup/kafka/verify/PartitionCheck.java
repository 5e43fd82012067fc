package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.Entry;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.kafka.batch.AbortedTransaction;
import dev.copperplate.backup.kafka.cluster.TopicMetadata;
import dev.copperplate.backup.kafka.layout.Hole;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.IOException;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/** Looks whether a partition is what its document says, and its document what its topic says. */
final class PartitionCheck {

  private static final String DOCUMENT = "partition.json";

  private final StoredTopics topics;
  private final TopicPartition name;
  private final @Nullable TopicMetadata topic;
  private final Found found;

  /**
   * @param topic null if its document cannot be read
   */
  PartitionCheck(
      StoredTopics topics, TopicPartition name, @Nullable TopicMetadata topic, Found found) {
    this.topics = topics;
    this.name = name;
    this.topic = topic;
    this.found = found;
  }

  void run(StoredPartition stored) throws IOException, InterruptedException {
    if (topic != null && !topic.id().equals(stored.topicId())) {
      broken("its id is " + stored.topicId() + ", that of its topic " + topic.id());
    }
    stored.holes().forEach(this::hole);
    FileCheck files = new FileCheck(topics.snapshot(), name, stored, found);
    Map<String, Entry> entries = entries();
    for (StoredFile each : stored.files()) {
      Entry entry = entries.remove(each.name());
      if (entry == null) {
        broken("offset " + each.base() + ": " + each.name() + " is not there");
        files.gaps().goOn(files.gaps().next(), each.next());
      } else {
        files.read(each, entry);
      }
    }
    entries.keySet().stream().sorted().forEach(each -> broken(each + " is in no document"));
    files.gaps().goOn(stored.to(), stored.to());
    gaps(files.gaps(), stored);
    aborted(files.aborted(), stored);
    found.count("partitions", 1);
  }

  private Map<String, Entry> entries() throws IOException {
    Map<String, Entry> entries = new HashMap<>();
    for (Entry each : topics.children(TopicPaths.partition(name.topic(), name.partition()))) {
      String file = each.path().name().toString();
      if (!file.equals(DOCUMENT)) {
        entries.put(file, each);
      }
    }
    return entries;
  }

  private void hole(Hole hole) {
    String offsets = "Offsets " + hole.from() + " to " + (hole.to() - 1);
    found.add(
        hole.reason() == Hole.Reason.CHECKSUM
            ? Finding.warning(
                name.toString(),
                offsets + " had a wrong checksum at the broker, and are stored so",
                "Look at the disks of the brokers, and into earlier snapshots")
            : Finding.warning(
                name.toString(),
                offsets + " are not held: the broker had deleted them before they were read",
                "Back up more often, or let the topic keep its records for longer"));
  }

  private void gaps(PartitionGaps gaps, StoredPartition stored) {
    if (gaps.gaps() == 0) {
      return;
    }
    found.count("gaps", gaps.gaps());
    String message = gaps.offsets() + " offsets in " + gaps.gaps() + " gaps have no batch";
    found.add(
        isExplained(stored)
            ? Finding.info(name.toString(), message + ", as compaction and markers leave them")
            : Finding.warning(
                name.toString(),
                message
                    + ", the first one at offset "
                    + gaps.first()
                    + ", and the topic's own configuration does not compact it",
                "Nothing is missing if the brokers compact by default, or did before"));
  }

  private boolean isExplained(StoredPartition stored) {
    String policy = topic == null ? null : topic.overrides().get("cleanup.policy");
    return !stored.transport().equals("raw") || (policy != null && policy.contains("compact"));
  }

  /** Those that the files tell whole: others began before them. */
  private void aborted(List<AbortedTransaction> read, StoredPartition stored) {
    long base = stored.files().isEmpty() ? stored.to() : stored.files().get(0).base();
    Set<Marker> noted = markers(stored.aborted(), base, stored.from());
    Set<Marker> there = markers(read, base, stored.from());
    if (stored.transport().equals("raw") && !noted.equals(there)) {
      Set<Marker> other = new HashSet<>(there);
      other.addAll(noted);
      other.removeIf(each -> noted.contains(each) && there.contains(each));
      long offset = other.stream().mapToLong(Marker::offset).min().orElse(base);
      broken(
          "offset "
              + offset
              + ": what its document says of aborted transactions is not what the"
              + " marker there says");
    }
  }

  private static Set<Marker> markers(List<AbortedTransaction> all, long base, long from) {
    Set<Marker> markers = new HashSet<>();
    for (AbortedTransaction each : all) {
      if (each.firstOffset() >= base && each.markerOffset() >= from) {
        markers.add(new Marker(each.producerId(), each.markerOffset()));
      }
    }
    return markers;
  }

  private void broken(String what) {
    found.broken(name.toString(), FileCheck.inPartition(name, what));
  }

  private record Marker(long producer, long offset) {}
}
