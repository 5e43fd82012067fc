package dev.copperplate.benchmarks.sidebyside;

import dev.copperplate.benchmarks.sidebyside.Task.Action;
import dev.copperplate.benchmarks.sidebyside.Task.Change;
import dev.copperplate.benchmarks.sidebyside.Task.Start;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All tasks, in the order of the table. */
final class Catalogue {

  private static final long LARGE = 2_000_000_000;
  private static final long HUGE = 20_000_000_000L;
  private static final int SMALL_FILES = 50_000;
  private static final int MANY_FILES = 1_000_000;
  private static final int PGBENCH_SCALE = 50;
  private static final int SEED = 4;

  private final List<Task> tasks = new ArrayList<>();

  private Catalogue() {}

  /**
   * The tasks.
   *
   * @param scale that sizes and counts are multiplied by
   * @param postgres leaves out the tasks that need a server where it is empty
   */
  static List<Task> of(double scale, Optional<PostgresPrograms> postgres) {
    Catalogue catalogue = new Catalogue();
    catalogue.addWhole(new IncompressibleFiles(scaled(LARGE, scale)));
    catalogue.addWhole(new OrderRows(scaled(LARGE, scale)));
    postgres.ifPresent(
        each ->
            catalogue.addWhole(new PostgresDirectory(each, (int) scaled(PGBENCH_SCALE, scale))));
    int small = (int) scaled(SMALL_FILES, scale);
    catalogue.addWhole(new SmallFiles("small", small, SEED));
    catalogue.addAgain(
        new SmallFiles("small", small, SEED), new SmallFiles("small-changing", small, SEED));
    catalogue.addStream(new StreamFile(scaled(HUGE, scale)));
    catalogue.addMany(new ManyFiles((int) scaled(MANY_FILES, scale)));
    return List.copyOf(catalogue.tasks);
  }

  private static long scaled(long number, double scale) {
    return Math.max(1, Math.round((double) number * scale));
  }

  private void addWhole(DataSet data) {
    add("backup", "back up", data, Start.EMPTY, Change.NOTHING, Action.BACKUP);
    add("restore", "restore", data, Start.STORED, Change.NOTHING, Action.RESTORE);
    add("check", "check all data", data, Start.STORED, Change.NOTHING, Action.CHECK);
  }

  private void addAgain(DataSet unchanged, DataSet changing) {
    add(
        "unchanged",
        "back up again, unchanged",
        unchanged,
        Start.STORED,
        Change.NOTHING,
        Action.BACKUP);
    tasks.add(
        new Task(
            "small-changed",
            changing.title() + ": back up again, 1 % changed",
            changing,
            Start.STORED,
            Change.ONE_PERCENT,
            Action.BACKUP));
  }

  private void addStream(DataSet data) {
    add("backup", "back up", data, Start.EMPTY, Change.NOTHING, Action.BACKUP);
  }

  private void addMany(DataSet data) {
    add("list", "open the repository and list", data, Start.STORED, Change.NOTHING, Action.LIST);
    add(
        "changed",
        "back up again, one file changed",
        data,
        Start.STORED,
        Change.ONE_FILE,
        Action.BACKUP);
    add(
        "one",
        "back up one changed file alone",
        data,
        Start.STORED,
        Change.ONE_FILE,
        Action.BACKUP_ONE_FILE);
    add(
        "prune",
        "prune after half of the directories are forgotten",
        data,
        Start.HALF_FORGOTTEN,
        Change.NOTHING,
        Action.PRUNE);
  }

  private void add(
      String work, String title, DataSet data, Start start, Change change, Action action) {
    tasks.add(
        new Task(
            data.name() + "-" + work, data.title() + ": " + title, data, start, change, action));
  }
}
