package dev.copperplate.samples;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.Verification;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import dev.copperplate.backup.verify.Verifiers;
import java.io.IOException;
import java.nio.file.Path;

/** The lines that the README shows. No program: a test runs them. */
final class FirstBackup {

  private FirstBackup() {}

  /** Makes a repository, backs a directory up, looks whether that can be relied on, restores it. */
  static Verification make(Path backups, Path passwordFile, Path documents, Path restored)
      throws IOException, InterruptedException {
    // @start region="readme"
    Passwords passwords = Passwords.file(passwordFile);
    try (BackupTarget target = LocalTarget.at(backups);
        // The first time; later BackupRepository.open(target, passwords)
        BackupRepository repository =
            BackupRepository.create(target, passwords, RepositoryOptions.DEFAULT)) {
      Snapshot snapshot = repository.backup(FilesSource.of(documents)).snapshot();
      Verification proof = repository.verify(snapshot, Verifiers.checksums());
      repository.restore(snapshot, FilesRestorer.to(restored));
      return proof; // proof.passed(): every byte was read, authenticated and hashed
    }
    // @end
  }
}
