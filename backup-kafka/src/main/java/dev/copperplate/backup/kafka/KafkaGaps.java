package dev.copperplate.backup.kafka;

import dev.copperplate.backup.SnapshotReader;
import dev.copperplate.backup.kafka.verify.GapSearch;
import java.io.IOException;
import java.util.List;

/**
 * What a cluster lacks of the topics of a snapshot, and the snapshot of the cluster's: before a
 * restore, or to see what a restore would be for.
 *
 * <p>It asks for offsets and reads no records: a log that was truncated and has grown beyond the
 * snapshot again is not told from one that was not; {@link KafkaVerifiers#live} sees that. Topics
 * that the snapshot does not have are not looked for. It needs DESCRIBE on the topics.
 */
public final class KafkaGaps {

  private KafkaGaps() {}

  /**
   * Compares offsets.
   *
   * @param snapshot stays open
   * @return by topic, partition and first offset; empty if both have the same
   * @throws dev.copperplate.backup.BackupException {@code DAMAGED} or {@code MISSING} if a document
   *     of the snapshot cannot be read; {@code UNAVAILABLE} or {@code DENIED} of the cluster
   */
  public static List<KafkaGap> find(SnapshotReader snapshot, KafkaCluster cluster)
      throws IOException, InterruptedException {
    return new GapSearch(snapshot, cluster).run();
  }
}
