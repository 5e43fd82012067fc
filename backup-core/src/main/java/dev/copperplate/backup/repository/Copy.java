package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;

/** Copies snapshots into another repository. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class Copy {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final OpenRepository replica;
  private final RepositoryOptions replicaOptions;
  private final Run run;

  Copy(
      OpenRepository repository,
      RepositoryOptions options,
      OpenRepository replica,
      RepositoryOptions replicaOptions,
      Run run) {
    this.repository = repository;
    this.options = options;
    this.replica = replica;
    this.replicaOptions = replicaOptions;
    this.run = run;
  }

  CopyReport copy(CopyOptions how) throws IOException, InterruptedException {
    throw new UnsupportedOperationException();
  }
}
