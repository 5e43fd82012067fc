package dev.copperplate.backup.repository;

import dev.copperplate.backup.RetentionPolicy;
import dev.copperplate.backup.SnapshotFilter;
import java.io.IOException;
import java.util.Set;

/** Makes plans: what a policy says, and what protects snapshots all the same. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class RetentionPlanning {

  private final OpenRepository repository;
  private final RepositoryOptions options;

  RetentionPlanning(OpenRepository repository, RepositoryOptions options) {
    this.repository = repository;
    this.options = options;
  }

  RetentionPlan plan(SnapshotFilter filter, RetentionPolicy policy, Set<RetentionQuestion> answered)
      throws IOException {
    throw new UnsupportedOperationException();
  }
}
