package dev.copperplate.backup.kafka.batch;

import dev.copperplate.backup.BackupException;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/**
 * Follows the transactions of one partition through its batches and tells which were aborted. Holds
 * those alone that are open.
 *
 * <p>Used by one thread.
 */
public final class Transactions {

  private final Map<Long, Long> open = new HashMap<>();
  private final Consumer<AbortedTransaction> aborted;

  /** From the start of a log on. */
  public Transactions(Consumer<AbortedTransaction> aborted) {
    this(List.of(), aborted);
  }

  /**
   * From the middle of a log on.
   *
   * @param before the transactions that are open where the first batch begins
   * @param aborted told of each aborted transaction in the order of the markers
   * @throws IllegalArgumentException if a producer has two that are open
   */
  public Transactions(Collection<OpenTransaction> before, Consumer<AbortedTransaction> aborted) {
    this.aborted = aborted;
    for (OpenTransaction each : before) {
      if (open.put(each.producerId(), each.firstOffset()) != null) {
        throw new IllegalArgumentException(
            "Producer " + each.producerId() + " has two open transactions");
      }
    }
  }

  /**
   * The next batch, in the order of offsets. One of no transaction changes nothing.
   *
   * @throws BackupException {@code DAMAGED} if a marker cannot be read
   */
  public void accept(Batch batch) throws BackupException {
    if (batch.isControl()) {
      end(batch);
    } else if (batch.isTransactional()) {
      open.putIfAbsent(batch.producerId(), batch.baseOffset());
    }
  }

  /** A marker without a transaction is one of a producer that wrote nothing into the partition. */
  private void end(Batch batch) throws BackupException {
    ControlMarker marker = ControlMarker.of(batch);
    if (marker != null && marker.type() == ControlMarker.Type.OTHER) {
      return;
    }
    // Compaction takes a marker only when it has taken all records of the transaction.
    Long first = open.remove(batch.producerId());
    if (first != null && marker != null && marker.type() == ControlMarker.Type.ABORT) {
      aborted.accept(new AbortedTransaction(batch.producerId(), first, batch.baseOffset()));
    }
  }

  /** The transactions that no marker has ended so far. */
  public List<OpenTransaction> open() {
    return open.entrySet().stream()
        .map(each -> new OpenTransaction(each.getKey(), each.getValue()))
        .toList();
  }
}
