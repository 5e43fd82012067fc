package dev.copperplate.backup.kafka.capture;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.kafka.batch.AbortedTransaction;
import dev.copperplate.backup.kafka.batch.Batch;
import dev.copperplate.backup.kafka.batch.OpenTransaction;
import dev.copperplate.backup.kafka.batch.Transactions;
import dev.copperplate.backup.kafka.layout.StoredPartition;
import dev.copperplate.backup.kafka.layout.UnendedTransaction;
import dev.copperplate.backup.kafka.transport.BatchStream.Aborted;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What becomes of the transactions of one partition, those of earlier captures included. */
final class StoredTransactions {

  private final List<AbortedTransaction> aborted = new ArrayList<>();
  private final Transactions transactions;

  /** As the broker told last. */
  private Set<Aborted> told = new HashSet<>();

  private StoredTransactions(
      List<AbortedTransaction> aborted, List<OpenTransaction> open, List<Aborted> told) {
    this.aborted.addAll(aborted);
    this.transactions = new Transactions(open, this.aborted::add);
    this.told.addAll(told);
  }

  /** From the start of a log on. */
  static StoredTransactions none() {
    return new StoredTransactions(List.of(), List.of(), List.of());
  }

  /** What is known of an earlier capture's offsets in a range, for going on behind it. */
  static StoredTransactions of(StoredPartition stored, long from, long to) {
    List<AbortedTransaction> aborted =
        stored.aborted().stream()
            .filter(each -> each.markerOffset() >= from && each.firstOffset() < to)
            .toList();
    List<UnendedTransaction> unended = to == stored.to() ? stored.unended() : List.of();
    return new StoredTransactions(
        aborted,
        unended.stream().map(each -> new OpenTransaction(each.producer(), each.first())).toList(),
        unended.stream()
            .filter(UnendedTransaction::aborted)
            .map(each -> new Aborted(each.producer(), each.first()))
            .toList());
  }

  /** The next batch. */
  void add(Batch batch) throws BackupException {
    transactions.accept(batch);
  }

  /** What the broker tells of those that end behind the last batch. */
  void told(List<Aborted> last) {
    told = new HashSet<>(last);
  }

  List<AbortedTransaction> aborted() {
    return aborted;
  }

  /** Those without a marker so far. */
  List<UnendedTransaction> unended() {
    return transactions.open().stream()
        .map(
            each ->
                new UnendedTransaction(
                    each.producerId(),
                    each.firstOffset(),
                    told.contains(new Aborted(each.producerId(), each.firstOffset()))))
        .sorted(Comparator.comparingLong(UnendedTransaction::first))
        .toList();
  }
}
