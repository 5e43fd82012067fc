package dev.copperplate.backup.kafka;

import dev.copperplate.backup.RestoreContext;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Restorer;
import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.segment.SegmentChoices;
import dev.copperplate.backup.kafka.segment.SegmentRestore;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import java.util.function.UnaryOperator;

/**
 * Puts topics back onto the disk of a stopped broker, batch by batch as they were: offsets,
 * timestamps, transactions and what compaction left stay, and groups resume where they were.
 *
 * <p><b>The order matters.</b> Create the topics with as many partitions as they had, which gives
 * them directories. Stop <em>all</em> brokers that have replicas of them. Restore onto each log
 * directory of each of these brokers, from the same snapshot. Only then start any. A replica that
 * was left out may become the leader, and then the others throw away what was restored. A directory
 * takes the partitions that it has a directory for; the others are noted, and it is {@code
 * NOT_FOUND} if there is none at all.
 *
 * <p><b>What is written.</b> All but {@code partition.metadata} goes from the directory of a
 * partition, which gets the stored files instead, with the leader epoch 0 in each batch, the
 * numbers of producers moved to where no cluster has any, and the ownership that the directory has.
 * Of the broker's checkpoints the start of the log and the high watermark are set, and those of
 * recovery and of the cleaner cleared; the broker makes indexes and the states of producers anew
 * when it starts. A batch that is damaged is left out and named in an error, since a broker cuts
 * the log off there. A transaction whose marker lies behind the end of the snapshot gets one at its
 * end.
 *
 * <p><b>A broker that runs is refused</b> with {@code CONFLICT}; while this runs, none starts.
 * After one that did not end none starts either: the directory {@code
 * copperplate.restore.unfinished} keeps it from that, until the same partitions are restored again.
 *
 * <p>Nobody else is to write into the log directory meanwhile. Links in it are not followed.
 * Retention deletes what is too old as soon as the broker runs: what comes back is compared with
 * what the topic had, and a warning says how to prevent it. Tried with brokers 4.1.1.
 *
 * <p>Facts of the report: {@code topics} and {@code partitions}. Memory: one batch for each worker,
 * and the list of files of the partitions. Immutable and thread-safe.
 */
public final class KafkaSegmentsRestorer implements Restorer {

  private final SegmentChoices choices;

  private KafkaSegmentsRestorer(SegmentChoices choices) {
    this.choices = choices;
  }

  /**
   * Restores all topics but internal ones, under their names.
   *
   * @param logDirectory one of {@code log.dirs} of a stopped broker
   */
  public static KafkaSegmentsRestorer onto(Path logDirectory) {
    return new KafkaSegmentsRestorer(SegmentChoices.onto(logDirectory));
  }

  /** Only these, by their names in the snapshot, which has to hold the named ones. */
  public KafkaSegmentsRestorer topics(TopicSelection topics) {
    return new KafkaSegmentsRestorer(choices.topics(Objects.requireNonNull(topics)));
  }

  /** Into the directories of topics of other names. */
  public KafkaSegmentsRestorer renamed(UnaryOperator<String> names) {
    return new KafkaSegmentsRestorer(choices.names(Objects.requireNonNull(names)));
  }

  /**
   * Also where there are records, which are lost. The plan names the directories, and it has to be
   * confirmed.
   */
  public KafkaSegmentsRestorer replacing() {
    return new KafkaSegmentsRestorer(choices.withReplacing());
  }

  @Override
  public RestoreReport restore(SnapshotReader snapshot, RestoreContext context)
      throws IOException, InterruptedException {
    return new SegmentRestore(choices, snapshot, context).run();
  }

  @Override
  public String toString() {
    return choices.topics() + " onto " + choices.logDirectory();
  }
}
