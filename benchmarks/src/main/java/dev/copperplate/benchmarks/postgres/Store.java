package dev.copperplate.benchmarks.postgres;

import dev.copperplate.backup.BackupSource;
import dev.copperplate.backup.BackupTarget;
import dev.copperplate.backup.RestoreReport;
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
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Encrypted repositories in directories, with all defaults, that stay open as those of a service.
 */
final class Store implements Closeable {

  private final Passwords passwords;
  private final Map<String, BackupRepository> opened = new HashMap<>();
  private final List<BackupTarget> targets = new ArrayList<>();

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

  private String backUp(String directory, BackupSource source)
      throws IOException, InterruptedException {
    BackupReport report = open(directory).backup(source);
    if (report.snapshot().state() != SnapshotState.COMPLETE) {
      throw new IOException("The snapshot is not complete: " + report.findings());
    }
    return "of " + report.snapshot().bytes() + " bytes stored " + report.bytesStored();
  }

  /** Out of the newest snapshot, under another name in the same schema. */
  String restoreTable(
      String directory, String url, String user, String schema, String name, String newName)
      throws IOException, InterruptedException {
    BackupRepository repository = open(directory);
    RestoreReport report =
        repository.restore(
            repository.list(SnapshotFilter.ALL).get(0),
            PostgresTableRestorer.into(server(url, user)).table(schema, name).as(schema, newName));
    return "rows " + report.facts().get("rows");
  }

  private static PostgresServer server(String url, String user) {
    return PostgresServer.at(url).user(user);
  }

  /** Stays open; makes the repository where there is none. */
  BackupRepository open(String directory) throws IOException {
    BackupRepository known = opened.get(directory);
    if (known != null) {
      return known;
    }
    Path place = Path.of(directory);
    BackupTarget target = LocalTarget.at(place);
    targets.add(target);
    BackupRepository repository =
        Files.exists(place)
            ? BackupRepository.open(target, passwords)
            : BackupRepository.create(target, passwords, RepositoryOptions.DEFAULT);
    opened.put(directory, repository);
    return repository;
  }

  /** Closes one that is open. */
  void forget(String directory) throws IOException {
    BackupRepository repository = opened.remove(directory);
    if (repository != null) {
      repository.close();
    }
  }

  @Override
  public void close() throws IOException {
    for (String each : List.copyOf(opened.keySet())) {
      forget(each);
    }
    for (BackupTarget each : targets) {
      each.close();
    }
  }
}
