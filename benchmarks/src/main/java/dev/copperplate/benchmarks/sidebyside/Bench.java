package dev.copperplate.benchmarks.sidebyside;

import dev.copperplate.benchmarks.DirectoryRemoval;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * The place where everything happens: data, repositories in the states that tasks start from, and
 * the scratch of the task that runs.
 *
 * @param directory that holds all of it, absolute
 * @param restic that creates every repository, so that deriving the key costs both the same
 */
record Bench(Path directory, Restic restic) {

  private static final String PASSWORD = "side by side";

  /** Begins to work in a directory. */
  static Bench in(Path directory, Path resticProgram) throws IOException, InterruptedException {
    Files.createDirectories(directory);
    Path absolute = directory.toRealPath();
    Path passwordFile = absolute.resolve("password");
    Files.writeString(passwordFile, PASSWORD + "\n", StandardCharsets.UTF_8);
    return new Bench(absolute, Restic.at(resticProgram, passwordFile, absolute.resolve("output")));
  }

  Path passwordFile() {
    return restic.passwordFile();
  }

  Shelf shelf() {
    return new Shelf(directory);
  }

  /** Where a task restores to. */
  Path restored() {
    return scratch().resolve("restored");
  }

  /** What the program that ran last printed. */
  Path output() {
    return directory.resolve("output");
  }

  /** The files of a set, made if they are not there. */
  Path data(DataSet set) throws IOException, InterruptedException {
    return dataShelf().get(set.name(), set.parameters(), set::make);
  }

  /** A repository without snapshots. */
  Repository empty() throws IOException, InterruptedException {
    return new Repository(
        shelf()
            .get(
                "empty",
                restic.identity(),
                place -> {
                  Repository repository = new Repository(Files.createDirectories(place));
                  run(restic.init(repository));
                }));
  }

  /** A repository into which a contender backed a set up. */
  Repository stored(Contender contender, DataSet set) throws IOException, InterruptedException {
    Path tree = data(set);
    return prepared(
        contender,
        set.name(),
        parameters(contender, set),
        place -> {
          Repository repository = empty().linkedTo(place);
          run(contender.backup(repository, tree));
        });
  }

  /**
   * A repository in which the snapshot of the whole set was forgotten and one of half of it stays.
   */
  Repository halfForgotten(Contender contender, DataSet set)
      throws IOException, InterruptedException {
    Path tree = data(set);
    Repository whole = stored(contender, set);
    return prepared(
        contender,
        set.name() + "-forgotten",
        parameters(contender, set) + ", without " + ManyFiles.EVERY_SECOND,
        place -> {
          Repository repository = whole.linkedTo(place);
          String first = repository.onlySnapshot();
          run(contender.backupWithout(ManyFiles.EVERY_SECOND, repository, tree));
          run(restic.forget(repository, first));
        });
  }

  /**
   * A repository of the same state in an otherwise empty scratch. What the run before left is put
   * aside and not removed: for minutes after many files were removed, ext4 looks for a long time
   * before it gives a new file one of their inodes, at the expense of whoever comes next.
   */
  Repository fresh(Repository state) throws IOException {
    if (Files.exists(scratch())) {
      Files.createDirectories(spent());
      Files.move(scratch(), spent().resolve(String.valueOf(System.nanoTime())));
    }
    Files.createDirectories(scratch());
    return state.linkedTo(scratch().resolve("state"));
  }

  /** Runs a command while no clock runs. */
  void run(List<String> words) throws IOException, InterruptedException {
    Execution.run(output(), words.toArray(String[]::new));
  }

  /** Ends with nothing left but what may be of use again. */
  void clear() throws IOException {
    DirectoryRemoval.remove(scratch());
    DirectoryRemoval.remove(spent());
  }

  private Repository prepared(
      Contender contender, String name, String parameters, Shelf.Maker maker)
      throws IOException, InterruptedException {
    Path place = directory.resolve("prepared").resolve(contender.name());
    return new Repository(new Shelf(place).get(name, parameters, maker));
  }

  private String parameters(Contender contender, DataSet set)
      throws IOException, InterruptedException {
    return contender.identity()
        + ", "
        + dataShelf().identity(set.name())
        + ", "
        + shelf().identity(empty().directory().getFileName().toString());
  }

  private Shelf dataShelf() {
    return new Shelf(directory.resolve("data"));
  }

  private Path spent() {
    return directory.resolve("spent");
  }

  private Path scratch() {
    return directory.resolve("scratch");
  }
}
