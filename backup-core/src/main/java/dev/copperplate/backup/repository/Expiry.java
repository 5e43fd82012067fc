package dev.copperplate.backup.repository;

import dev.copperplate.backup.repository.run.Run;
import java.io.IOException;
import java.util.List;

/** Removes the snapshots of a plan. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class Expiry {

  private final OpenRepository repository;
  private final RepositoryOptions options;
  private final Run run;

  Expiry(OpenRepository repository, RepositoryOptions options, Run run) {
    this.repository = repository;
    this.options = options;
    this.run = run;
  }

  ExpireReport expire(RetentionPlan plan, List<Approval> given)
      throws IOException, InterruptedException {
    throw new UnsupportedOperationException();
  }
}
