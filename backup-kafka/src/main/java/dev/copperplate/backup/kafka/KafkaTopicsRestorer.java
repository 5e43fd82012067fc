package dev.copperplate.backup.kafka;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.replay.ReplayChoices;
import dev.copperplate.backup.kafka.replay.TopicsReplay;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Objects;
import java.util.Set;
import java.util.function.Predicate;
import java.util.function.ToIntFunction;
import java.util.function.UnaryOperator;
import org.apache.kafka.common.TopicPartition;

/**
 * Sends topics of a snapshot into a cluster, and lets groups go on at the record that they would
 * have read next.
 *
 * <pre>{@code
 * repository.restore(
 *     snapshot,
 *     KafkaTopicsRestorer.to(cluster, journal)
 *         .topics(TopicSelection.named("orders"))
 *         .groups(Set.of("billing")));
 * }</pre>
 *
 * <p><b>What comes back</b> is what a {@code read_committed} consumer of the source saw, in the
 * same order: times, keys, values, headers with their order, duplicates and nulls. Batches go out
 * as they are stored, still compressed. Those are built anew of which not all records are wanted,
 * in which compaction left gaps, whose times the broker had given, or which the destination does
 * not take because they are too large. Topics are made with the partitions and the configuration
 * that they had. Offsets become others behind the first marker or gap: {@link OffsetMap} knows them
 * all.
 *
 * <p><b>The journal</b> is a directory of this restore alone, on a disk that survives. After any
 * end, also that of the process, the same restore with the same journal goes on, without a record
 * twice or none: the destination knows batches again that it has. Nobody else may write into the
 * topics until then, which is {@code CONFLICT}. When all is done the journal is complete, and of
 * use for {@link OffsetMap} alone.
 *
 * <p><b>Topics that are there</b> are {@code ALREADY_EXISTS}, before anything is changed, unless
 * {@link #intoEmpty} or {@link #appending} is said. Nothing is ever overwritten. <b>Groups</b> are
 * moved when the records of all topics are there and the maps on disk. One that has members is
 * {@code CONFLICT}; it is looked for before anything is changed, and again before the first commit.
 *
 * <p>The destination deletes what is older than {@code retention.ms} of the topic, as always. A
 * topic that is there and has {@code message.timestamp.type=LogAppendTime} gets new times; one that
 * is made gets this setting last. Records of a topic are in memory by batches, one for each of the
 * engine's workers, and where they are built anew decompressed in pieces of 8 MiB besides.
 *
 * <p>The user needs {@code Create}, {@code Describe}, {@code Write} and, to go on, {@code Read} on
 * the topics; {@code Read} and {@code Describe} on groups; {@code Delete} on topics to pad them;
 * {@code AlterConfigs} where the broker gives the times.
 *
 * <p>Facts of the report: {@code topics}, {@code records}, {@code batches-untouched}, {@code
 * batches-rebuilt}, {@code filtered} (records that a time or a transform left out) and {@code
 * groups}. Immutable and thread-safe.
 *
 * @see <a href="https://kafka.apache.org/documentation/#semantics">Kafka, "Message Delivery
 *     Semantics"</a>
 */
public final class KafkaTopicsRestorer implements Restorer {

  private final KafkaCluster cluster;
  private final Path journal;
  private final ReplayChoices choices;

  private KafkaTopicsRestorer(KafkaCluster cluster, Path journal, ReplayChoices choices) {
    this.cluster = cluster;
    this.journal = journal;
    this.choices = choices;
  }

  /**
   * All topics of a snapshot, and no group.
   *
   * @param journal a directory that is empty or absent, or that of the same restore
   */
  public static KafkaTopicsRestorer to(KafkaCluster cluster, Path journal) {
    return new KafkaTopicsRestorer(
        Objects.requireNonNull(cluster), Objects.requireNonNull(journal), new ReplayChoices());
  }

  /** Only these topics, by their names in the snapshot. */
  public KafkaTopicsRestorer topics(TopicSelection topics) {
    return with(choices.topics(topics));
  }

  /** Under other names, by those in the snapshot. Two may not become one. */
  public KafkaTopicsRestorer renamed(UnaryOperator<String> name) {
    return with(choices.renamed(name));
  }

  /**
   * Into other partitions, by those in the snapshot. Two may not become one. Records are not
   * partitioned anew: where keys choose partitions, their producers have to agree.
   */
  public KafkaTopicsRestorer partitions(ToIntFunction<TopicPartition> number) {
    return with(choices.partitions(number));
  }

  /**
   * Of a partition of the snapshot only these offsets.
   *
   * @param from the first
   * @param to the first that is not wanted
   * @throws IllegalArgumentException if that is no range
   */
  public KafkaTopicsRestorer offsets(TopicPartition partition, long from, long to) {
    return with(choices.offsets(partition, from, to));
  }

  /**
   * Only records of a time, each by its own timestamp; those without one are left out.
   *
   * @param from the first instant
   * @param to the first that is not wanted
   * @throws IllegalArgumentException if that is no range
   */
  public KafkaTopicsRestorer between(Instant from, Instant to) {
    return with(choices.between(from, to));
  }

  /** Changes or drops records. Every batch is decoded. */
  public KafkaTopicsRestorer transformed(RecordTransform transform) {
    return with(choices.transformed(Objects.requireNonNull(transform)));
  }

  /** Also into topics that are there, if they have no records. Their configuration stays. */
  public KafkaTopicsRestorer intoEmpty() {
    return with(choices.existing(ReplayChoices.Existing.EMPTY));
  }

  /**
   * Also into topics that are there, behind what they have. Nobody else may write meanwhile. Such a
   * restore cannot be gone on with.
   */
  public KafkaTopicsRestorer appending() {
    return with(choices.existing(ReplayChoices.Existing.APPENDED));
  }

  /**
   * Sends no faster than so many bytes a second, all partitions together.
   *
   * @throws IllegalArgumentException unless it is more than 0
   */
  public KafkaTopicsRestorer bytesPerSecond(long rate) {
    return with(choices.bytesPerSecond(rate));
  }

  /**
   * Brings the first record of each partition to its own offset, by records without content that
   * are deleted when all is there. Behind it offsets differ from the first marker or gap on.
   * Consumers that read meanwhile see them. Not for compacted topics.
   *
   * @param most how many of one partition; what needs more is {@code INVALID}, before anything is
   *     changed. A million takes about half a second
   * @throws IllegalArgumentException unless it is more than 0
   */
  public KafkaTopicsRestorer padded(long most) {
    return with(choices.padded(most));
  }

  /** Moves these groups, in the partitions that are restored. */
  public KafkaTopicsRestorer groups(Predicate<String> groups) {
    return with(choices.groups(Objects.requireNonNull(groups)));
  }

  /** As {@link #groups(Predicate)}, by their names. */
  public KafkaTopicsRestorer groups(Set<String> groups) {
    return with(choices.groups(Set.copyOf(groups)::contains));
  }

  /**
   * Replicas of topics that are made, instead of those that they had.
   *
   * @throws IllegalArgumentException unless it is more than 0
   */
  public KafkaTopicsRestorer replicationFactor(int factor) {
    return with(choices.replicationFactor(factor));
  }

  @Override
  public RestoreReport restore(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    return new TopicsReplay(cluster, journal, choices, snapshot, context).run();
  }

  private KafkaTopicsRestorer with(ReplayChoices other) {
    return new KafkaTopicsRestorer(cluster, journal, other);
  }

  @Override
  public String toString() {
    return "topics to " + cluster;
  }
}
