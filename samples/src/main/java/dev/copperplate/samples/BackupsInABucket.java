package dev.copperplate.samples;

import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.s3.PreflightReport;
import dev.copperplate.backup.s3.S3Preflight;
import dev.copperplate.backup.s3.S3Target;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import software.amazon.awssdk.services.s3.S3Client;

/** The lines that the README shows. No program: a test runs them. */
final class BackupsInABucket {

  private BackupsInABucket() {}

  /** Backs up into a bucket with Object Lock. */
  static Snapshot make(S3Client s3, Passwords passwords, Path documents)
      throws IOException, InterruptedException {
    // @start region="readme"
    S3Target target = S3Target.of(s3, "orders-backup"); // The service's own client
    PreflightReport place = S3Preflight.of(target).run();
    if (!place.passed()) {
      throw new IllegalStateException("No place for backups: " + place.findings());
    }
    RepositoryOptions options = RepositoryOptions.DEFAULT.retainFor(Duration.ofDays(30));
    try (BackupRepository repository = BackupRepository.create(target, passwords, options)) {
      // For 30 days nobody can delete what this snapshot needs
      return repository.backup(FilesSource.of(documents)).snapshot();
    }
    // @end
  }
}
