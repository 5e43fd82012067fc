package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.EntryPath;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.kafka.KafkaCluster;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.apache.kafka.clients.admin.Admin;

/** Captures metadata alone: the cluster's, and those of some topics. */
record ClusterSource(KafkaCluster cluster, List<String> topics, UnaryOperator<Admin> client)
    implements BackupSource {

  private static final Duration LIMIT = Duration.ofMinutes(1);

  ClusterSource(KafkaCluster cluster, List<String> topics) {
    this(cluster, topics, client -> client);
  }

  @Override
  public SourceId id() {
    return new SourceId("kafka-topics", "test");
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    String bootstrap = Objects.toString(cluster.properties().get("bootstrap.servers"));
    Gaps gaps = new Gaps(bootstrap, context::report);
    try (Admin admin = client.apply(SecuredCluster.admin(cluster))) {
      for (TopicMetadata each : new TopicDescriptions(admin, gaps, LIMIT).describe(topics)) {
        EntryPath path = EntryPath.of("topics").child(each.name()).child("topic.json");
        Document.topic(path).write(writer, List.of(each));
      }
      new ClusterCapture(admin, gaps, LIMIT, group -> true).run(writer, each -> {});
    }
  }
}
