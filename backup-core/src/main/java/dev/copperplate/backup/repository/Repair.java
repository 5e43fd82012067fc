package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;

/** Makes whole again what is damaged. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class Repair {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final Run run;

  Repair(OpenRepository repository, RepositoryOptions options, Run run) {
    this.repository = repository;
    this.options = options;
    this.run = run;
  }

  RepairReport repair(RepairOptions how) throws IOException, InterruptedException {
    throw new UnsupportedOperationException();
  }
}
