package dev.copperplate.backup.kafka.read;

import dev.copperplate.backup.kafka.batch.AbortedTransaction;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.UnendedTransaction;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Which batches of a partition belong to aborted transactions. Immutable and thread-safe. */
public final class AbortedRecords {

  private final Map<Long, List<Span>> spans = new HashMap<>();

  /** As the document of the partition tells. */
  public AbortedRecords(StoredPartition partition) {
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
    spans.computeIfAbsent(producer, any -> new ArrayList<>()).add(new Span(first, end));
  }

  /** Whether no reader of committed records may see those of the batch. */
  public boolean hold(Batch batch) {
    return batch.isTransactional()
        && spans.getOrDefault(batch.producerId(), List.of()).stream()
            .anyMatch(each -> each.holds(batch.baseOffset()));
  }

  private record Span(long first, long end) {
    boolean holds(long offset) {
      return first <= offset && offset < end;
    }
  }
}
