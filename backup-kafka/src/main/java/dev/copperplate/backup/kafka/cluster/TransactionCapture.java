package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.SnapshotWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeTransactionsOptions;
import org.apache.kafka.clients.admin.DescribeTransactionsResult;
import org.apache.kafka.clients.admin.ListTransactionsOptions;
import org.apache.kafka.clients.admin.TransactionDescription;
import org.apache.kafka.clients.admin.TransactionListing;
import org.apache.kafka.clients.admin.TransactionState;

/** Transactions that have not ended. */
final class TransactionCapture {

  private static final int SLICE = 500;

  private static final Set<TransactionState> OPEN =
      Set.of(
          TransactionState.ONGOING,
          TransactionState.PREPARE_COMMIT,
          TransactionState.PREPARE_ABORT);

  private final Admin admin;
  private final Gaps gaps;
  private final Answers answers;

  TransactionCapture(Admin admin, Gaps gaps, Answers answers) {
    this.admin = admin;
    this.gaps = gaps;
    this.answers = answers;
  }

  void run(SnapshotWriter writer) throws IOException, InterruptedException {
    Optional<List<String>> ids =
        gaps.ask(
                "transactions",
                Permission.cluster("Describe"),
                answers,
                admin
                    .listTransactions(
                        answers.within(new ListTransactionsOptions()).filterStates(OPEN))
                    .all())
            .map(all -> all.stream().map(TransactionListing::transactionalId).sorted().toList());
    if (ids.isEmpty()) {
      return;
    }
    List<OpenTransaction> open = new ArrayList<>();
    for (List<String> each : Slices.of(ids.get(), SLICE)) {
      open.addAll(describe(each));
    }
    Document.TRANSACTIONS.write(writer, open);
  }

  private List<OpenTransaction> describe(List<String> ids)
      throws IOException, InterruptedException {
    DescribeTransactionsResult told =
        admin.describeTransactions(ids, answers.within(new DescribeTransactionsOptions()));
    List<OpenTransaction> open = new ArrayList<>();
    for (String each : ids) {
      gaps.askIfThere(
              "transaction " + each,
              new Permission("Describe", "transactional-id", each),
              answers,
              told.description(each))
          .filter(one -> OPEN.contains(one.state()))
          .ifPresent(one -> open.add(transaction(each, one)));
    }
    return open;
  }

  private static OpenTransaction transaction(String id, TransactionDescription told) {
    return new OpenTransaction(
        id,
        told.producerId(),
        told.producerEpoch(),
        told.state().toString(),
        told.transactionStartTimeMs().orElse(-1),
        List.copyOf(told.topicPartitions()));
  }
}
