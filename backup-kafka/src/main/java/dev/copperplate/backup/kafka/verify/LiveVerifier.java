package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.layout.StoredFile;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.StoredTopics;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import dev.copperplate.backup.kafka.transport.RawTransport;
import dev.copperplate.backup.kafka.transport.TransportOptions;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.zip.CRC32;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.TopicPartition;

/** Compares a snapshot with the cluster that it was taken of, as far as that has the data still. */
public final class LiveVerifier implements Verifier {

  private static final String NAME = "kafka live";

  private final KafkaCluster cluster;
  private final double share;

  /**
   * @param share of the offsets of each file, more than 0, up to 1
   */
  public LiveVerifier(KafkaCluster cluster, double share) {
    if (!(share > 0 && share <= 1)) {
      throw new IllegalArgumentException("A share is more than 0 and up to 1, not " + share);
    }
    this.cluster = cluster;
    this.share = share;
  }

  @Override
  public Verification verify(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    Run run = new Run(snapshot, context);
    Found found = run.found;
    found.looking(TopicPaths.TOPICS.toString(), run::topics);
    Proof proof = run.everything ? Proof.DATA : Proof.STRUCTURE;
    return Verification.of(NAME, proof, found.findings(), found.facts());
  }

  private final class Run {

    private final SnapshotReader snapshot;
    private final StoredTopics topics;
    private final LiveTopics live;
    private final RawTransport transport;
    private final Found found = new Found();
    private boolean everything = share == 1;

    Run(SnapshotReader snapshot, RestoreContext context) throws IOException {
      this.snapshot = snapshot;
      this.topics = new StoredTopics(snapshot);
      this.live = context.attach(LiveTopics.of(cluster));
      this.transport = context.attach(RawTransport.of(cluster, TransportOptions.DEFAULTS));
    }

    void topics() throws IOException, InterruptedException {
      for (String each : topics.names()) {
        found.looking(each, () -> topic(each));
      }
    }

    private void topic(String topic) throws IOException, InterruptedException {
      Optional<TopicDescription> told = live.topic(topic);
      if (told.isEmpty()) {
        notCompared(topic, "The cluster has no such topic any more");
        return;
      }
      boolean compacted = live.isCompacted(topic);
      for (int each : topics.partitions(topic)) {
        TopicPartition name = new TopicPartition(topic, each);
        found.looking(name.toString(), () -> partition(name, told.get(), compacted));
      }
    }

    private void partition(TopicPartition name, TopicDescription told, boolean compacted)
        throws IOException, InterruptedException {
      StoredPartition stored = topics.partition(name.topic(), name.partition());
      if (!told.topicId().equals(stored.topicId())) {
        notCompared(name.toString(), "The topic was deleted and made again since");
      } else if (name.partition() >= told.partitions().size()) {
        notCompared(name.toString(), "The topic has no such partition any more");
      } else if (!stored.transport().equals("raw")) {
        notCompared(name.toString(), "It was captured without the broker's batches");
      } else {
        compare(name, stored, live.range(name), compacted);
      }
    }

    private void compare(
        TopicPartition name, StoredPartition stored, LiveTopics.Range range, boolean compacted)
        throws IOException, InterruptedException {
      if (range.start() > stored.from()) {
        notCompared(
            name.toString(), "The cluster has deleted the records before offset " + range.start());
      }
      if (range.end() < stored.to()) {
        everything = false;
        found.add(
            Finding.warning(
                name.toString(),
                "The log was truncated: it ends at offset "
                    + range.end()
                    + ", the snapshot at "
                    + stored.to(),
                "Look for an unclean election, and keep this snapshot"));
      }
      LiveComparison comparison = new LiveComparison(snapshot, name, stored, compacted, found);
      for (StoredFile each : stored.files()) {
        long from = Math.max(each.base(), Math.max(stored.from(), range.start()));
        long to = Math.min(each.next(), range.end());
        if (from < to && !sample(comparison, name, from, to)) {
          everything = false;
          break;
        }
      }
      found.count("partitions", 1);
      if (comparison.changed() > 0) {
        notCompared(
            name.toString(), comparison.changed() + " batches were changed by compaction since");
      }
    }

    private boolean sample(LiveComparison comparison, TopicPartition name, long from, long to)
        throws IOException, InterruptedException {
      long length = (long) Math.ceil((to - from) * share);
      long first = from + hash(name, from) % (to - from - length + 1);
      return comparison.run(transport, first, first + length);
    }

    /** Another one for each snapshot, and always the same one for the same. */
    private long hash(TopicPartition name, long from) {
      CRC32 hash = new CRC32();
      String text = snapshot.snapshot().run().value() + "/" + name + "/" + from;
      hash.update(text.getBytes(StandardCharsets.UTF_8));
      return hash.getValue();
    }

    private void notCompared(String subject, String why) {
      everything = false;
      found.add(Finding.info(subject, why + ": not compared"));
    }
  }
}
