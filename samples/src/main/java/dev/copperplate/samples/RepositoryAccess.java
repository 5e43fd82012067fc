package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.Targets;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The repository that a command line names, open.
 *
 * @param target the place that holds it
 * @param repository open in it
 */
record RepositoryAccess(BackupTarget target, BackupRepository repository) implements Closeable {

  private static final String REPOSITORY = "--repository";
  private static final String PASSWORD_FILE = "--password-file";

  /** The options that name a repository, before those of the sample. */
  static List<Option> options(Option... more) {
    List<Option> all = new ArrayList<>();
    all.add(
        Option.required(REPOSITORY, "PLACE", "the directory or s3://bucket/prefix that holds it"));
    all.add(Option.required(PASSWORD_FILE, "FILE", "the file that holds its password"));
    all.addAll(List.of(more));
    return all;
  }

  /** What the command line calls the place that holds the repository. */
  static String place(Arguments arguments) {
    return arguments.required(REPOSITORY);
  }

  /** The place that holds the repository; whoever asks closes it. */
  static BackupTarget target(Arguments arguments) throws UsageException {
    return target(arguments, REPOSITORY);
  }

  /** The place that an option names. */
  static BackupTarget target(Arguments arguments, String option) throws UsageException {
    return Arguments.checked(() -> Targets.at(arguments.required(option)));
  }

  static Passwords passwords(Arguments arguments) throws IOException, UsageException {
    return passwords(arguments, PASSWORD_FILE);
  }

  /** The password in the file that an option names. */
  static Passwords passwords(Arguments arguments, String option)
      throws IOException, UsageException {
    Path file = arguments.requiredPath(option);
    if (!Files.isReadable(file)) {
      throw new BackupException(Kind.NOT_FOUND, "The password file " + file + " cannot be read");
    }
    return Passwords.file(file);
  }

  /** Opens a repository that is there. */
  static RepositoryAccess open(Arguments arguments, RepositoryOptions options)
      throws IOException, UsageException {
    Passwords passwords = passwords(arguments);
    return access(target(arguments), target -> BackupRepository.open(target, passwords, options));
  }

  /** Opens a repository; where there is none, creates it. */
  static RepositoryAccess openOrCreate(Arguments arguments, RepositoryOptions options)
      throws IOException, UsageException {
    // Reports a missing password file first: below, only the repository can be what is not there.
    Passwords passwords = passwords(arguments);
    try {
      return open(arguments, options);
    } catch (BackupException failure) {
      if (failure.kind() != Kind.NOT_FOUND) {
        throw failure;
      }
    }
    return access(target(arguments), target -> BackupRepository.create(target, passwords, options));
  }

  /** Opens or makes a repository. */
  private interface Opening {
    BackupRepository in(BackupTarget target) throws IOException;
  }

  private static RepositoryAccess access(BackupTarget target, Opening opening) throws IOException {
    try {
      return new RepositoryAccess(target, opening.in(target));
    } catch (IOException | RuntimeException failure) {
      target.close();
      throw failure;
    }
  }

  @Override
  public void close() throws IOException {
    repository.close();
    target.close();
  }
}
