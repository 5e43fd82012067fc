package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Measures tasks: in each round both contenders, who begins taking turns.
 *
 * @param bench where
 * @param restic first in odd rounds
 * @param copperplate first in even rounds
 * @param cache state of the page cache for each run
 * @param rounds how many
 * @param progress a line for each run
 */
record Race(
    Bench bench,
    Contender restic,
    Contender copperplate,
    PageCache cache,
    int rounds,
    PrintStream progress) {

  /** Each run of both. */
  record Outcome(List<Measurement> restic, List<Measurement> copperplate) {}

  Outcome run(Task task) throws IOException, InterruptedException {
    Path tree = bench.data(task.data());
    // Prepared before the data change for the first time.
    task.started(restic, bench);
    task.started(copperplate, bench);
    List<Path> changing = task.changing(tree);
    Outcome outcome = new Outcome(new ArrayList<>(), new ArrayList<>());
    for (int round = 1; round <= rounds; round++) {
      FileEdits.apply(changing);
      if (round % 2 == 1) {
        outcome.restic().add(run(task, restic, round, tree));
        outcome.copperplate().add(run(task, copperplate, round, tree));
      } else {
        outcome.copperplate().add(run(task, copperplate, round, tree));
        outcome.restic().add(run(task, restic, round, tree));
      }
    }
    bench.clear();
    return outcome;
  }

  private Measurement run(Task task, Contender contender, int round, Path tree)
      throws IOException, InterruptedException {
    Repository state = task.started(contender, bench);
    Repository repository = bench.fresh(state);
    List<String> command = task.command(contender, repository, tree, bench.restored());
    bench.run(List.of("sync", "-f", bench.directory().toString()));
    cache.prepare(inputs(task, repository, tree));
    Measurement measured = new Stopwatch(bench.directory()).measure(command, bench.output());
    confirm(task, state, repository, tree);
    progress.printf(
        Locale.ROOT,
        "%-24s %2d  %-12s %9.3f s %9.3f s CPU %6s MiB%n",
        task.name(),
        round,
        contender.name(),
        measured.seconds(),
        measured.cpuSeconds(),
        Decimal.mebibytes((double) measured.peakBytes()));
    return task.action().stores() ? measured.stored(repository.bytes()) : measured;
  }

  private static List<Path> inputs(Task task, Repository repository, Path tree) {
    return task.action() == Task.Action.BACKUP
        ? List.of(repository.directory(), tree)
        : List.of(repository.directory());
  }

  /** An exit code of 0 is not believed alone. */
  private void confirm(Task task, Repository before, Repository after, Path tree)
      throws IOException {
    boolean done =
        switch (task.action()) {
          case BACKUP, BACKUP_ONE_FILE -> after.snapshots() == before.snapshots() + 1;
          case RESTORE -> TreeSize.of(bench.restored()).equals(TreeSize.of(tree));
          case PRUNE -> after.bytes() < before.bytes();
          case CHECK, LIST -> Files.size(bench.output()) > 0;
        };
    if (!done) {
      throw new CommandFailure(
          task.name() + " did not do its work; it said:\n" + Files.readString(bench.output()));
    }
  }
}
