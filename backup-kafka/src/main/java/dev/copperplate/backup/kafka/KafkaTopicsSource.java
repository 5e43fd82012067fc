package dev.copperplate.backup.kafka;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.CaptureContext;
import dev.copperplate.backup.SnapshotWriter;
import dev.copperplate.backup.SourceId;
import dev.copperplate.backup.kafka.capture.CaptureChoices;
import dev.copperplate.backup.kafka.capture.TopicsCapture;
import java.io.IOException;
import java.util.Objects;

/**
 * Topics of a cluster, byte for byte, with its groups, ACLs, quotas and all that it takes to make
 * the topics again.
 *
 * <p>A snapshot holds the record batches as the brokers store them, still compressed, in files that
 * {@code kafka-dump-log} reads, up to the last stable offset: transactions that are open are not in
 * it. It holds what the brokers still had, no more, unless {@linkplain #keepingAll all is kept};
 * files of the previous snapshot are reused, so only what came since is read. Where the broker had
 * deleted records before they were read, where a topic was made again or its log was truncated, the
 * snapshot says so and is partial. {@code docs/decisions/0026-kafka.md} describes its files.
 *
 * <p>Partitions are read in parallel, one by each worker of the engine, each with connections of
 * its own. Memory: two answers of a broker for each, 8 MiB or one batch, whichever is larger.
 *
 * <p>It needs DESCRIBE and READ on the topics, DESCRIBE_CONFIGS on them, DESCRIBE on the groups,
 * and DESCRIBE on the cluster. What it may not see is named and leaves the snapshot partial.
 *
 * <p>Facts of the manifest: {@code kind} ({@code topics}), {@code cluster-id}, {@code topics},
 * {@code partitions}, {@code records}, {@code bytes}, {@code groups} and {@code transport} ({@code
 * raw} or {@code consumer}).
 *
 * @see <a href="https://kafka.apache.org/documentation/#recordbatch">Kafka, "Record Batch"</a>
 */
public final class KafkaTopicsSource implements BackupSource {

  /** The type of these sources. */
  public static final String TYPE = "kafka-topics";

  private final SourceId id;
  private final KafkaCluster cluster;
  private final CaptureChoices choices;

  private KafkaTopicsSource(SourceId id, KafkaCluster cluster, CaptureChoices choices) {
    this.id = id;
    this.cluster = cluster;
    this.choices = choices;
  }

  /**
   * Topics of a cluster.
   *
   * @param name what it is called, in snapshots and to people
   */
  public static KafkaTopicsSource of(String name, KafkaCluster cluster, TopicSelection topics) {
    return new KafkaTopicsSource(
        new SourceId(TYPE, name),
        Objects.requireNonNull(cluster),
        CaptureChoices.of(Objects.requireNonNull(topics)));
  }

  /**
   * Reads no faster than so many bytes a second, all partitions together.
   *
   * @throws IllegalArgumentException unless it is more than 0
   */
  public KafkaTopicsSource bytesPerSecond(long rate) {
    if (rate <= 0) {
      throw new IllegalArgumentException("Bytes per second: " + rate);
    }
    return new KafkaTopicsSource(id, cluster, choices.bytesPerSecond(rate));
  }

  /**
   * Also keeps what earlier snapshots hold and the brokers have deleted since. Such a snapshot
   * grows for ever.
   */
  public KafkaTopicsSource keepingAll() {
    return new KafkaTopicsSource(id, cluster, choices.keepingAll());
  }

  /**
   * Reads everything again. It is stored again only where it has changed, as by compaction, which
   * is not seen otherwise.
   */
  public KafkaTopicsSource anew() {
    return new KafkaTopicsSource(id, cluster, choices.anew());
  }

  @Override
  public SourceId id() {
    return id;
  }

  @Override
  public void capture(SnapshotWriter writer, CaptureContext context)
      throws IOException, InterruptedException {
    new TopicsCapture(id, cluster, choices, writer, context).run();
  }

  @Override
  public String toString() {
    return id + " of " + cluster;
  }
}
