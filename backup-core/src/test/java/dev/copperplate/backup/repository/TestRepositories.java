package dev.copperplate.backup.repository;

import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.repository.chunk.Polynomial;
import dev.copperplate.backup.repository.crypto.KeyDerivation;
import dev.copperplate.backup.repository.lock.LockTimes;
import dev.copperplate.backup.repository.storage.Retention;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.InstantSource;

/** Repositories for tests, whose key costs next to nothing to open; stock restic takes them too. */
public final class TestRepositories {

  /** The password of all of them. */
  public static final String PASSWORD = "correct horse";

  public static final Passwords PASSWORDS = Passwords.of(PASSWORD::toCharArray);

  private static final LockTimes WITHOUT_RIVALS =
      new LockTimes(Duration.ZERO, LockTimes.DEFAULT.renewal());

  private static final KeyDerivation CHEAP = new KeyDerivation(2, 1, 1);

  private TestRepositories() {}

  public static BackupRepository create(Path directory) throws IOException {
    return create(LocalTarget.at(directory), RepositoryOptions.DEFAULT);
  }

  public static BackupRepository create(BackupTarget target, RepositoryOptions options)
      throws IOException {
    new RepositoryKeys(target)
        .create(PASSWORDS, CHEAP, InstantSource.system(), Polynomial.random(new SecureRandom()));
    return BackupRepository.open(target, PASSWORDS, options);
  }

  /** One that cuts files as another does. */
  public static BackupRepository createReplica(BackupRepository of, BackupTarget target)
      throws IOException {
    new RepositoryKeys(target).create(PASSWORDS, CHEAP, InstantSource.system(), of.polynomial());
    return BackupRepository.open(target, PASSWORDS, RepositoryOptions.DEFAULT);
  }

  /** One that keeps the options' retention from the beginning, and whose locks do not settle. */
  public static BackupRepository createWithoutRivals(BackupTarget target, RepositoryOptions options)
      throws IOException {
    new RepositoryKeys(target)
        .create(
            PASSWORDS,
            CHEAP,
            options.clock(),
            Polynomial.random(new SecureRandom()),
            Retention.of(options.clock().instant(), options.retainFor(), options.clock()));
    return openWithoutRivals(target, options);
  }

  /** For many operations: locks do not settle, which a store that lists at once does not need. */
  public static BackupRepository openWithoutRivals(BackupTarget target, RepositoryOptions options)
      throws IOException {
    return BackupRepository.open(target, PASSWORDS, options, WITHOUT_RIVALS);
  }

  public static BackupRepository open(Path directory) throws IOException {
    return BackupRepository.open(LocalTarget.at(directory), PASSWORDS);
  }

  public static BackupRepository open(BackupTarget target) throws IOException {
    return BackupRepository.open(target, PASSWORDS);
  }
}
