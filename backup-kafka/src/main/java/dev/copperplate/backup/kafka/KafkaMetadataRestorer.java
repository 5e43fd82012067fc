package dev.copperplate.backup.kafka;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestorePlan;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.cluster.Clients;
import dev.copperplate.backup.kafka.cluster.MetadataReplay;
import dev.copperplate.backup.kafka.cluster.ReplayWishes;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import org.apache.kafka.clients.CommonClientConfigs;
import org.apache.kafka.clients.admin.Admin;
import org.jspecify.annotations.Nullable;

/**
 * Brings ACLs, quotas, configurations of topics and SCRAM users of a snapshot back into a cluster
 * whose topics are there already.
 *
 * <p><b>What is missing is created.</b> What is there otherwise is named in a warning and left,
 * unless {@link #replacing} is said. What the snapshot does not have is never removed, ACLs
 * neither: a cluster that allows more than it did still does. What cannot be created is an error of
 * its own in the report, and the others are still created.
 *
 * <p><b>SCRAM users need their passwords</b>, which no broker tells and no snapshot holds: see
 * {@link #scramUsers}. Configurations that name brokers by number (throttled replicas), and those
 * of topics that Kafka keeps for itself, stay away.
 *
 * <p>ACLs come last, and those that deny last of all. The user needs {@code Alter}, {@code
 * AlterConfigs}, {@code Describe} and {@code DescribeConfigs} on the cluster, and {@code
 * AlterConfigs} and {@code DescribeConfigs} on the topics.
 *
 * <p>Facts of the report: {@code KIND.created}, {@code KIND.present} and {@code KIND.differing},
 * where KIND is {@code acls}, {@code quotas} (by entity), {@code configurations} (by topic) or
 * {@code scram}. Immutable and thread-safe.
 */
public final class KafkaMetadataRestorer implements Restorer {

  private final KafkaCluster cluster;
  private final ReplayWishes wishes;

  private KafkaMetadataRestorer(KafkaCluster cluster, ReplayWishes wishes) {
    this.cluster = cluster;
    this.wishes = wishes;
  }

  /** A kind of metadata that comes back without secrets. */
  public enum Part {
    ACLS,
    QUOTAS,
    TOPIC_CONFIGURATIONS
  }

  /** Restores all that needs no secret. */
  public static KafkaMetadataRestorer into(KafkaCluster cluster) {
    return new KafkaMetadataRestorer(Objects.requireNonNull(cluster), ReplayWishes.DEFAULT);
  }

  /** Only these; without any, none. */
  public KafkaMetadataRestorer only(Part... parts) {
    Set<Part> wanted = Set.copyOf(List.of(parts));
    return with(
        wishes.only(
            wanted.contains(Part.ACLS),
            wanted.contains(Part.QUOTAS),
            wanted.contains(Part.TOPIC_CONFIGURATIONS)));
  }

  /**
   * SCRAM users as well, with the iterations that they had.
   *
   * @param passwords by user, asked for once for each mechanism, just before it is set; the array
   *     is filled with zeros afterwards. Null leaves a user away, with a warning
   */
  public KafkaMetadataRestorer scramUsers(Function<String, char @Nullable []> passwords) {
    return with(wishes.passwords(Objects.requireNonNull(passwords)));
  }

  /**
   * Topics that have other names now. Their configurations and the ACLs that name them follow; ACLs
   * by a prefix do not, which is warned of.
   *
   * @param topics new names by those in the snapshot
   */
  public KafkaMetadataRestorer renamed(Map<String, String> topics) {
    return with(wishes.renamed(topics));
  }

  /**
   * Sets what is there otherwise, passwords of SCRAM users included. The plan names what is lost,
   * and it has to be confirmed.
   */
  public KafkaMetadataRestorer replacing() {
    return with(wishes.withReplacing());
  }

  /** How long one answer of the cluster may take; a minute unless said otherwise. */
  public KafkaMetadataRestorer limit(Duration most) {
    return with(wishes.limit(most));
  }

  @Override
  public RestoreReport restore(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    try (Admin admin = Clients.admin(cluster)) {
      context.attach(() -> admin.close(Duration.ZERO));
      String bootstrap =
          String.valueOf(cluster.properties().get(CommonClientConfigs.BOOTSTRAP_SERVERS_CONFIG));
      MetadataReplay replay = new MetadataReplay(admin, bootstrap, wishes, context::report);
      RestorePlan plan = replay.plan(snapshot, cluster.toString());
      context.begin(plan);
      Map<String, String> facts = replay.run();
      return new RestoreReport(plan, Optional.empty(), facts, 0, 0, List.of());
    }
  }

  private KafkaMetadataRestorer with(ReplayWishes other) {
    return new KafkaMetadataRestorer(cluster, other);
  }

  @Override
  public String toString() {
    return "metadata into " + cluster;
  }
}
