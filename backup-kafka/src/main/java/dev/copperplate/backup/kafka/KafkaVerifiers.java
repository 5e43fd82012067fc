package dev.copperplate.backup.kafka;

import dev.copperplate.backup.Verifier;
import dev.copperplate.backup.kafka.verify.GapVerifier;
import dev.copperplate.backup.kafka.verify.LiveVerifier;
import dev.copperplate.backup.kafka.verify.StructureVerifier;
import java.util.Objects;

/**
 * Verifiers of snapshots of topics ({@link KafkaTopicsSource}). Each names topic, partition and
 * offset of what it finds. {@link KafkaDrill} restores besides.
 *
 * <p>A broken backup is a finding; an exception means that the verifier could not look, as when the
 * cluster does not answer.
 */
public final class KafkaVerifiers {

  private KafkaVerifiers() {}

  /**
   * Reads every byte, without a broker, and compares the snapshot with itself: all documents, the
   * checksum of each batch, that batches do not overlap, and the sizes, counts, times and SHA-256
   * that are noted of each file, and which transactions were aborted. Proves {@code DATA}.
   *
   * <p>An {@code ERROR} is what is missing, changed, or in no document. A {@code WARNING} is a
   * hole, a partition that was not captured, a gap that compaction does not explain, and a group
   * that stands behind what is held. {@code INFO}: gaps of compaction, and groups that stand before
   * what the broker still had.
   *
   * <p>Facts: {@code topics}, {@code partitions}, {@code files}, {@code batches}, {@code records}
   * (without markers), {@code bytes}, {@code gaps} and {@code groups}, of those there are any.
   * Memory: one batch for each worker, and the offsets of one group.
   */
  public static Verifier structure() {
    return new StructureVerifier();
  }

  /**
   * Compares all batches with those that the cluster still has, byte for byte, their leader epochs
   * included. Proves {@code DATA} if that was everything that the snapshot holds, else {@code
   * STRUCTURE}.
   *
   * <p>An {@code ERROR} is a batch that differs or that one of both has alone; a partition is not
   * looked at further behind it. A {@code WARNING} is a log that was truncated since. {@code INFO}
   * is what the cluster no longer has: a topic that is gone or was made again, records that
   * retention took, batches that compaction changed.
   *
   * <p>It needs READ, DESCRIBE and DESCRIBE_CONFIGS on the topics, and brokers from 3.1 on. Facts:
   * {@code partitions}, {@code batches} and {@code bytes} that were compared and are equal.
   */
  public static Verifier live(KafkaCluster cluster) {
    return live(cluster, 1);
  }

  /**
   * As {@link #live(KafkaCluster)}, with a share of each file: offsets that lie together, others
   * for each snapshot. Proves {@code STRUCTURE}, unless the share is everything.
   *
   * @param share more than 0, up to 1
   * @throws IllegalArgumentException for another share
   */
  public static Verifier live(KafkaCluster cluster, double share) {
    return new LiveVerifier(Objects.requireNonNull(cluster), share);
  }

  /**
   * Tells what the cluster lacks of the snapshot's topics, and the snapshot of the cluster's: see
   * {@link KafkaGaps}. Proves {@code STRUCTURE} of the documents of partitions.
   *
   * <p>Nothing of it is an error: the backup is good. A {@code WARNING} is what was lost in the
   * cluster, and what was not captured; {@code INFO} what retention took, and what is newer. Facts:
   * {@code lacking-in-cluster} and {@code lacking-in-snapshot}, numbers of offsets, if there are
   * any.
   */
  public static Verifier gaps(KafkaCluster cluster) {
    return new GapVerifier(Objects.requireNonNull(cluster));
  }
}
