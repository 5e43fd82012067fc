package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;

/** Looks whether what is stored is as it was written. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class Check {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final Run run;

  Check(OpenRepository repository, RepositoryOptions options, Run run) {
    this.repository = repository;
    this.options = options;
    this.run = run;
  }

  CheckReport check(CheckOptions how) throws IOException, InterruptedException {
    throw new UnsupportedOperationException();
  }
}
