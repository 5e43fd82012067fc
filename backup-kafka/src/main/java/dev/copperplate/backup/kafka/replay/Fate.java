package dev.copperplate.backup.kafka.replay;

import dev.copperplate.backup.kafka.batch.AbortedTransaction;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.UnendedTransaction;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/** Tells which batches nobody may see: those of transactions that were aborted. */
final class Fate {

  /** By producer: the first offset of a transaction, and the offset that ends it. */
  private final Map<Long, NavigableMap<Long, Long>> aborted = new HashMap<>();

  Fate(StoredPartition partition) {
    for (AbortedTransaction each : partition.aborted()) {
      add(each.producerId(), each.firstOffset(), each.markerOffset());
    }
    for (UnendedTransaction each : partition.unended()) {
      if (each.aborted()) {
        add(each.producer(), each.first(), Long.MAX_VALUE);
      }
    }
  }

  private void add(long producer, long first, long end) {
    aborted.computeIfAbsent(producer, each -> new TreeMap<>()).put(first, end);
  }

  /** Whether the batch holds records for consumers. */
  boolean isVisible(Batch batch) {
    if (batch.isControl()) {
      return false;
    }
    NavigableMap<Long, Long> of = batch.isTransactional() ? aborted.get(batch.producerId()) : null;
    Map.Entry<Long, Long> last = of == null ? null : of.floorEntry(batch.baseOffset());
    return last == null || batch.baseOffset() >= last.getValue();
  }
}
