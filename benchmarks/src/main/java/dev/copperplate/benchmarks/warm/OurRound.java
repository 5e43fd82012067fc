package dev.copperplate.benchmarks.warm;

import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.files.FilesRestorer;
import dev.copperplate.backup.files.FilesSource;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.CheckOptions;
import dev.copperplate.backup.repository.CheckReport;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** A round by this library, with all defaults, in this JVM. */
final class OurRound implements Contender {

  private final Template template;
  private final Path source;
  private final Path directory;
  private @Nullable BackupRepository opened;
  private @Nullable Snapshot snapshot;

  /**
   * @param directory an existing one, for the repository and what is restored
   */
  OurRound(Template template, Path source, Path directory) throws IOException {
    this.template = template;
    this.source = source;
    this.directory = directory;
    template.copy(repository());
  }

  @Override
  public void run(Step step) throws IOException, InterruptedException {
    switch (step) {
      case OPEN -> opened = template.open(repository());
      case BACKUP, UNCHANGED -> backup();
      case RESTORE -> restore();
      case CHECK -> check();
    }
  }

  private void backup() throws IOException, InterruptedException {
    BackupReport report = Objects.requireNonNull(opened).backup(FilesSource.of(source));
    snapshot = report.snapshot();
    if (report.snapshot().state() != SnapshotState.COMPLETE) {
      throw new IOException("The backup is not complete: " + report.findings());
    }
  }

  private void restore() throws IOException, InterruptedException {
    RestoreReport report =
        Objects.requireNonNull(opened)
            .restore(
                Objects.requireNonNull(snapshot), FilesRestorer.to(directory.resolve("restored")));
    if (!report.complete()) {
      throw new IOException("The restore is not complete: " + report.findings());
    }
  }

  private void check() throws IOException, InterruptedException {
    CheckReport report = Objects.requireNonNull(opened).check(new CheckOptions.Data());
    if (!report.sound()) {
      throw new IOException("The repository is not sound: " + report.findings());
    }
  }

  private Path repository() {
    return directory.resolve("repository");
  }

  @Override
  public void close() throws IOException {
    if (opened != null) {
      opened.close();
    }
  }
}
