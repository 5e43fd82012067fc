package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The repository that a command line names, open.
 *
 * @param target the directory that holds it
 * @param repository open in it
 */
record RepositoryAccess(BackupTarget target, BackupRepository repository) implements Closeable {

  private static final String REPOSITORY = "--repository";
  private static final String PASSWORD_FILE = "--password-file";

  /** The options that name a repository, before those of the sample. */
  static List<Option> options(Option... more) {
    List<Option> all = new ArrayList<>();
    all.add(Option.required(REPOSITORY, "DIR", "the directory that holds the repository"));
    all.add(Option.required(PASSWORD_FILE, "FILE", "the file that holds its password"));
    all.addAll(List.of(more));
    return all;
  }

  static Path directory(Arguments arguments) throws UsageException {
    return arguments.requiredPath(REPOSITORY);
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
    BackupTarget target = LocalTarget.at(directory(arguments));
    return new RepositoryAccess(target, BackupRepository.open(target, passwords, options));
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
    BackupTarget target = LocalTarget.at(directory(arguments));
    return new RepositoryAccess(target, BackupRepository.create(target, passwords, options));
  }

  @Override
  public void close() throws IOException {
    repository.close();
    target.close();
  }
}
