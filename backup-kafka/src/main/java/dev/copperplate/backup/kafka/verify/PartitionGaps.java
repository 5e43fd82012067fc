package dev.copperplate.backup.kafka.verify;

import dev.copperplate.backup.kafka.layout.Hole;
import dev.copperplate.backup.kafka.layout.StoredPartition;

/** Counts the offsets between batches that no hole explains. */
final class PartitionGaps {

  private final StoredPartition partition;
  private long next;
  private long gaps;
  private long offsets;
  private long first = -1;

  PartitionGaps(StoredPartition partition) {
    this.partition = partition;
    this.next = partition.from();
  }

  /** Where the next batch begins at the earliest. */
  long next() {
    return next;
  }

  /** Goes on with what begins at one offset and ends before another one. */
  void goOn(long base, long end) {
    long missing = base - next;
    for (Hole each : partition.holes()) {
      missing -= Math.max(0, Math.min(each.to(), base) - Math.max(each.from(), next));
    }
    if (missing > 0) {
      first = gaps == 0 ? next : first;
      gaps++;
      offsets += missing;
    }
    next = Math.max(next, end);
  }

  long gaps() {
    return gaps;
  }

  /** All that are missing. */
  long offsets() {
    return offsets;
  }

  /** Where the first of them begins. */
  long first() {
    return first;
  }
}
