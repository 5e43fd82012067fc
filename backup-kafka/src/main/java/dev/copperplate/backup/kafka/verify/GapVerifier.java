package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.Proof;
import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.kafka.KafkaCluster;
import dev.copperplate.backup.kafka.KafkaGap;
import dev.copperplate.backup.kafka.layout.TopicPaths;
import java.io.IOException;

/** Tells what a cluster and a snapshot lack of each other. */
public final class GapVerifier implements Verifier {

  private static final String NAME = "kafka gaps";

  private final KafkaCluster cluster;

  public GapVerifier(KafkaCluster cluster) {
    this.cluster = cluster;
  }

  @Override
  public Verification verify(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    Found found = new Found();
    found.looking(
        TopicPaths.TOPICS.toString(),
        () -> {
          for (KafkaGap each : new GapSearch(snapshot, cluster).run()) {
            found.count(
                each.reason().isLackingInCluster() ? "lacking-in-cluster" : "lacking-in-snapshot",
                each.to() - each.from());
            found.add(finding(each));
          }
        });
    return Verification.of(NAME, Proof.STRUCTURE, found.findings(), found.facts());
  }

  private static Finding finding(KafkaGap gap) {
    String subject = gap.topic() + "-" + gap.partition();
    String offsets = "Offsets " + gap.from() + " to " + (gap.to() - 1);
    return switch (gap.reason()) {
      case TOPIC_DELETED ->
          lost(subject, offsets + " are in the snapshot alone: the partition was deleted");
      case TOPIC_RECREATED ->
          lost(subject, offsets + " are in the snapshot alone: the topic is another one now");
      case LOG_TRUNCATED ->
          lost(subject, offsets + " are in the snapshot alone: the log was truncated");
      case RECORDS_DELETED ->
          Finding.info(subject, offsets + " are in the snapshot alone: the cluster deleted them");
      case NEWER -> Finding.info(subject, offsets + " came after the snapshot");
      case OTHER_TOPIC ->
          Finding.warning(
              subject, offsets + " are of the topic that has the name now", "Back it up");
      case NOT_CAPTURED ->
          Finding.warning(
              subject, offsets + " are in the cluster, and not in the snapshot", "Back up again");
    };
  }

  private static Finding lost(String subject, String message) {
    return Finding.warning(subject, message, "Restore them if that was not meant");
  }
}
