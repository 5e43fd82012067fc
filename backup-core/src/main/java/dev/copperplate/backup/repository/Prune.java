package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;

/** Frees what no snapshot needs. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class Prune {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final Run run;

  Prune(OpenRepository repository, RepositoryOptions options, Run run) {
    this.repository = repository;
    this.options = options;
    this.run = run;
  }

  PruneReport prune(PruneOptions how) throws IOException, InterruptedException {
    throw new UnsupportedOperationException();
  }
}
