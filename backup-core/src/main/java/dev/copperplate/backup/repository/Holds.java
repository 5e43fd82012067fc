package dev.copperplate.backup.repository;

import dev.copperplate.backup.RunId;
import dev.copperplate.backup.Snapshot;
import java.io.IOException;
import java.util.List;
import java.util.Map;

/** Who wants which snapshots kept, beside the repository. */
@SuppressWarnings({"UnusedVariable", "DoNotCallSuggester"})
final class Holds {

  private final OpenRepository repository;
  private final RepositoryOptions options;

  Holds(OpenRepository repository, RepositoryOptions options) {
    this.repository = repository;
    this.options = options;
  }

  /** Holds a snapshot. */
  void hold(Snapshot snapshot, String reason) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** Ends all holds of a snapshot. */
  void release(Snapshot snapshot, List<Approval> given) throws IOException {
    throw new UnsupportedOperationException();
  }

  /** The reasons for which runs are held now. */
  Map<RunId, List<String>> reasons() throws IOException {
    throw new UnsupportedOperationException();
  }
}
