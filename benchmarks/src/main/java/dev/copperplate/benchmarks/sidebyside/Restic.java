package dev.copperplate.benchmarks.sidebyside;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Stock restic, as people run it: with its cache, its compression, its self-check of what it backs
 * up, and as many threads as it likes.
 *
 * @param program its path
 * @param version the first line of {@code restic version}
 * @param passwordFile of all repositories
 */
record Restic(Path program, String version, Path passwordFile) implements Contender {

  /** The version that results are compared with. */
  static final String EXPECTED = "0.18.0";

  /** Asks a restic for its version. */
  static Restic at(Path program, Path passwordFile, Path output)
      throws IOException, InterruptedException {
    String version = Execution.run(output, program.toString(), "version").strip();
    return new Restic(program, version, passwordFile);
  }

  boolean expected() {
    return version.startsWith("restic " + EXPECTED + " ");
  }

  List<String> init(Repository repository) {
    return command(repository, "init");
  }

  List<String> forget(Repository repository, String snapshot) {
    return command(repository, "forget", snapshot);
  }

  @Override
  public String name() {
    return "restic";
  }

  @Override
  public String identity() {
    return version;
  }

  @Override
  public List<String> backup(Repository repository, Path path) {
    return command(repository, "backup", path.toString());
  }

  @Override
  public List<String> backupWithout(String pattern, Repository repository, Path path) {
    return command(repository, "backup", "--exclude", pattern, path.toString());
  }

  @Override
  public List<String> restore(Repository repository, Path destination) {
    return command(repository, "restore", "latest", "--target", destination.toString());
  }

  @Override
  public List<String> check(Repository repository) {
    return command(repository, "check", "--read-data");
  }

  @Override
  public List<String> snapshots(Repository repository) {
    return command(repository, "snapshots");
  }

  @Override
  public List<String> prune(Repository repository) {
    return command(repository, "prune");
  }

  private List<String> command(Repository repository, String... more) {
    List<String> words = new ArrayList<>();
    words.add(program.toString());
    words.add("--repo");
    words.add(repository.files().toString());
    words.add("--password-file");
    words.add(passwordFile.toString());
    words.add("--cache-dir");
    words.add(repository.cache().toString());
    words.addAll(List.of(more));
    return words;
  }
}
