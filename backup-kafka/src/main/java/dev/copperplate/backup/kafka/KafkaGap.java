package dev.copperplate.backup.kafka;

/**
 * Offsets of a partition that either a snapshot or a cluster has, and the other one has not.
 *
 * @param from the first of them
 * @param to the first behind them
 * @param reason who has them, and why the other one has not
 */
public record KafkaGap(String topic, int partition, long from, long to, Reason reason) {

  /** Who lacks the offsets, and why. */
  public enum Reason {
    /** The cluster has no such topic, or the topic no such partition. */
    TOPIC_DELETED(true),
    /** The cluster has another topic of that name. */
    TOPIC_RECREATED(true),
    /** The cluster deleted the start of the log. */
    RECORDS_DELETED(true),
    /** The log ends before them, though it had them. */
    LOG_TRUNCATED(true),
    /** They came after the capture. */
    NEWER(false),
    /** They are of another topic of that name than the snapshot's. */
    OTHER_TOPIC(false),
    /** The snapshot did not get them, and the cluster has them. */
    NOT_CAPTURED(false);

    private final boolean lackingInCluster;

    Reason(boolean lackingInCluster) {
      this.lackingInCluster = lackingInCluster;
    }

    /** Whether it is the cluster that lacks the offsets; else it is the snapshot. */
    public boolean isLackingInCluster() {
      return lackingInCluster;
    }
  }

  @Override
  public String toString() {
    return topic + "-" + partition + ", offsets " + from + " to " + (to - 1) + ": " + reason;
  }
}
