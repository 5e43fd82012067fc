package dev.copperplate.benchmarks.sidebyside;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Copperplate through its samples, each command a new JVM.
 *
 * @param jvm how a sample is started
 * @param passwordFile of all repositories
 */
record Samples(SampleJvm jvm, Path passwordFile) implements Contender {

  private static final String BACKUP = "BackupDirectory";

  @Override
  public String name() {
    return "Copperplate";
  }

  @Override
  public String identity() {
    return jvm.identity();
  }

  @Override
  public List<String> backup(Repository repository, Path path) {
    return command(BACKUP, repository, path.toString());
  }

  @Override
  public List<String> backupWithout(String pattern, Repository repository, Path path) {
    return command(BACKUP, repository, "--exclude", pattern, path.toString());
  }

  @Override
  public List<String> restore(Repository repository, Path destination) {
    List<String> more = new ArrayList<>(List.of("--snapshot", "latest"));
    more.addAll(List.of("--to", destination.toString()));
    if (Machine.isRoot()) {
      // As restic does by itself when root runs it.
      more.add("--owners");
    }
    return command("RestoreSnapshot", repository, more.toArray(String[]::new));
  }

  @Override
  public List<String> check(Repository repository) {
    return command("CheckRepository", repository, "--read-data");
  }

  @Override
  public List<String> snapshots(Repository repository) {
    return command("ListSnapshots", repository);
  }

  @Override
  public List<String> prune(Repository repository) {
    return command("PruneRepository", repository);
  }

  private List<String> command(String sample, Repository repository, String... more) {
    List<String> words = new ArrayList<>(jvm.start(sample));
    words.add("--repository");
    words.add(repository.files().toString());
    words.add("--password-file");
    words.add(passwordFile.toString());
    words.addAll(List.of(more));
    return words;
  }
}
