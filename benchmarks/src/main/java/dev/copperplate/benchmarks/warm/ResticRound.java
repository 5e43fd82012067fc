package dev.copperplate.benchmarks.warm;

import java.io.IOException;
import java.nio.file.Path;

/** A round by stock restic, a process for each step. */
final class ResticRound implements Contender {

  private final Restic restic;
  private final Path source;
  private final Path directory;

  /**
   * @param directory an existing one, for the repository and what is restored
   */
  ResticRound(Template template, Path program, Path source, Path directory) throws IOException {
    this.restic = template.resticOf(program, directory.resolve("repository"));
    this.source = source;
    this.directory = directory;
  }

  @Override
  public void run(Step step) throws IOException, InterruptedException {
    switch (step) {
      case OPEN -> restic.run("cat", "config");
      case BACKUP, UNCHANGED -> restic.run("backup", source.toString());
      case RESTORE ->
          restic.run("restore", "latest", "--target", directory.resolve("restored").toString());
      case CHECK -> restic.run("check", "--read-data");
    }
  }
}
