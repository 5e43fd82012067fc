package dev.copperplate.backup.repository;

import dev.copperplate.backup.Finding;
import dev.copperplate.backup.RunId;
import java.io.IOException;
import java.time.Instant;
import java.util.List;

/** What went wrong while snapshots were made, beside the repository. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class RunFindings {

  private final OpenRepository repository;

  RunFindings(OpenRepository repository) {
    this.repository = repository;
  }

  /** The findings of a run. */
  List<Finding> of(RunId run) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Keeps the findings of a run, if any is worse than informative. */
  void write(RunId run, Instant time, List<Finding> findings) throws IOException {
    throw new UnsupportedOperationException();
  }
}
