package dev.copperplate.backup.postgres;

/**
 * WAL that is not stored, behind the oldest base: points in it and behind it need a newer base.
 *
 * @param identity the system identifier of the cluster, decimal
 * @param timeline on the way to which timeline
 * @param from its first byte
 * @param to the byte behind its last
 */
public record WalGap(String identity, int timeline, Lsn from, Lsn to) {

  /** What is missing, as messages have it. */
  @Override
  public String toString() {
    return "WAL from " + from + " to " + to + " on the way to timeline " + timeline;
  }
}
