package dev.copperplate.samples;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The steps of the quick start with files. */
final class Demonstration {

  private final Path directory;
  private final Path work;
  private final Output output;
  private final Path copy;
  private final Path restored;
  private final Path repository;
  private final Path passwordFile;

  /**
   * @param directory what to copy and back up
   * @param work an empty directory for everything that is made
   */
  Demonstration(Path directory, Path work, Output output) {
    this.directory = directory;
    this.work = work;
    this.output = output;
    this.copy = work.resolve("working-copy");
    this.restored = work.resolve("restored");
    this.repository = work.resolve("repository");
    this.passwordFile = work.resolve("password");
  }

  /**
   * What was done and measured.
   *
   * @param stored bytes of all objects of the repository
   * @param verified how long the verification took
   * @param restored how long the restore took
   * @param compared how many files were compared
   * @param problem what is not as it should be
   */
  record Result(
      Path directory,
      Path work,
      BackupReport first,
      TreeChanges changes,
      BackupReport second,
      long stored,
      Duration verified,
      Duration restored,
      long compared,
      Optional<String> problem,
      ShellCommand restic) {

    boolean success() {
      return problem.isEmpty();
    }
  }

  Result run() throws IOException, InterruptedException {
    boolean finished = false;
    try {
      Result result = steps();
      finished = result.success();
      if (finished) {
        clear();
      }
      return result;
    } catch (IOException | InterruptedException | RuntimeException failure) {
      clear();
      throw failure;
    }
  }

  private void clear() throws IOException {
    TreeRemoval.remove(copy);
    TreeRemoval.remove(restored);
  }

  private Result steps() throws IOException, InterruptedException {
    say("Copying " + directory + " to " + copy);
    TreeCopy.copy(directory, copy);
    PasswordFile.create(passwordFile);
    RepositoryOptions options =
        RepositoryOptions.DEFAULT.environment(HostName.get()).listener(ProgressBars.on(output));
    try (BackupTarget target = LocalTarget.at(repository);
        BackupRepository opened =
            BackupRepository.create(target, Passwords.file(passwordFile), options)) {
      return steps(target, opened);
    }
  }

  private Result steps(BackupTarget target, BackupRepository opened)
      throws IOException, InterruptedException {
    FilesSource source = FilesSource.of(copy);
    say("Backing it up");
    BackupReport first = opened.backup(source);
    TreeChanges changes = TreeChanges.make(copy);
    say("Backing it up again, changed");
    BackupReport second = opened.backup(source);
    say("Verifying");
    long started = System.nanoTime();
    Verification proof = opened.verify(second.snapshot(), Verifiers.checksums());
    Duration verified = Duration.ofNanos(System.nanoTime() - started);
    say("Restoring to " + restored);
    started = System.nanoTime();
    RestoreReport report = opened.restore(second.snapshot(), FilesRestorer.to(restored));
    Duration took = Duration.ofNanos(System.nanoTime() - started);
    say("Comparing");
    TreeComparison comparison = new TreeComparison();
    Optional<String> problem = problem(first, second, proof, report);
    if (problem.isEmpty()) {
      problem = comparison.firstDifference(copy, restored.resolve(inSnapshot(copy)));
    }
    return new Result(
        directory,
        work,
        first,
        changes,
        second,
        StoredBytes.of(target),
        verified,
        took,
        comparison.files(),
        problem,
        restic());
  }

  private static Optional<String> problem(
      BackupReport first, BackupReport second, Verification proof, RestoreReport report) {
    for (BackupReport each : List.of(first, second)) {
      Snapshot snapshot = each.snapshot();
      if (snapshot.state() != SnapshotState.COMPLETE) {
        return Optional.of("snapshot " + snapshot.id().shortHex() + ": " + worst(each.findings()));
      }
    }
    if (!proof.passed()) {
      return Optional.of("verification: " + worst(proof.findings()));
    }
    return report.complete()
        ? Optional.empty()
        : Optional.of("restore: " + worst(report.findings()));
  }

  private static String worst(List<Finding> findings) {
    return findings.stream()
        .max((one, other) -> one.severity().compareTo(other.severity()))
        .map(Finding::toString)
        .orElse("no finding says why");
  }

  private static String inSnapshot(Path absolute) {
    return absolute.toString().substring(1);
  }

  private ShellCommand restic() {
    return ShellCommand.of(
        "restic",
        "-r",
        repository,
        "--password-file",
        passwordFile,
        "restore",
        "latest",
        "--target",
        work.resolve("restored-by-restic"));
  }

  private void say(String what) {
    output.out().println(what);
    output.out().flush();
  }
}
