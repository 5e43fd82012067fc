package dev.copperplate.samples;

import dev.copperplate.backup.BackupException;
import dev.copperplate.backup.BackupException.Kind;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Finding;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.CheckOptions;
import dev.copperplate.backup.repository.CheckReport;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** Checks a repository. That it does not open is a finding, too, unless there is none. */
final class RepositoryCheck {

  private static final Set<Kind> BROKEN = Set.of(Kind.DAMAGED, Kind.MISSING, Kind.WRONG_KEY);

  private RepositoryCheck() {}

  /**
   * Looks at as much as the options say.
   *
   * @throws BackupException {@code NOT_FOUND} if there is no repository
   */
  static CheckReport run(
      BackupTarget target, Passwords passwords, RepositoryOptions options, CheckOptions how)
      throws IOException, InterruptedException {
    try (BackupRepository repository = BackupRepository.open(target, passwords, options)) {
      return repository.check(how);
    } catch (BackupException failure) {
      if (!BROKEN.contains(failure.kind())) {
        throw failure;
      }
      Finding closed =
          Finding.error(target.description(), String.valueOf(failure.getMessage()), "");
      return new CheckReport(List.of(closed), 0, 0, 0, 0);
    }
  }
}
