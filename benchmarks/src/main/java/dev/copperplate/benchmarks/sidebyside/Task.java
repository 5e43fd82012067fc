package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * A row of the table: work that both do, each time from the same state.
 *
 * @param name as it is chosen on the command line
 * @param title as it stands in the table
 * @param data what the work is about
 * @param start the repository that it starts with
 * @param change what happens to the data before each round
 * @param action what is measured
 */
record Task(String name, String title, DataSet data, Start start, Change change, Action action) {

  private static final int PERCENT = 100;

  /** The state of the repository when the clock starts. */
  enum Start {
    /** No snapshots. */
    EMPTY,
    /** One snapshot of the data, by the contender itself. */
    STORED,
    /** One snapshot of half the data; that of all of it was forgotten. */
    HALF_FORGOTTEN
  }

  /** What happens to the data before each round, the same for both. */
  enum Change {
    NOTHING,
    ONE_FILE,
    ONE_PERCENT
  }

  /** The command whose time is taken. */
  enum Action {
    BACKUP,
    /** Only the one file that changes. */
    BACKUP_ONE_FILE,
    RESTORE,
    CHECK,
    LIST,
    PRUNE;

    /** Whether the size of the repository afterwards is a result. */
    boolean stores() {
      return adds() || this == PRUNE;
    }

    /** Whether there is one snapshot more afterwards. */
    boolean adds() {
      return this == BACKUP || this == BACKUP_ONE_FILE;
    }
  }

  Repository started(Contender contender, Bench bench) throws IOException, InterruptedException {
    return switch (start) {
      case EMPTY -> bench.empty();
      case STORED -> bench.stored(contender, data);
      case HALF_FORGOTTEN -> bench.halfForgotten(contender, data);
    };
  }

  /** The files that change before each round. */
  List<Path> changing(Path tree) throws IOException {
    return switch (change) {
      case NOTHING -> List.of();
      case ONE_FILE -> FileEdits.chosen(tree, 1);
      case ONE_PERCENT -> FileEdits.chosen(tree, (int) (TreeSize.of(tree).files() / PERCENT));
    };
  }

  List<String> command(Contender contender, Repository repository, Path tree, Path restored)
      throws IOException {
    return switch (action) {
      case BACKUP -> contender.backup(repository, tree);
      case BACKUP_ONE_FILE -> contender.backup(repository, FileEdits.chosen(tree, 1).get(0));
      case RESTORE -> contender.restore(repository, restored);
      case CHECK -> contender.check(repository);
      case LIST -> contender.snapshots(repository);
      case PRUNE -> contender.prune(repository);
    };
  }
}
