package dev.copperplate.benchmarks.postgres;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.RestoreReport;
import dev.copperplate.backup.Snapshot;
import dev.copperplate.backup.SnapshotFilter;
import dev.copperplate.backup.SnapshotState;
import dev.copperplate.backup.postgres.PostgresLogicalSource;
import dev.copperplate.backup.postgres.PostgresPhysicalSource;
import dev.copperplate.backup.postgres.PostgresServer;
import dev.copperplate.backup.postgres.PostgresTableRestorer;
import dev.copperplate.backup.repository.BackupReport;
import dev.copperplate.backup.repository.BackupRepository;
import dev.copperplate.backup.repository.Passwords;
import dev.copperplate.backup.repository.RepositoryOptions;
import dev.copperplate.backup.target.LocalTarget;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Encrypted repositories in directories, opened for each thing that is done, with all defaults. */
final class Store {

  private final Passwords passwords;

  Store(Path passwordFile) {
    passwords = Passwords.file(passwordFile);
  }

  /** A base backup that stands alone. */
  String backUpBase(String directory, String url, String user)
      throws IOException, InterruptedException {
    return backUp(directory, PostgresPhysicalSource.of("bench", server(url, user)));
  }

  /** A logical snapshot. */
  String dump(String directory, String url, String user) throws IOException, InterruptedException {
    return backUp(directory, PostgresLogicalSource.of("bench", server(url, user)));
  }

  /** Makes the repository where there is none. */
  private String backUp(String directory, BackupSource source)
      throws IOException, InterruptedException {
    Path place = Path.of(directory);
    try (BackupTarget target = LocalTarget.at(place);
        BackupRepository repository = Files.exists(place) ? open(target) : create(target)) {
      BackupReport report = repository.backup(source);
      if (report.snapshot().state() != SnapshotState.COMPLETE) {
        throw new IOException("The snapshot is not complete: " + report.findings());
      }
      return "of " + report.snapshot().bytes() + " bytes stored " + report.bytesStored();
    }
  }

  /** Out of the newest snapshot, under another name in the same schema. */
  String restoreTable(
      String directory, String url, String user, String schema, String name, String newName)
      throws IOException, InterruptedException {
    try (BackupTarget target = LocalTarget.at(Path.of(directory));
        BackupRepository repository = open(target)) {
      List<Snapshot> snapshots = repository.list(SnapshotFilter.ALL);
      RestoreReport report =
          repository.restore(
              snapshots.get(0),
              PostgresTableRestorer.into(server(url, user))
                  .table(schema, name)
                  .as(schema, newName));
      return "rows " + report.facts().get("rows");
    }
  }

  private static PostgresServer server(String url, String user) {
    return PostgresServer.at(url).user(user);
  }

  private BackupRepository open(BackupTarget target) throws IOException {
    return BackupRepository.open(target, passwords);
  }

  private BackupRepository create(BackupTarget target) throws IOException {
    return BackupRepository.create(target, passwords, RepositoryOptions.DEFAULT);
  }
}
