package dev.copperplate.backup.kafka.cluster;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.Finding;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.errors.AuthorizationException;

/**
 * What is set of one kind.
 *
 * @param kind for facts of the report
 * @param present how many are there already as they should be
 * @param differing how many are there otherwise, and are left
 */
record Changes<T>(String kind, List<Change<T>> changes, int present, int differing, Call<T> call) {

  private static final int SLICE = 500;

  /** Asks a cluster for several changes. */
  interface Call<T> {

    /** Answers by {@link Change#key}; those without an answer were not asked for. */
    Map<?, KafkaFuture<Void>> send(List<T> values);
  }

  static <T> Changes<T> none(String kind) {
    return new Changes<>(kind, List.of(), 0, 0, values -> Map.of());
  }

  /** What a cluster refuses is an error of its own, and the rest goes on. */
  int apply(Answers answers, String bootstrap, Consumer<Finding> report)
      throws InterruptedException {
    int done = 0;
    for (List<Change<T>> slice : Slices.of(changes, SLICE)) {
      Map<?, KafkaFuture<Void>> told = call.send(slice.stream().map(Change::value).toList());
      for (Change<T> each : slice) {
        KafkaFuture<Void> answer = told.get(each.key());
        if (answer != null && succeeds(each, answer, answers, bootstrap, report)) {
          done++;
        }
      }
    }
    return done;
  }

  private static boolean succeeds(
      Change<?> change,
      KafkaFuture<Void> answer,
      Answers answers,
      String bootstrap,
      Consumer<Finding> report)
      throws InterruptedException {
    try {
      answers.of("To " + change.words(), answer);
      return true;
    } catch (BackupException failure) {
      boolean refused = failure.getCause() instanceof AuthorizationException;
      report.accept(
          Finding.error(
              change.words(),
              String.valueOf(failure.getMessage()),
              refused ? change.needed().command(bootstrap) : ""));
      return false;
    }
  }
}
